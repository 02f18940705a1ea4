"""The floor of event ingest: the least that any consumer must do, in one bare loop.

aiokafka `getmany`, pydantic `model_validate_json`, COPY to a temporary table, `insert … on conflict do nothing`,
commit: on the same event bodies, from the same topic, into the same PostgreSQL.
"""

import time
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.bus.topics import ACCESS_EVENTS
from shared.contracts.access import AccessDecided

BATCH: Final = 2_000
_TABLE: Final = "create table floor (event_id text primary key, agreement text, time timestamptz, outcome text)"
_TEMP: Final = "create temp table incoming (like floor) on commit delete rows"


async def floor_rate(kafka: str, database: str, count: int) -> float:
    """Events per second from the first fetched batch to the last commit."""
    connection = await asyncpg.connect(database)
    await connection.execute(_TABLE)
    await connection.execute(_TEMP)
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    partitions = [TopicPartition(ACCESS_EVENTS.name, n) for n in range(ACCESS_EVENTS.partitions)]
    consumer.assign(partitions)
    try:
        done, start = 0, 0.0
        while done < count:
            fetched = await consumer.getmany(timeout_ms=100, max_records=BATCH)
            if not fetched:
                continue
            start = start or time.perf_counter()
            rows = []
            for records in fetched.values():
                for record in records:
                    event = AccessDecided.model_validate_json(record.value)
                    rows.append((str(event.request), event.agreement, event.time, event.outcome.value))
            async with connection.transaction():
                await connection.copy_records_to_table("incoming", records=rows)
                await connection.execute("insert into floor select * from incoming on conflict do nothing")
            done += len(rows)
        return count / (time.perf_counter() - start)
    finally:
        await consumer.stop()
        await connection.close()
