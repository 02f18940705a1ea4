"""`kelmu reconcile`: Kafka, the log and billing compared by what each really holds."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit import counting as audit_counting
from services.billing.store import counts as billing_counts
from services.console import reconciling
from services.console.reconcile import lines
from services.console.reconciling import NotReconcilableError, Reconciler
from shared.bus.messages import Delivered, Outgoing
from shared.bus.outbox import OutboxRelay
from shared.bus.publisher import Publisher
from shared.bus.reader import TopicReader
from shared.bus.subscribing import make_broker
from shared.bus.topics import ACCESS_EVENTS, AUDIT_CHECKPOINTS, BILLING_EVENTS, CLAIMS_EVENTS, COUNTS_ASKED
from shared.bus.transaction import Handle, Tx
from shared.clock.civil import Month
from shared.contracts.base import Contract
from shared.counted import on_counts_asked
from tests.harness.consuming import create_topics, engine_for, private, settings_for
from tests.integration.audit.world import Log, access
from tests.integration.billing.usages import feed, reversed_
from tests.stack.databases import Databases

DECEMBER = Month(2016, 12)
DAY = 86_400
LOG = structlog.get_logger("test")


def looked_up(n: int, days_ago: int = 0) -> Outgoing:
    """Each on a Finnish day of its own choice, so that differences stand apart."""
    return access(n, seconds=n - days_ago * DAY)


@dataclass
class Services:
    """Both databases, the topics that nobody else uses, and the services' answers to questions."""

    billing: AsyncEngine
    log: Log
    reconciler: Reconciler
    publisher: Publisher
    asked: set[asyncio.Task[None]] = field(default_factory=set)

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        topic = self.reconciler.events[0].name
        await self.publisher.publish_many(
            [Outgoing(topic, m.key, m.id, m.type, m.source, m.time, m.body) for m in messages]
        )

    async def hold(self, messages: Sequence[Outgoing]) -> None:
        await feed(self.billing, messages)
        await self.log.feed(messages)

    @asynccontextmanager
    async def answering(self, *services: str) -> AsyncIterator[None]:
        """The services read `counts.asked` and answer through their outboxes."""
        audit, billing = self.reconciler.answers
        handlers = {
            "audit": (self.log.engine, on_counts_asked("audit", audit, audit_counting.held_in)),
            "billing": (self.billing, on_counts_asked("billing", billing, billing_counts.held_in)),
        }

        def take(message: Delivered[Contract]) -> None:
            for service in services:
                self.asked.add(asyncio.create_task(self._answer(message, *handlers[service])))

        reader = TopicReader(self.reconciler.kafka, self.reconciler.asked, take, LOG)
        task = asyncio.create_task(reader.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, *self.asked, return_exceptions=True)

    async def _answer(self, message: Delivered[Contract], engine: AsyncEngine, handle: Handle) -> None:
        async with engine.begin() as conn:
            tx = Tx(conn)
            await handle(tx, [message])
            await tx.flush()
        await OutboxRelay(engine, self.publisher, LOG).drain()


@pytest_asyncio.fixture(loop_scope="session")
async def services(
    kafka: str, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Services]:
    monkeypatch.setattr(reconciling, "ATTEMPTS", 1)
    events = [private(topic) for topic in (ACCESS_EVENTS, CLAIMS_EVENTS)]
    answers = [private(topic) for topic in (AUDIT_CHECKPOINTS, BILLING_EVENTS)]
    asked = private(COUNTS_ASKED, partitions=1)
    await create_topics(kafka, [*events, *answers, asked])
    reconciler = Reconciler(kafka=kafka, log=LOG, patience=10.0, events=events, answers=answers, asked=asked)
    async with databases.lent("billing") as billing, databases.lent("audit") as audit:
        broker = make_broker(settings_for(kafka, billing, tmp_path), LOG)
        await broker.connect()
        engines = engine_for(billing), engine_for(audit)
        yield Services(engines[0], Log(engines[1]), reconciler, Publisher(broker, 5_000))
        for engine in engines:
            await engine.dispose()
        await broker.stop()


async def test_what_all_hold_alike_differs_in_nothing(services: Services) -> None:
    uses = [looked_up(n, days_ago=n % 7) for n in range(40)]
    everything = [*uses, *(reversed_(use) for use in uses[:3]), looked_up(50, days_ago=40)]
    await services.publish([*everything, *uses[:5]])
    await services.hold(everything)
    async with services.answering("audit", "billing"):
        found = await services.reconciler.reconcile(DECEMBER)
    assert (found.differences, found.unreadable, found.events) == ((), 0, 43)
    assert list(lines(DECEMBER, found)) == ["2016-12: 43 events on Kafka; audit and billing hold the same."]


async def test_every_difference_is_named_with_its_agreement_day_and_event(services: Services) -> None:
    uses = [looked_up(n, days_ago=n % 4) for n in range(24)]
    lost_by_audit, lost_by_billing, never_published = uses[1], uses[2], looked_up(99, days_ago=3)
    await services.publish(uses)
    await feed(services.billing, [*uses, never_published])
    await services.log.feed([use for use in uses if use is not lost_by_audit])
    async with services.billing.begin() as conn:
        await conn.execute(text("delete from usage where event_id = :id"), {"id": lost_by_billing.id})
    async with services.answering("audit", "billing"):
        found = await services.reconciler.reconcile(DECEMBER)
    assert [difference.place for difference in found.differences] == [
        (date(2016, 12, day), "A-091") for day in (28, 29, 30)
    ]
    assert found.differences[0].extra == {"audit": (), "billing": (never_published.id,)}
    assert found.differences[1].missing == {"audit": (), "billing": (lost_by_billing.id,)}
    assert found.differences[2].missing == {"audit": (lost_by_audit.id,), "billing": ()}
    told = "\n".join(lines(DECEMBER, found))
    assert f"  billing misses {lost_by_billing.id}" in told
    assert "2016-12-30 A-091: Kafka 6, audit 5, billing 6" in told
    assert "3 agreements and days DIFFER" in told


async def test_a_service_that_does_not_say_what_it_holds_is_named(services: Services) -> None:
    silent = Reconciler(
        kafka=services.reconciler.kafka,
        log=LOG,
        patience=1.5,
        events=services.reconciler.events,
        answers=services.reconciler.answers,
        asked=services.reconciler.asked,
    )
    async with services.answering("billing"):
        with pytest.raises(NotReconcilableError, match="audit did not say"):
            await silent.reconcile(DECEMBER)
