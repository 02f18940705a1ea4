"""Publishing large feeds: the register and the history, as the upstream systems would."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from aiokafka import AIOKafkaProducer

from deploy.demo.register.generator import Dossier
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing
from shared.bus.topics import (
    REGISTER_APPLICATIONS,
    REGISTER_DECISIONS,
    REGISTER_PAYMENTS,
    REGISTER_PERSONS,
)
from shared.contracts.register import RegisterRecord
from shared.ids import event_id

TOPIC_OF: Final = {
    "person": REGISTER_PERSONS,
    "application": REGISTER_APPLICATIONS,
    "decision": REGISTER_DECISIONS,
    "payment": REGISTER_PAYMENTS,
}
IN_FLIGHT: Final = 2_000


def register_messages(dossiers: Iterable[Dossier], ring: KeyRing, time: datetime) -> Iterator[Outgoing]:
    """The register's records, sealed, each with an id that follows from its record and version."""
    for dossier in dossiers:
        for record in dossier.records:
            id_ = event_id("register", record.kind, record.id, str(record.version))
            sealed = ring.seal("register", record.body.model_dump_json().encode(), id=id_, type=RegisterRecord.ce_type)
            body = RegisterRecord(
                kind=record.kind, id=record.id, version=record.version, client=dossier.client, sealed=sealed
            )
            yield Outgoing.of(TOPIC_OF[record.kind], dossier.client, id_, body, source="upstream", time=time)


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
