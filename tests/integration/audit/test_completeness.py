"""Closed hours compared: Kafka as it was read, the log, and billing's answer out of the log."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from services.audit.commands_completeness import lines
from services.audit.completeness import Completeness
from services.audit.domain.completeness import Position, State, hour_of
from services.audit.published import LONG_AGO, PublishedReader
from services.audit.store import completeness as store
from services.audit.store.completeness import Result
from services.billing.store.counts import held_in_hour
from shared.bus import offsets
from shared.bus.messages import Delivered, Outgoing, Record
from shared.bus.topics import ACCESS_EVENTS, BILLING_EVENTS
from shared.bus.transaction import Tx
from shared.clock.civil import Month
from shared.clock.system import system_now
from shared.contracts.access import AccessDecided
from shared.contracts.completeness import GapClosed, GapFound
from shared.contracts.counting import HoursAsked
from shared.counted import Hourly, on_counts_asked, on_hours_asked
from shared.counting import Held
from shared.database.engine import raw
from tests.harness.consuming import engine_for, private, rig, send_unreadable_header_name
from tests.integration.audit.world import CONSUMER, TOPIC, Log, access
from tests.integration.billing.usages import feed
from tests.stack.databases import Databases

DECEMBER = Month(2016, 12)
HOUR = datetime(2016, 12, 31, 21, tzinfo=UTC)
BILLING = "billing-usage"


async def never(*_: object) -> Mapping[tuple[object, str], object]:
    raise AssertionError("nobody asks for a month")


ANSWER = on_counts_asked("billing", BILLING_EVENTS, never, Hourly(held_in_hour, BILLING))  # type: ignore[arg-type]  # is not called


@dataclass
class Hours:
    """Both databases, what stands on Kafka, and the clocks."""

    log: Log
    billing: AsyncEngine
    now: datetime = HOUR + timedelta(hours=1, minutes=6)
    system: datetime = field(default_factory=system_now)
    published: list[Outgoing] = field(default_factory=list)
    kept: list[Outgoing] | None = None
    """What lookup has kept of what it told; None: just what was published."""
    silent: tuple[str, ...] = ()
    """Who does not answer."""

    def __post_init__(self) -> None:
        self.comparing = Completeness(
            engine=self.log.engine,
            read=self._read,
            business=lambda: self.now,
            system=lambda: self.system,
            log=structlog.get_logger("test"),
            consumer=CONSUMER,
        )

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        self.published += messages

    async def bill(self, messages: Sequence[Outgoing]) -> None:
        await feed(self.billing, messages)

    async def rounds(self, *, read: int = 99) -> int:
        """One round that asks, billing's answer into the log, and one that judges it."""
        await self.comparing.round()
        await self._answer(read)
        return await self.comparing.round()

    async def later(self) -> int:
        """When gaps are looked at again."""
        self.system += timedelta(minutes=11)
        return await self.rounds()

    async def results(self) -> list[Result]:
        async with self.log.engine.connect() as conn:
            return await store.results_of(await raw(conn), DECEMBER)

    async def missing(self) -> int | None:
        async with self.log.engine.connect() as conn:
            return await store.gaps_of_month(await raw(conn), DECEMBER)

    async def told(self) -> list[str]:
        async with self.log.engine.connect() as conn:
            rows = await conn.execute(text("select type from outbox where topic = 'audit.alerts' order by id"))
            return [row.type for row in rows]

    async def _read(self) -> Mapping[Position, int]:
        async with self.log.engine.begin() as conn:
            connection = await raw(conn)
            await store.begin(connection, LONG_AGO)
            if self.published:
                bodies = [(one.id, AccessDecided.model_validate_json(one.body)) for one in self.published]
                events = [(i, hour_of(b.time), b.agreement or "", b.service) for i, b in bodies]
                await store.add_published(connection, events)
        return {(TOPIC, 0): self.log.fed}

    async def _answer(self, read: int) -> None:
        asked = await self.log.scalar(
            "select convert_from(body, 'UTF8') from outbox where topic = 'counts.asked' order by id desc limit 1"
        )
        if asked is None:
            return
        body = HoursAsked.model_validate_json(str(asked))
        message = Delivered(body.ask, body.ce_type, body.time, body, Record("t", 0, 0, b"", b"", (), 0), b"")
        async with self.billing.begin() as conn:
            await conn.execute(text("delete from consumer_offset"))
            await offsets.begin(conn, BILLING, {(TOPIC, 0): read})
            tx = Tx(conn)
            await ANSWER(tx, [message])
            await tx.flush()
            for service in ("lookup", "claims"):
                if service not in self.silent:
                    await on_hours_asked(service, ACCESS_EVENTS, partial(self._own, service))(tx, [message])
            await tx.flush()
            rows = (await conn.execute(text("select * from outbox order by id"))).all()
            await conn.execute(text("delete from outbox"))
        await self.log.feed([Outgoing(r.topic, r.key, r.event_id, r.type, r.source, r.time, r.body) for r in rows])

    async def _own(self, service: str, conn: object, hour: datetime) -> Mapping[str, Held]:
        assert conn is not None
        told = self.published if self.kept is None else self.kept
        bodies = [(one.id, AccessDecided.model_validate_json(one.body)) for one in told]
        ids = {i for i, b in bodies if b.service == service and hour_of(b.time) == hour}
        return {"A-091": Held.of(ids)} if ids else {}


