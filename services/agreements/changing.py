"""A command to change records: read what was sent, judge it, store all of it or nothing, and remember the answer."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.agreements import store
from services.agreements.asking import Asker
from services.agreements.domain.authors import Author
from services.agreements.domain.changes import judge_all
from services.agreements.domain.plain import plain, texts
from services.agreements.domain.records import KINDS, Record, read_record
from services.agreements.domain.refusals import ChangeRefused
from services.agreements.domain.scope import beyond
from services.agreements.domain.wording import KEY_REUSED, PERSONAL
from services.agreements.domain.words import Value, told
from services.agreements.store.commands import CommandAnswer
from shared.bus.requests import Request
from shared.clock.civil import helsinki_date
from shared.contracts.answers import ChangeFault, ChangesDone, ChangesRefused, Refused
from shared.contracts.asking import ChangeRecords, RecordChange
from shared.finnish.identity_code import contains_identity_code

_SHOWN_FAULTS: Final = 100
"""More than anybody corrects at a time; the answer stays small."""


async def change(
    conn: AsyncConnection, request: Request, asker: Asker, sent: ChangeRecords, content: bytes
) -> CommandAnswer | Refused:
    """Give a command effect, or answer it as before when it was sent before; under the service's lock.

    Args:
        conn: The transaction.
        request: The request; its acceptance is when the changes are known.
        asker: Who asks; the gate has let them.
        sent: The command.
        content: Digest of it.
    """
    records, faults = _read(sent)
    if _is_personal(sent, records, faults):
        return Refused(refusal=PERSONAL)
    known = await store.command(conn, asker.organisation, sent.idempotency_key)
    if known is not None:
        return known.answer if known.content == content else Refused(refusal=KEY_REUSED)
    answer = (
        ChangesRefused(faults=tuple(faults[:_SHOWN_FAULTS]))
        if faults
        else await _answer(conn, asker, records, store.Change(asker.worker, sent.reason, request.accepted))
    )
    await store.keep_command(
        conn,
        asker.organisation,
        sent.idempotency_key,
        store.Command(request.id, content, answer),
        request.accepted,
    )
    return answer


async def _answer(
    conn: AsyncConnection, asker: Asker, records: Sequence[Record], change: store.Change
) -> CommandAnswer:
    state = await store.load_state(conn)
    refused = [fault for record in records if (fault := beyond(asker.scope, state, record)) is not None]
    if refused:
        return _refused(refused)
    outcome = judge_all(state, records, Author(asker.worker), today=helsinki_date(change.at))
    if outcome.refused:
        return _refused(outcome.refused)
    await store.append(conn, outcome.accepted, change)
    return ChangesDone(changed=len(outcome.accepted), unchanged=outcome.unchanged)


def _is_personal(sent: ChangeRecords, records: Iterable[Record], faults: Iterable[ChangeFault]) -> bool:
    """Whether an identity code stands anywhere in it: it would be published to everybody (invariant 5).

    What counts is what would be kept, so the records are looked at as they were read: JSON may write one character in
    many ways. What was sent is looked at too, and the faults, which name fields.
    """
    written = (sent.idempotency_key, sent.reason, *(one.body for one in sent.changes))
    kept = (text for record in (*records, *faults) for text in texts(record.model_dump(mode="json")))
    return any(contains_identity_code(plain(text)) for text in (*written, *kept))


def _read(sent: ChangeRecords) -> tuple[list[Record], list[ChangeFault]]:
    read = list(_each(sent.changes))
    records = [one for one in read if not isinstance(one, ChangeFault)]
    faults = [one for one in read if isinstance(one, ChangeFault)]
    if "\0" in sent.reason or not sent.reason.strip():
        faults.append(_fault("reason", "record.reason"))
    return records, faults


def _each(changes: Sequence[RecordChange]) -> Iterator[Record | ChangeFault]:
    for number, one in enumerate(changes, start=1):
        name = f"{one.kind if one.kind in KINDS else 'record'} number {number}"
        if one.kind not in KINDS:
            yield _fault(name, "record.kind", kinds=", ".join(KINDS))
        elif r"\u0000" in one.body or "\0" in one.body:  # PostgreSQL keeps no NUL in text
            yield _fault(name, "record.nul")
        else:
            yield _body(name, one)


def _body(name: str, one: RecordChange) -> Record | ChangeFault:
    try:
        return read_record(one.kind, one.body)
    except ValidationError as error:
        fields = sorted({".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)})
        return _fault(name, "record.schema", kind=one.kind, fields=", ".join(fields)[:300])


def _fault(name: str, code: str, **values: Value) -> ChangeFault:
    words = told(code, values)
    return ChangeFault(record=name, code=code, reason=words.reason, advice=words.advice)


def _refused(refusals: Sequence[ChangeRefused]) -> ChangesRefused:
    return ChangesRefused(
        faults=tuple(
            ChangeFault(
                record=f"{one.record} version {one.version}", code=one.code, reason=one.reason, advice=one.advice
            )
            for one in refusals[:_SHOWN_FAULTS]
        )
    )
