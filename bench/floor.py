"""The floor of event ingest: the least that any consumer must do, in one bare loop.

aiokafka `getmany`, pydantic `model_validate_json`, COPY to a temporary table, `insert … on conflict do nothing`,
commit: on the same event bodies, from the same topic, into the same PostgreSQL.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.bus.topic import Topic
from shared.bus.topics import ACCESS_EVENTS
from shared.contracts.access import AccessDecided
from shared.contracts.register import RegisterRecord

BATCH: Final = 2_000
_TEMP: Final = "create temp table incoming (like floor) on commit delete rows"


@dataclass(frozen=True, slots=True)
class Bare:
    """What a bare loop reads and keeps.

    Attributes:
        topics: What it reads, from the beginning.
        table: The columns that it keeps, the first of them the key.
        row: Validates one record's value and makes its row.
    """

    topics: Sequence[Topic]
    table: str
    row: Callable[[bytes], tuple[object, ...]]


def _access(value: bytes) -> tuple[object, ...]:
    event = AccessDecided.model_validate_json(value)
    return str(event.request), event.agreement, event.time, event.outcome.value


def _register(value: bytes) -> tuple[object, ...]:
    record = RegisterRecord.model_validate_json(value)
    return f"{record.kind}/{record.id}", record.version, record.client, record.sealed


ACCESS: Final = Bare(
    (ACCESS_EVENTS,), "event_id text primary key, agreement text, time timestamptz, outcome text", _access
)


def register(topics: Sequence[Topic]) -> Bare:
    """The bare loop over the register's feed: as sealed as it came."""
    return Bare(topics, "id text primary key, version int, client text, sealed text", _register)


async def floor_rate(kafka: str, database: str, count: int, bare: Bare = ACCESS) -> float:
    """Records per second from the first fetched batch to the last commit."""
    connection = await asyncpg.connect(database)
    await connection.execute(f"create table floor ({bare.table})")
    await connection.execute(_TEMP)
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    consumer.assign([TopicPartition(topic.name, n) for topic in bare.topics for n in range(topic.partitions)])
    try:
        done, start = 0, 0.0
        while done < count:
            fetched = await consumer.getmany(timeout_ms=100, max_records=BATCH)
            if not fetched:
                continue
            start = start or time.perf_counter()
            rows = [bare.row(record.value) for records in fetched.values() for record in records]
            async with connection.transaction():
                await connection.copy_records_to_table("incoming", records=rows)
                await connection.execute("insert into floor select * from incoming on conflict do nothing")
            done += len(rows)
        return count / (time.perf_counter() - start)
    finally:
        await consumer.stop()
        await connection.close()