@pytest_asyncio.fixture(loop_scope="session")
async def hours(log: Log, databases: Databases) -> AsyncIterator[Hours]:
    async with databases.lent("billing") as url:
        billing = engine_for(url)
        yield Hours(log, billing)
        await billing.dispose()


async def test_a_healthy_hour_has_no_gap_and_an_empty_one_is_compared_too(hours: Hours) -> None:
    uses = [access(n) for n in range(6)]
    await hours.publish([*uses, uses[0]])
    await hours.log.feed(uses)
    await hours.bill(uses)
    assert await hours.rounds() == 0
    hours.now += timedelta(hours=1)
    assert await hours.rounds() == 0
    found = await hours.results()
    assert [(one.hour, one.agreement, one.published, one.state) for one in found] == [(HOUR, "A-091", 6, State.OK)]
    assert await hours.log.scalar("select count(*) from compared_hour where not due") == 2
    assert (await hours.told(), await hours.missing(), hours.comparing.alarm()) == ([], 0, None)


async def test_what_is_dropped_is_an_alarm_in_the_next_run_and_its_closing_is_kept(hours: Hours) -> None:
    # given one event that the log withheld, and one whose use billing lost
    uses = [access(n) for n in range(6)]
    await hours.publish(uses)
    await hours.log.feed(uses[1:])
    await hours.bill(uses)
    async with hours.billing.begin() as conn:
        await conn.execute(text("delete from usage where event_id = :id"), {"id": uses[5].id})
    # when it is compared
    with capture_logs() as told:
        assert await hours.rounds() == 1
    # then the gap is named, is an alarm and stands in the month's report
    assert [line["log_level"] for line in told if line["event"] == "gap_found"] == ["error"]
    assert (await hours.missing(), hours.comparing.alarm()) == (1, "1 hours and agreements have a gap")
    [found] = await hours.results()
    assert (found.published, found.audit, found.billing, found.state) == (6, 5, 5, State.GAP)
    assert found.difference is not None
    assert str(uses[0].id) in found.difference
    assert str(uses[5].id) in found.difference
    assert "GAP: Kafka 6, audit 5, billing 5" in "\n".join(lines(DECEMBER, 1, [found]))
    # and when all arrives in the end, the gap is closed, and both stay known
    await hours.log.feed(uses[:1])
    await hours.bill(uses[5:])
    assert await hours.later() == 0
    [found] = await hours.results()
    assert (found.state, found.found, found.closed) == (State.OK, hours.now, hours.now)
    assert await hours.told() == [GapFound.ce_type, GapClosed.ce_type]
    assert (await hours.missing(), hours.comparing.alarm()) == (0, None)


