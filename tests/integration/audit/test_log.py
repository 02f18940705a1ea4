"""Entries, signed heads and freshness."""

import asyncio
import json
from dataclasses import replace

import pytest
from aiokafka.errors import KafkaConnectionError

from services.audit import store
from services.audit.domain.note import open_checkpoint
from shared.bus.messages import Outgoing, digest_of
from shared.bus.topics import AGREEMENTS_EVENTS, AUDIT_CHECKPOINTS, AUDIT_FRESHNESS
from shared.clock.system import system_now
from shared.contracts.agreements import Heartbeat
from shared.contracts.audit import CheckpointSigned, FreshnessStated
from shared.database.engine import raw
from shared.freshness import NEVER, verify
from shared.ids import event_id
from tests.harness.consuming import until
from tests.integration.audit.world import (
    CONSUMER,
    KEY,
    LOG_KEY,
    TOPIC,
    FixedEnds,
    Heard,
    Log,
    access,
    notary,
)


async def test_events_become_entries_under_a_signed_checkpoint_that_is_published(log: Log) -> None:
    await log.feed([access(n) for n in range(5)])
    await log.sign()
    assert await log.scalar("select count(*) from entry where type = 'kelmu.access.decided.v1'") == 5
    assert await log.scalar("select size from head") == 5
    note = str(await log.scalar("select note from checkpoint where size = 5"))
    checkpoint = open_checkpoint(note.encode(), KEY)
    assert (checkpoint.size, checkpoint.root) == (5, await log.scalar("select root from head"))
    body = await log.scalar(
        f"select body from outbox where topic = '{AUDIT_CHECKPOINTS.name}' order by id desc limit 1"
    )
    assert isinstance(body, bytes)
    published = CheckpointSigned.model_validate_json(body)
    assert (published.size, published.root, published.note) == (5, checkpoint.root.hex(), note)
    assert (await log.check()).personal == {"sealed": 5}


async def test_a_head_is_signed_once_and_the_empty_log_too(log: Log) -> None:
    for _ in range(3):
        await log.sign()
    assert await log.scalar("select count(*) from checkpoint where size = 0") == 1
    assert await log.scalar("select count(*) from outbox") == 1


async def test_freshness_covers_what_was_consumed_and_is_signed(log: Log) -> None:
    heard, before = Heard(), system_now()
    await log.feed([access(0)])
    await log.sign(heard)
    stated = FreshnessStated.model_validate_json(heard.messages[-1].body)
    assert verify(stated, LOG_KEY.public_key())
    assert stated.size == 1
    assert before <= stated.covered_until <= system_now()


async def test_freshness_claims_nothing_of_what_is_published_and_not_in_the_log(log: Log) -> None:
    heard = Heard()
    await log.feed([access(0)])
    await log.sign(heard, end=2)
    stated = FreshnessStated.model_validate_json(heard.messages[-1].body)
    assert stated.covered_until == NEVER


async def test_while_the_ends_of_partitions_are_unknown_heads_are_signed_and_no_freshness_is_stated(log: Log) -> None:
    heard = Heard()
    await log.feed([access(0)])
    with pytest.raises(KafkaConnectionError):
        await notary(log.engine, CONSUMER, FixedEnds({}, KafkaConnectionError()), heard).tick()
    assert await log.scalar("select max(size) from checkpoint") == 1
    assert heard.of(AUDIT_FRESHNESS) == []


@pytest.mark.parametrize(
    "time", [b"9999-12-31T23:30:00Z", b"9999-12-31T21:59:59Z", b"0001-01-01T00:00:00Z", b"0001-01-01T00:00:01Z"]
)
async def test_a_time_at_the_edge_of_the_calendar_is_logged_and_quarantined_never(log: Log, time: bytes) -> None:
    headers = {name: value.encode() for name, value in access(0).headers().items()} | {"ce_time": time}
    await log.feed_raw([(access(0).body, tuple(headers.items()))])
    await log.sign()
    assert await log.scalar("select count(*) from entry") == 1
    assert await log.scalar("select count(*) from quarantine") == 0
    assert (await log.check()).whole


async def test_heartbeats_are_not_logged_and_what_goes_by_their_name_is(log: Log) -> None:
    beat = Heartbeat(at=system_now())
    message = Outgoing.of(AGREEMENTS_EVENTS, "heartbeat", event_id("beat"), beat, source="agreements", time=beat.at)
    await log.feed([message, access(0)], topic=AGREEMENTS_EVENTS.name)
    assert await log.scalar("select count(*) from entry") == 1
    looked = json.loads(access(1).body)
    disguises = [
        looked,
        {"at": looked["time"], "client": "who knows"},
        {"at": looked["time"], "personal": "sealed"},
        {},
    ]
    for n, body in enumerate(disguises):
        event = replace(message, id=event_id("beat", str(n)), body=json.dumps(body).encode())
        await log.feed([event], topic=AGREEMENTS_EVENTS.name)
    await log.feed([replace(message, id=event_id("elsewhere"))])
    assert await log.scalar("select count(*) from entry") == 1 + len(disguises) + 1


async def test_a_contradiction_is_an_entry_though_its_id_was_taken_by_something_else(log: Log) -> None:
    contradiction = access(0, version=2)
    digest = digest_of(contradiction.type, contradiction.body)
    first = event_id("audit-conflict", str(contradiction.id), digest.hex())
    second = event_id("audit-conflict", str(first), digest.hex())
    await log.feed(
        [access(0), replace(access(1), id=first), contradiction, replace(access(2), id=second), contradiction]
    )
    await log.sign()
    assert await log.scalar("select count(*) from entry where type = 'kelmu.audit.conflict.v1'") == 1
    assert await log.scalar("select count(*) from entry") == 4
    assert not (await log.check()).verdict.problems


async def test_positions_reached_and_head_are_of_one_instant(log: Log) -> None:
    await log.feed([access(n) for n in range(3)])
    async with log.engine.connect() as conn:
        tree, reached = await store.committed(await raw(conn), CONSUMER)
    assert (tree.size, reached) == (3, {(TOPIC, 0): 3})


async def test_an_entry_is_under_a_signed_checkpoint_within_a_second_and_an_idle_log_goes_on_stating(log: Log) -> None:
    heard = Heard()
    running = asyncio.create_task(notary(log.engine, CONSUMER, FixedEnds({(TOPIC, 0): 1}), heard).run(0.5))
    try:
        await until(lambda: log.scalar("select count(*) from checkpoint"), lambda n: n == 1)
        await log.feed([access(0)])
        late = "select extract(epoch from c.at - e.received)::float from checkpoint c, entry e where c.size = 1"
        waited = await until(lambda: log.scalar(late), lambda seconds: seconds is not None)
        assert float(str(waited)) <= 1
        idle = len(heard.of(AUDIT_FRESHNESS))
        await until(lambda: asyncio.sleep(0, len(heard.of(AUDIT_FRESHNESS))), lambda n: n > idle)
    finally:
        running.cancel()
