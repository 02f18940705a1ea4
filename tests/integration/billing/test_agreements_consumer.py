"""Agreements events are kept as published, once, and folded when rating."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from services.billing.handlers import on_agreements
from services.billing.store.agreements import directory
from shared.bus.messages import Outgoing
from shared.bus.topic import Topic
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.bus.transaction import Handle
from shared.contracts.agreements import (
    AgreementPath,
    Bearer,
    DelegationChanged,
    Heartbeat,
    PopulationStated,
    ResponsibilityChanged,
    UserChanged,
)
from shared.contracts.base import Contract, Validity
from shared.ids import event_id
from tests.harness.consuming import Rig
from tests.integration.bus.suite import ConsumerSuite

NOW = datetime(2016, 1, 1, tzinfo=UTC)


def stated(n: int, inhabitants: int, version: int = 1) -> Outgoing:
    body = PopulationStated(municipality=f"{n:03}", year_end=2015, version=version, inhabitants=inhabitants)
    id_ = event_id("population", str(n), str(version))
    return Outgoing.of(AGREEMENTS_EVENTS, f"{n:03}", id_, body, source="test", time=NOW)


WORKER = "v1." + "a" * 26
SINCE_2016 = Validity(first=date(2016, 1, 1))
OF_OTHERS: Sequence[Contract] = (
    DelegationChanged(id="DE-1", version=1, principal="297", agent="0171450-7", validity=SINCE_2016),
    ResponsibilityChanged(
        municipality="297",
        version=1,
        bearers=(Bearer(organisation="0171450-7", form="own", validity=SINCE_2016),),
    ),
    UserChanged(
        id=f"0171450-7/{WORKER}",
        version=1,
        worker=WORKER,
        organisation="0171450-7",
        status="active",
        why="opened",
        since=SINCE_2016.first,
    ),
    AgreementPath(
        id="PA-1", version=1, party="0171450-7", step="requested", municipalities=("297",), law="L 812/2000 21 §"
    ),
)
"""Agreements events that decide nothing about who pays or how much."""


class TestAgreementsConsumer(ConsumerSuite):
    def topics(self) -> Sequence[Topic]:
        return [AGREEMENTS_EVENTS]

    async def prepare(self, _rig: Rig) -> Handle:
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

    async def test_delegations_bearers_users_and_paths_pass_by_and_are_not_set_aside(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        async with self.started(rig, handle):
            for body in OF_OTHERS:
                id_ = event_id("other", body.ce_type)
                await rig.send(Outgoing.of(AGREEMENTS_EVENTS, "k", id_, body, source="test", time=NOW))
            await rig.send(stated(1, 100))
            await rig.wait_consumed(len(OF_OTHERS) + 1)
            await self.wait_effects(rig, 1)
        assert await rig.scalar("select count(*) from quarantine") == 0
