"""Requests given to the service by the real consumer's batch: positions, inbox, quarantine and brake included."""

from sqlalchemy import text

from services.agreements import store
from shared.bus import offsets
from shared.bus.batch import Batch, apply_batch
from shared.bus.brake import Brake
from shared.bus.messages import Decode, Outgoing, Record, decode
from shared.clock.system import system_now
from shared.contracts.answers import ChangesRefused, Failed, Refused
from shared.database.errors import classify
from tests.integration.agreements.office import LOG, Office


def on_topic(message: Outgoing, offset: int = 0) -> Record:
    """The message as Kafka hands it out."""
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    return Record(message.topic, 0, offset, message.key, message.body, headers, int(system_now().timestamp() * 1000))


async def feed(
    office: Office, *messages: Outgoing, decode: Decode = decode, position: int = 0
) -> tuple[str, list[str]]:
    """Work on the messages; return what came of it.

    Args:
        office: Who asks, and the handlers.
        messages: The requests, in order.
        decode: How records are read.
        position: Where the consumer believes to be.

    Returns:
        "waits" with the reason, when the consumer tries again; "set aside" with the codes of the quarantine; else
        "answered" with the code of each answer, "done" where something was done.
    """
    place = (messages[0].topic, 0)
    async with office.engine.begin() as conn:
        await offsets.begin(conn, store.SERVICE, {place: 0})
    batch = Batch(store.SERVICE, office.engine, office.handlers().on_requests, decode, None)
    records = [on_topic(message, position + number) for number, message in enumerate(messages)]
    try:
        await apply_batch(batch, records, {place: position}, Brake(), LOG)
    except Exception as error:
        if classify(error) == "transient" or isinstance(error, offsets.Fenced):
            return "waits", [type(error).__name__]
        raise
    async with office.engine.connect() as conn:
        codes = [str(code) for code in await conn.scalars(text("select code from quarantine order by id"))]
    if codes:
        return "set aside", codes
    return "answered", [_code(office, message) for message in messages if message.id in office.answers]


def _code(office: Office, message: Outgoing) -> str:
    match office.answers[message.id]:
        case Refused(refusal=refusal):
            return refusal.code
        case Failed(code=code):
            return code
        case ChangesRefused(faults=faults):
            return faults[0].code
        case _:
            return "done"
