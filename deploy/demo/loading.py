"""Publishing large feeds: the register and the history, as the upstream systems would."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from aiokafka import AIOKafkaProducer

from deploy.demo.register import Dossier
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing
from shared.bus.topic import Topic
from shared.bus.topics import (
    REGISTER_APPLICATIONS,
    REGISTER_DECISIONS,
    REGISTER_NOTICES,
    REGISTER_PAYMENTS,
    REGISTER_PERSONS,
    REGISTER_STATUS,
)
from shared.contracts.register import Kind, RegisterRecord
from shared.ids import event_id

TOPIC_OF: Final[Mapping[Kind, Topic]] = {
    "person": REGISTER_PERSONS,
    "application": REGISTER_APPLICATIONS,
    "decision": REGISTER_DECISIONS,
    "payment": REGISTER_PAYMENTS,
    "insurance": REGISTER_STATUS,
    "recovery": REGISTER_STATUS,
    "medicine": REGISTER_STATUS,
    "notice": REGISTER_NOTICES,
}
REGISTER_TOPICS: Final = tuple(dict.fromkeys(TOPIC_OF.values()))
"""Each topic of the register once."""
TABLE_OF: Final[Mapping[Kind, str]] = {kind: str(kind) for kind in TOPIC_OF} | {"notice": "notice_record"}
"""Where lookup keeps each kind."""
IN_FLIGHT: Final = 2_000


def register_messages(dossiers: Iterable[Dossier], ring: KeyRing, time: datetime) -> Iterator[Outgoing]:
    """The register's records, sealed, each with an id that follows from its record and version."""
    for dossier in dossiers:
        for record in dossier.records:
            id_ = event_id("register", record.kind, record.id, str(record.version))
            sealed = ring.seal("register", record.body.model_dump_json().encode(), id=id_, type=RegisterRecord.ce_type)
            body = RegisterRecord(
                kind=record.kind,
                id=record.id,
                version=record.version,
                client=dossier.client,
                sealed=sealed,
                withdrawn=record.withdrawn,
            )
            yield Outgoing.of(TOPIC_OF[record.kind], dossier.client, id_, body, source="upstream", time=time)


def rows_of(dossiers: Iterable[Dossier]) -> int:
    """How many rows the register makes in lookup: several versions of a record are one."""
    return sum(len({record.id for record in dossier.records}) for dossier in dossiers)


async def publish_all(kafka: str, messages: Iterable[Outgoing]) -> int:
    """Publish everything, each message acknowledged; how many."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=5, max_batch_size=256 * 1024
    )
    await producer.start()
    sent = 0
    try:
        waiting: list[asyncio.Future[object]] = []
        for message in messages:
            headers = [(name, value.encode()) for name, value in message.headers().items()]
            waiting.append(await producer.send(message.topic, message.body, key=message.key, headers=headers))
            sent += 1
            if len(waiting) >= IN_FLIGHT:
                await asyncio.gather(*waiting)
                waiting.clear()
        await asyncio.gather(*waiting)
    finally:
        await producer.stop()
    return sent
