"""Agreements events are kept as published, once, and folded when rating."""

from collections.abc import Sequence
from datetime import UTC, datetime

from services.billing.handlers import on_agreements
from services.billing.store.agreements import directory
from shared.bus.messages import Outgoing
from shared.bus.topics import AGREEMENTS_EVENTS, Topic
from shared.bus.transaction import Handle
from shared.contracts.agreements import Heartbeat, PopulationStated
from shared.database.migrate import upgrade
from shared.ids import event_id
from tests.harness.consuming import Rig
from tests.integration.bus.suite import ConsumerSuite

NOW = datetime(2016, 1, 1, tzinfo=UTC)


def stated(n: int, inhabitants: int, version: int = 1) -> Outgoing:
    body = PopulationStated(municipality=f"{n:03}", year_end=2015, version=version, inhabitants=inhabitants)
    id_ = event_id("population", str(n), str(version))
    return Outgoing.of(AGREEMENTS_EVENTS, f"{n:03}", id_, body, source="test", time=NOW)


class TestAgreementsConsumer(ConsumerSuite):
    def topics(self) -> Sequence[Topic]:
        return [AGREEMENTS_EVENTS]

    async def prepare(self, rig: Rig) -> Handle:
        await upgrade("billing", rig.engine.url)
        return on_agreements

    def message(self, n: int) -> Outgoing:
        return stated(n, 100)

    def contradiction(self, n: int) -> Outgoing:
        return stated(n, 101)

    async def effects(self, rig: Rig) -> int:
        return int(str(await rig.scalar("select count(*) from agreement_event")))

    async def test_the_newest_version_stands_and_heartbeats_are_not_kept(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        beat = Outgoing.of(AGREEMENTS_EVENTS, "heartbeat", event_id("beat"), Heartbeat(at=NOW), source="test", time=NOW)
        async with self.started(rig, handle):
            for message in (stated(1, 200, version=2), beat, stated(1, 100, version=1)):
                await rig.send(message)
            await rig.wait_consumed(3)
            await self.wait_effects(rig, 2)
        async with rig.engine.connect() as conn:
            folded, last = await directory(conn)
        assert folded.population("001", 2015) == 200
        assert last == 2
