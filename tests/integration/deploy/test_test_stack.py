"""The session's stack serves what the other integration tests stand on."""

import asyncio
import time

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic


async def test_given_the_stack_when_a_topic_is_created_then_it_has_its_partitions(kafka: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic("deploy.test-stack", num_partitions=3, replication_factor=1)])
        until = time.monotonic() + 20  # the broker learns of a topic a moment after its controller
        while not (described := (await admin.describe_topics(["deploy.test-stack"]))[0])["partitions"]:
            assert time.monotonic() < until
            await asyncio.sleep(0.05)
        assert len(described["partitions"]) == 3
    finally:
        await admin.delete_topics(["deploy.test-stack"])
        await admin.close()


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("fsync", "on"), ("synchronous_commit", "on"), ("server_encoding", "UTF8"), ("TimeZone", "UTC")],
)
async def test_given_a_fresh_database_then_it_is_durable_and_speaks_utf8_and_utc(
    database: str, setting: str, expected: str
) -> None:
    connection = await asyncpg.connect(database)
    try:
        assert await connection.fetchval("select current_setting($1)", setting) == expected
        assert await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'") == 0
    finally:
        await connection.close()