async def test_what_lookup_decided_and_never_told_is_a_gap_that_the_report_counts(hours: Hours) -> None:
    # given six look-ups of which lookup kept an account, and one of them on no topic
    uses = [access(n) for n in range(6)]
    hours.kept = uses
    await hours.publish(uses[1:])
    await hours.log.feed(uses[1:])
    await hours.bill(uses[1:])
    # when the hour is compared
    assert await hours.rounds() == 1
    # then the event is named, is an alarm, and counts in the month's report
    [found] = await hours.results()
    assert (found.published, found.audit, found.billing, found.lookup, found.claims) == (5, 5, 5, 6, 0)
    assert found.difference is not None
    assert str(uses[0].id) in found.difference
    assert (await hours.missing(), hours.comparing.alarm()) == (1, "1 hours and agreements have a gap")
    # and what Kafka holds and lookup knows nothing of is a gap as well
    hours.kept = uses[2:]
    assert await hours.later() == 1
    [found] = await hours.results()
    assert (found.lookup, found.state) == (4, State.GAP)
    hours.kept = uses[1:]
    assert await hours.later() == 0
    assert await hours.told() == [GapFound.ce_type, GapClosed.ce_type]


async def test_an_hour_waits_for_whoever_told_it_and_no_longer_than_they_keep_it(hours: Hours) -> None:
    uses = [access(n) for n in range(2)]
    hours.silent = ("claims",)
    await hours.publish(uses)
    await hours.log.feed(uses)
    await hours.bill(uses)
    assert await hours.rounds() == 0
    [found] = await hours.results()
    assert (found.state, found.lookup, found.claims) == (State.WAITING, 2, None)
    # a week later only billing is asked for it
    hours.now += timedelta(days=8)
    assert await hours.later() == 0
    found = next(one for one in await hours.results() if one.hour == HOUR)
    assert found.state is State.OK


async def test_a_late_event_has_its_closed_hour_compared_again(hours: Hours) -> None:
    uses = [access(n) for n in range(3)]
    await hours.publish(uses[:2])
    await hours.log.feed(uses[:2])
    await hours.bill(uses[:2])
    assert await hours.rounds() == 0
    await hours.publish(uses[2:])
    await hours.bill(uses[2:])
    assert await hours.rounds() == 1
    await hours.log.feed(uses[2:])
    assert await hours.later() == 0


async def test_what_is_under_way_is_no_gap(hours: Hours) -> None:
    uses = [access(n) for n in range(3)]
    await hours.publish(uses)
    await hours.log.feed(uses)
    # billing has answered before it had read as far as Kafka was read
    assert await hours.rounds(read=1) == 0
    [found] = await hours.results()
    assert (found.state, found.billing) == (State.WAITING, None)
    # an hour that has not closed is not compared
    await hours.publish([access(9, seconds=5_000)])
    assert await hours.rounds(read=1) == 0


async def test_what_nobody_published_is_a_gap_too(hours: Hours) -> None:
    uses = [access(n) for n in range(3)]
    await hours.publish(uses[:2])
    await hours.log.feed(uses)
    await hours.bill(uses[:2])
    assert await hours.rounds() == 1
    [found] = await hours.results()
    assert found.difference is not None
    assert f'"extra":{{"audit":["{uses[2].id}"]' in found.difference


async def test_kafka_is_read_once_from_where_it_was_left(
    log: Log, kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = private(ACCESS_EVENTS)
    url = log.engine.url.render_as_string(hide_password=False).replace("+asyncpg", "")
    async with rig(kafka, url, [topic], tmp_path) as bus:
        reader = PublishedReader(kafka, [topic], log.engine, lambda: HOUR, structlog.get_logger("test"))
        for n in range(4):
            await bus.send(access(n), partition=n % 2)
        await bus.send(access(1), partition=0)
        await send_unreadable_header_name(kafka, topic, monkeypatch)
        await bus.send_raw(b"{}", partition=0)
        await bus.send(access(4), partition=0)
        assert await reader.read() == {(topic.name, 0): 6, (topic.name, 1): 2}
        await bus.send(access(5), partition=1)
        assert await reader.read() == {(topic.name, 0): 6, (topic.name, 1): 3}
    async with log.engine.connect() as conn:
        found = await store.published_in(await raw(conn), HOUR)
    expected = {access(n).id for n in range(6)}
    assert {name: set(ids) for name, ids in found.items()} == {"A-091": expected}
