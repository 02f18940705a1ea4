"""What enters the read model: one function a message type, decode → store. Questions go to `answering.py`."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from pydantic import ValidationError

from services.lookup.domain.records import CONTENT, check, fault_of
from services.lookup.store.notices import arrived
from services.lookup.store.register import ClaimStored, RecordRow, upsert_claims, upsert_notices, upsert_records
from shared.bus.messages import Delivered, faulty_fields
from shared.bus.sealing import KeyRing, Unsealable
from shared.bus.topic import Topic
from shared.bus.topics import CLAIMS_EVENTS, REGISTER_PERSONS
from shared.bus.transaction import Handle, Refuse, Tx
from shared.clock.civil import helsinki_date
from shared.contracts.answers import ClaimRow
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimChanged, ClaimPersonal, ClaimRegistered
from shared.contracts.register import Kind, RegisterRecord
from shared.database.engine import Ahead

Claimed = ClaimRegistered | ClaimChanged
"""What tells of a claim as it stands. What else is on the topic, allocations and refusals, passes by."""

WRITTEN_TOGETHER: Final = 500
"""Records of a batch that go to the database at once; measured: fewer cost round trips, more leave it idle."""


def register_handler(ring: KeyRing) -> Handle:
    """Takes register records into the read model; while some are written, the next are opened and checked."""

    async def on_records(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        # The row of each register topic lists the same payloads.
        records = [cast("Delivered[RegisterRecord]", message) for message in _listed(REGISTER_PERSONS, batch)]
        async with Ahead[None]() as ahead:
            for start in range(0, len(records), WRITTEN_TOGETHER):
                await ahead.begin(_take(tx, _by_kind(ring, records[start : start + WRITTEN_TOGETHER])))

    return on_records


def _by_kind(ring: KeyRing, records: Sequence[Delivered[RegisterRecord]]) -> Mapping[Kind, list[RecordRow]]:
    """Records opened and checked, kind by kind: between kinds the order does not matter."""
    rows: dict[Kind, list[RecordRow]] = {}
    for message in records:
        rows.setdefault(message.body.kind, []).append(read_record(ring, message))
    return rows


async def _take(tx: Tx, by_kind: Mapping[Kind, Sequence[RecordRow]]) -> None:
    for kind, rows in by_kind.items():
        if kind == "notice":
            await arrived(tx, await upsert_notices(tx, rows))
        else:
            await upsert_records(tx, kind, rows)


def read_record(ring: KeyRing, message: Delivered[RegisterRecord]) -> RecordRow:
    """Open and check one register record.

    Raises:
        Refuse: it does not open, breaks its schema or fails the checks of `domain/records.py`.
    """
    record = message.body
    plain = _open(ring, record.sealed, message)
    try:
        content = CONTENT[record.kind].model_validate_json(plain)
    except ValidationError as error:
        fault = fault_of(error)
        raise Refuse(fault.code, fault.reason) from None
    # A withdrawn record is shown to nobody: refusing it for its content would leave the error it withdraws in view.
    unfit = None if record.withdrawn else check(content, helsinki_date(message.time))
    if unfit is not None:
        raise Refuse(unfit.code, unfit.reason)
    return RecordRow(record.id, record.version, record.client, plain.decode(), record.withdrawn)


def claims_handler(ring: KeyRing) -> Handle:
    """Takes claims in, every version of them, so that an organisation sees where its own stand on the person page."""

    async def on_claims(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        told = [message for message in _listed(CLAIMS_EVENTS, batch) if isinstance(message.body, Claimed)]
        await upsert_claims(tx, [read_claim(ring, cast("Delivered[Claimed]", message)) for message in told])

    return on_claims


def read_claim(ring: KeyRing, message: Delivered[Claimed]) -> ClaimStored:
    """Open one claim, registered or changed; what names a person in it is not kept.

    Raises:
        Refuse: it does not open or breaks its schema.
    """
    claim = message.body
    try:
        personal = ClaimPersonal.model_validate_json(_open(ring, claim.personal, message))
    except ValidationError as error:
        where = faulty_fields(ClaimPersonal, error)
        raise Refuse("schema", f"the sealed claim breaks its schema at: {where}") from None
    row = ClaimRow(
        number=claim.number,
        benefit=personal.benefit,
        ground=personal.ground.value,
        state=claim.state.value,
        first=personal.first,
        last=personal.last,
        effective_payday=personal.effective_payday,
    )
    return ClaimStored(claim.claim, claim.version, claim.client, claim.organisation, row)


def _listed(topic: Topic, batch: Sequence[Delivered[Contract]]) -> Sequence[Delivered[Contract]]:
    """The batch, when the topic's row in the table lists everything in it."""
    for message in batch:
        if type(message.body) not in topic.payloads:
            raise Refuse("unknown_type", f"{message.type} does not belong on this topic")
    return batch


def _open(ring: KeyRing, sealed: str, message: Delivered[Contract]) -> bytes:
    try:
        return ring.open(sealed, id=message.id, type=message.type)
    except Unsealable as error:
        raise Refuse("unsealable", str(error)) from error
