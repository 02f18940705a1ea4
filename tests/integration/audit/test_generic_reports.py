"""Generic reports out of a real log: what they count, that they are made once, and that they are deleted in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import structlog

from services.audit.domain.generic_report import GenericReport
from services.audit.report_data import indicators, working_hours
from services.audit.reporting import Reporting, ReportTimer
from services.audit.store import reports
from shared.bus.messages import Outgoing
from shared.bus.sealing import commit
from shared.bus.topics import ACCESS_EVENTS, AGREEMENTS_EVENTS
from shared.clock.civil import Month
from shared.contracts.access import AccessDecided, AccessPersonal, Outcome, Relation
from shared.contracts.agreements import MandateChanged
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.database.engine import raw
from shared.ids import event_id, pseudonym
from tests.integration.audit.world import PSEUDONYM_KEY, RING, Log

pytestmark = pytest.mark.asyncio(loop_scope="session")

DECEMBER = Month(2016, 12)
HELSINKI = "0201256-6"
READY = datetime(2017, 1, 1, 4, 0, tzinfo=UTC)
"""06:00 in Helsinki."""
DAY = datetime(2016, 12, 13, 8, 0, tzinfo=UTC)
NIGHT = datetime(2016, 12, 13, 21, 0, tzinfo=UTC)
INDEPENDENCE_DAY = datetime(2016, 12, 6, 8, 0, tzinfo=UTC)


def worker(n: int) -> str:
    return pseudonym(PSEUDONYM_KEY, "worker", f"worker {n}")


def looked(n: int, time: datetime = DAY, *, by: int = 1, **what: object) -> Outgoing:
    id_ = event_id("access", f"report {n}")
    personal = AccessPersonal(salt="0" * 32, client="010180-9015", worker=None, worker_name=None).model_dump_json()
    fields = {
        "request": UUID(int=n),
        "time": time,
        "outcome": Outcome.GRANTED,
        "channel": Channel.UI,
        "service": "lookup",
        "purpose": Purpose.CHARGE,
        "organisation": HELSINKI,
        "member": "091",
        "agreement": "A-091",
        "worker": worker(by),
        "shown": {DataGroup.DECISIONS: 2},
        "commitment": commit(personal.encode()),
        "personal": RING.seal("access", personal.encode(), id=id_, type=AccessDecided.ce_type),
    }
    body = AccessDecided.model_validate({**fields, **what})
    return Outgoing.of(ACCESS_EVENTS, "A-091", id_, body, source="lookup", time=time)


def mandate(n: int) -> Outgoing:
    body = MandateChanged(
        id=f"M-{n}",
        version=1,
        worker=worker(n),
        organisation=HELSINKI,
        member="091",
        roles=(Role.VIEWER,),
        validity=Validity(first=date(2016, 1, 1)),
    )
    time = datetime(2016, 1, 1, 8, 0, tzinfo=UTC)
    return Outgoing.of(AGREEMENTS_EVENTS, body.id, event_id("mandate", body.id), body, source="agreements", time=time)


@dataclass
class World:
    log: Log
    now: datetime = READY
    caught_up: bool = True
    lines: list[str] = field(default_factory=list)

    def timer(self) -> ReportTimer:
        async def caught_up() -> bool:
            return self.caught_up

        table = indicators()
        return ReportTimer(
            engine=self.log.engine,
            now=lambda: self.now,
            reporting=Reporting(table, working_hours()),
            table=table,
            caught_up=caught_up,
            log=structlog.get_logger("test"),
        )

    async def kept(self, month: Month = DECEMBER) -> Sequence[GenericReport]:
        async with self.log.engine.connect() as conn:
            return await reports.reports_of(await raw(conn), month, month)


@pytest.fixture
def world(log: Log) -> World:
    return World(log)


async def test_the_report_counts_what_the_log_holds_of_the_month(world: World) -> None:
    day = [looked(n, by=n % 4) for n in range(40)]
    night = [looked(100 + n, NIGHT, by=n) for n in range(3)]
    holiday = [looked(200 + n, INDEPENDENCE_DAY, by=n, relation=Relation.STATED) for n in range(3)]
    refused = [looked(300 + n, by=n, outcome=Outcome.REFUSED, rule="own_code", shown={}) for n in range(4)]
    duty = looked(400, NIGHT, by=1, emergency=True, relation=Relation.EMERGENCY)
    elsewhere = looked(500, datetime(2017, 1, 1, 8, tzinfo=UTC))
    await world.log.feed([*day, *night, *holiday, *refused, duty, elsewhere, *map(mandate, range(9))])

    assert await world.timer().once() == [DECEMBER]

    (report,) = await world.kept()
    told = {one.indicator: one.value.exact for one in report.figures if one.value is not None}
    assert told["volume"] == 51
    assert (told["granted"], told["refused"]) == (47, 4)
    assert told["outside_hours"] == 6, "nights and holidays, emergency duty apart"
    assert told["stated_relation"] == 3
    assert told["emergency"] == 1
    assert told["users"] == 4
    assert told["idle_accounts"] == 5
    assert report.value("emergency_duty") is not None
    assert [(one.event, one.time) for one in report.overrides] == [(duty.id, NIGHT)]
    rules = {one.key: one.value.exact for one in report.parts if one.indicator == "rules"}
    assert rules == {"own_code": 4}
    records = {one.key: one.value.exact for one in report.parts if one.indicator == "data_groups"}
    assert records["decisions"] == 94


async def test_reports_are_made_once_whoever_runs_and_however_often(world: World) -> None:
    await world.log.feed([looked(n) for n in range(3)])
    await world.timer().once()
    first = await world.kept()
    await world.log.feed([looked(10)])

    assert await world.timer().once() == []
    assert await world.kept() == first


async def test_nothing_is_made_before_six_nor_before_the_log_has_everything(world: World) -> None:
    await world.log.feed([looked(1)])
    world.now = datetime(2017, 1, 1, 3, 59, tzinfo=UTC)
    assert await world.timer().once() == []
    world.now, world.caught_up = READY, False
    assert await world.timer().once() == []
    world.caught_up = True
    assert await world.timer().once() == [DECEMBER]


async def test_a_report_is_deleted_after_24_months_and_not_made_again(world: World) -> None:
    await world.log.feed([looked(1)])
    await world.timer().once()
    world.now = datetime(2018, 12, 31, 12, 0, tzinfo=UTC)
    await world.timer().once()
    assert await world.kept()

    world.now = datetime(2019, 1, 1, 12, 0, tzinfo=UTC)
    await world.timer().once()

    assert not await world.kept()


async def test_an_entry_that_is_not_what_it_should_be_keeps_no_report_from_being_made(world: World) -> None:
    odd = looked(1)
    body = odd.body.replace(b'"persons":1', b'"persons":"\\u0000many"').replace(b'"decisions":2', b'"decisions":[]')
    assert body != odd.body
    headers = tuple((name, value.encode()) for name, value in odd.headers().items())
    await world.log.feed_raw([(body, headers)])

    assert await world.timer().once() == [DECEMBER]

    (report,) = await world.kept()
    assert report.value("volume") is not None
