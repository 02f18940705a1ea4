"""Records of the agreements service as the pages need them: read as contracts, and changed by one command."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from services.gateway.inquiring import Asker
from services.gateway.parts import Parts
from shared.contracts.agreements import AgreementChanged, AgreementPath, MandateChanged, UserChanged
from shared.contracts.answers import ChangesDone, ChangesRefused, RecordVersion, Refused
from shared.contracts.asking import ChangeRecords, RecordChange, RecordsQuery
from shared.contracts.base import Contract

R = TypeVar("R", bound=Contract)
_KINDS: Final[Mapping[type[Contract], str]] = {
    AgreementChanged: "agreement",
    AgreementPath: "path",
    MandateChanged: "mandate",
    UserChanged: "user",
}
MOST_PAGES: Final = 10
"""Pages of records that one page of ours shows at most: some ten thousand mandates."""


@dataclass(frozen=True, slots=True)
class Found(Generic[R]):
    """Records with their history."""

    records: tuple[R, ...]
    versions: tuple[RecordVersion, ...]
    """The same, each with who, when and why."""
    more: bool = False
    """Whether there are more than these."""


async def found(
    parts: Parts,
    asker: Asker,
    kind: type[R],
    *,
    record: str | None = None,
    known: date | None = None,
    valid: date | None = None,
) -> Found[R] | Refused:
    """Records as known on one day and valid on another, or every version of one record.

    Raises:
        Problem: There is no answer.
    """
    rows: list[RecordVersion] = []
    after: str | None = None
    for _ in range(MOST_PAGES):
        query = RecordsQuery(record_kind=_KINDS[kind], record=record, known=known, valid=valid, after=after)
        answer = await parts.desk.records(asker, query)
        if isinstance(answer, Refused):
            return answer
        rows += answer.rows
        after = answer.next
        if after is None:
            break
    return Found(tuple(kind.model_validate_json(one.body) for one in rows), tuple(rows), after is not None)


async def change(
    parts: Parts, asker: Asker, key: str, reason: str, *records: Contract
) -> ChangesDone | ChangesRefused | Refused:
    """Change records: all of them or none. With the same key nothing happens twice.

    Raises:
        Problem: There is no answer.
    """
    changes = tuple(RecordChange(kind=_KINDS[type(one)], body=one.model_dump_json()) for one in records)
    command = ChangeRecords(idempotency_key=key, changes=changes, reason=reason)
    return await parts.desk.change_records(asker, command)
