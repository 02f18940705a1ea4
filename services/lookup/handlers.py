"""What enters the read model: one function a message type, decode → store. Look-ups are in `lookups.py`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from typing import Final, TypeAlias, TypeVar

from pydantic import ValidationError

from services.lookup.store import ClaimStored, RecordRow, upsert_claims, upsert_records
from shared.bus.messages import Delivered
from shared.bus.sealing import KeyRing, Unsealable
from shared.bus.topics import REGISTER_APPLICATIONS, REGISTER_DECISIONS, REGISTER_PAYMENTS, REGISTER_PERSONS
from shared.bus.transaction import Handle, Refuse, Tx, route
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimPersonal, ClaimRegistered
from shared.contracts.register import Application, Decision, Kind, Payment, Person, RegisterRecord
from shared.contracts.requests import ClaimRow
from shared.finnish.benefits import benefits

C = TypeVar("C", bound=Contract)
Handlers: TypeAlias = dict[type[C], Callable[[Tx, Sequence[Delivered[C]]], Awaitable[None]]]

CONTENT: Final[Mapping[Kind, type[Person | Application | Decision | Payment]]] = {
    "person": Person,
    "application": Application,
    "decision": Decision,
    "payment": Payment,
}
TOPIC_OF: Final[Mapping[Kind, str]] = {
    "person": REGISTER_PERSONS.name,
    "application": REGISTER_APPLICATIONS.name,
    "decision": REGISTER_DECISIONS.name,
    "payment": REGISTER_PAYMENTS.name,
}


def register_handler(ring: KeyRing) -> Handle:
    """Takes register records into the read model, in batches of one kind."""

    async def on_records(tx: Tx, batch: Sequence[Delivered[RegisterRecord]]) -> None:
        for kind, same in groupby(batch, key=lambda message: message.body.kind):
            await upsert_records(tx, kind, [read_record(ring, message) for message in same])

    handlers: Handlers[RegisterRecord] = {RegisterRecord: on_records}
    return route(handlers)


def read_record(ring: KeyRing, message: Delivered[RegisterRecord]) -> RecordRow:
    """Open and check one register record.

    Raises:
        Refuse: it does not open, breaks its schema, stands on another kind's topic or names an unknown benefit.
    """
    record = message.body
    if message.record.topic != TOPIC_OF[record.kind]:
        raise Refuse("topic", f"a record of kind {record.kind} does not belong on {message.record.topic}")
    plain = _open(ring, record.sealed, message)
    try:
        content = CONTENT[record.kind].model_validate_json(plain)
    except ValidationError as error:
        raise Refuse("schema", f"the sealed record breaks its schema at: {_fields(error)}") from error
    if not isinstance(content, Person) and content.benefit not in benefits():
        raise Refuse("benefit", "the record names a benefit that this release does not know")
    return RecordRow(record.id, record.version, record.client, plain.decode())


def claims_handler(ring: KeyRing) -> Handle:
    """Takes registered claims in, so that an organisation sees its own on the person page."""

    async def on_registered(tx: Tx, batch: Sequence[Delivered[ClaimRegistered]]) -> None:
        await upsert_claims(tx, [read_claim(ring, message) for message in batch])

    handlers: Handlers[ClaimRegistered] = {ClaimRegistered: on_registered}
    return route(handlers)


def read_claim(ring: KeyRing, message: Delivered[ClaimRegistered]) -> ClaimStored:
    """Open one claim; what names a person in it is not kept.

    Raises:
        Refuse: it does not open or breaks its schema.
    """
    claim = message.body
    try:
        personal = ClaimPersonal.model_validate_json(_open(ring, claim.personal, message))
    except ValidationError as error:
        raise Refuse("schema", f"the sealed claim breaks its schema at: {_fields(error)}") from error
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


def _open(ring: KeyRing, sealed: str, message: Delivered[Contract]) -> bytes:
    try:
        return ring.open(sealed, id=message.id, type=message.type)
    except Unsealable as error:
        raise Refuse("unsealable", str(error)) from error


def _fields(error: ValidationError) -> str:
    fields = {".".join(map(str, fault["loc"])) or "body" for fault in error.errors(include_input=False)}
    return ", ".join(sorted(fields))[:400]
