"""Reports at the desk of the log: the generic ones, and the specific one under four eyes."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import structlog

from services.audit.asking import Asking
from services.audit.desks.generic_reports import GenericReports
from services.audit.desks.specific_reports import SpecificReports
from services.audit.opening import Opening
from services.audit.report_data import indicators, working_hours
from services.audit.reporting import Reporting
from services.audit.requests import LogRequests
from services.audit.store import reports
from services.audit.telling import Teller
from shared.bus.publisher import NotAcknowledged
from shared.clock.civil import Month
from shared.clock.system import system_now
from shared.contracts.access import Action, Outcome
from shared.contracts.agreements import MandateChanged, OrganisationChanged
from shared.contracts.answers import (
    Answer,
    GenericReportFile,
    GenericReportList,
    Refused,
    SpecificReportDone,
    SpecificReportList,
    SpecificReportView,
)
from shared.contracts.asking import (
    AskSpecificReport,
    Body,
    DecideSpecificReport,
    GenericReportQuery,
    GenericReportsQuery,
    SpecificReportFileQuery,
    SpecificReportQuery,
    SpecificReportsQuery,
)
from shared.contracts.base import Channel, Role
from shared.database.engine import raw
from shared.directory.model import Directory
from shared.gate.facts import Limits
from shared.gate.mandates import KELA
from shared.ids import pseudonym
from tests.integration.audit.looks import (
    ALWAYS,
    AUDITOR,
    CITIZEN,
    ESPOO,
    NEIGHBOUR,
    WORKER,
    Standing,
    Told,
    asked,
    look,
)
from tests.integration.audit.world import PSEUDONYM_KEY, RING, Log

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKER, OTHER = "290200A9510", "310323F999K"
VANTAA = "0124610-9"
GENERIC = (GenericReportsQuery, GenericReportQuery)
SPECIFIC = (AskSpecificReport, DecideSpecificReport, SpecificReportsQuery, SpecificReportQuery, SpecificReportFileQuery)
SUSPICION = "Epäily uteliaisuudesta naapurin asioissa"


def mandate(person: str, organisation: str, role: Role) -> MandateChanged:
    return MandateChanged(
        id=f"{organisation} {person}",
        version=1,
        worker=pseudonym(PSEUDONYM_KEY, "worker", person),
        organisation=organisation,
        member="049",
        roles=(role,),
        validity=ALWAYS,
    )


DIRECTORY = Directory(
    [
        *(
            OrganisationChanged(business_id=one, version=1, kind="municipality", name_fi=one, name_sv=one)
            for one in (ESPOO, VANTAA, KELA)
        ),
        *(mandate(person, ESPOO, Role.LOG_SUPERVISOR) for person in (ASKER, OTHER, WORKER)),
        mandate(OTHER, VANTAA, Role.LOG_SUPERVISOR),
        mandate(AUDITOR, KELA, Role.AUDITOR),
    ]
)


@dataclass
class Reports:
    log: Log
    clock: Standing = field(default_factory=Standing)
    told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        asking = Asking(
            pseudonym_key=PSEUDONYM_KEY,
            clock=self.clock,
            now=system_now,
            directory=DIRECTORY,
            agreements=Standing().age,
            audit=Standing().age,
            limits=Limits(artificial_codes=True),
        )
        generic = GenericReports(asking=asking, engine=self.log.engine)
        specific = SpecificReports(
            asking=asking, engine=self.log.engine, opening=Opening(RING), ring=RING, by=indicators().settings
        )
        self.requests = LogRequests(
            desks={**dict.fromkeys(GENERIC, generic), **dict.fromkeys(SPECIFIC, specific)},
            teller=Teller(engine=self.log.engine, publisher=self.told, ring=RING),
            now=system_now,
            log=structlog.get_logger("test"),
        )

    async def put(self, body: Body, person: str, organisation: str = ESPOO, request: UUID | None = None) -> Answer:
        role = Role.AUDITOR if organisation == KELA else Role.LOG_SUPERVISOR
        return await self.requests.answer(asked(body, person, organisation, (role,), Channel.UI, request=request))

    async def ask(self, **fields: object) -> Answer:
        usual = {
            "about": "worker",
            "identity_code": WORKER,
            "reason": SUSPICION,
            "idempotency_key": "order-0001",
            "first": "2016-12-01",
            "last": "2017-01-31",
        }
        return await self.put(AskSpecificReport.model_validate({**usual, **fields}), ASKER)

    async def ordered(self, about: str = "worker", code: str = WORKER) -> UUID:
        answer = await self.ask(about=about, identity_code=code)
        assert isinstance(answer, SpecificReportDone), answer
        return answer.row.report

    async def decide(
        self, report: UUID, person: str = OTHER, organisation: str = ESPOO, *, approve: bool = True
    ) -> Answer:
        body = DecideSpecificReport(report=report, approve=approve, reason="Epäily on perusteltu asiakirjoin")
        return await self.put(body, person, organisation)

    async def fetch(self, report: UUID, person: str = ASKER, organisation: str = ESPOO) -> Answer:
        return await self.put(SpecificReportQuery(report=report), person, organisation)


def code_of(answer: Answer) -> str:
    assert isinstance(answer, Refused), answer
    return answer.refusal.code


@pytest.fixture
def desk(log: Log) -> Reports:
    return Reports(log)


async def test_a_specific_report_is_fetched_only_after_another_person_approved_it_and_each_step_is_logged(
    desk: Reports,
) -> None:
    await desk.log.feed([look(), look(), look(client=NEIGHBOUR, emergency=True), look(organisation=VANTAA)])
    report = await desk.ordered()
    assert code_of(await desk.fetch(report)) == "specific_report.undecided"
    assert isinstance(await desk.decide(report), SpecificReportDone)

    found = await desk.fetch(report)

    assert isinstance(found, SpecificReportView), found
    assert (found.attempts, found.outcomes, found.cut) == (3, {"granted": 3}, False)
    assert [(one.identity_code, one.times) for one in found.consulted] == [(CITIZEN, 2), (NEIGHBOUR, 1)]
    assert len(found.overrides) == 1
    assert [(one.action, one.outcome) for one in desk.told.events] == [
        (Action.LOG_REPORT, Outcome.GRANTED),
        (Action.LOG_REPORT, Outcome.REFUSED),
        (Action.LOG_REPORT, Outcome.GRANTED),
        (Action.LOG_REPORT, Outcome.GRANTED),
    ]
    assert desk.told.personal(0).reason == SUSPICION
    assert set(desk.told.personal().clients) == {CITIZEN, NEIGHBOUR}, "each of them finds it in their own log"
    assert all(SUSPICION.encode() not in one.body and WORKER.encode() not in one.body for one in desk.told.messages)


async def test_an_order_sent_again_is_the_same_order(desk: Reports) -> None:
    first, again = await desk.ask(), await desk.ask(last="2016-12-31")

    assert isinstance(first, SpecificReportDone)
    assert isinstance(again, SpecificReportDone)
    assert again.row == first.row


async def test_a_report_about_a_client_tells_which_workers_looked(desk: Reports) -> None:
    await desk.log.feed([look(), look(listed=(CITIZEN, NEIGHBOUR)), look(client=NEIGHBOUR)])
    report = await desk.ordered("client", CITIZEN)
    await desk.decide(report)

    found = await desk.fetch(report)

    assert isinstance(found, SpecificReportView), found
    assert found.attempts == 2
    assert [(one.name, one.times) for one in found.consulted] == [("Katselija Kaisa", 2)]
    assert desk.told.personal().client == CITIZEN


async def test_nobody_decides_alone_nor_about_themselves_nor_for_another_organisation(desk: Reports) -> None:
    report = await desk.ordered()

    assert code_of(await desk.decide(report, ASKER)) == "specific_report.same_person"
    assert code_of(await desk.decide(report, WORKER)) == "specific_report.concerned"
    assert code_of(await desk.decide(report, OTHER, VANTAA)) == "specific_report.unknown"
    assert isinstance(await desk.decide(report, AUDITOR, KELA, approve=False), SpecificReportDone)
    assert code_of(await desk.decide(report)) == "specific_report.decided"
    assert code_of(await desk.fetch(report)) == "specific_report.refused"


async def test_only_the_two_fetch_it_and_only_for_14_days(desk: Reports) -> None:
    report = await desk.ordered()
    await desk.decide(report, AUDITOR, KELA)

    assert isinstance(await desk.fetch(report, AUDITOR, KELA), SpecificReportView)
    assert code_of(await desk.fetch(report, OTHER)) == "specific_report.unknown"
    desk.clock.at += timedelta(days=14)
    assert code_of(await desk.fetch(report)) == "specific_report.expired"


async def test_the_one_whom_it_is_about_is_not_warned_by_the_list(desk: Reports) -> None:
    report = await desk.ordered()

    seen = [await desk.put(SpecificReportsQuery(), person) for person in (OTHER, WORKER)]

    rows = [[row.report for row in one.rows] for one in seen if isinstance(one, SpecificReportList)]
    assert rows == [[report], []]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reason": "x"}, "reason"),
        ({"first": "2017-02-01"}, "period"),
        ({"first": "2015-01-01"}, "period"),
        ({"identity_code": "010180-9016"}, "identity_code"),
        ({"identity_code": ASKER}, "concerned"),
    ],
)
async def test_an_order_that_is_not_in_order_is_refused_and_logged(
    desk: Reports, fields: dict[str, object], code: str
) -> None:
    assert code_of(await desk.ask(**fields)) == f"specific_report.{code}"
    assert desk.told.events[-1].outcome is Outcome.REFUSED


async def test_what_could_not_be_logged_has_not_happened(desk: Reports) -> None:
    report, request = await desk.ordered(), uuid4()
    body = DecideSpecificReport(report=report, approve=True, reason="Epäily on perusteltu asiakirjoin")
    desk.told.failure = NotAcknowledged("down")
    with pytest.raises(NotAcknowledged):
        await desk.put(body, OTHER, request=request)
    desk.told.failure = None
    assert code_of(await desk.fetch(report)) == "specific_report.undecided"

    # The same request is delivered again: it takes effect once, and shows nothing twice.
    await desk.put(body, OTHER, request=request)
    await desk.put(body, OTHER, request=request)

    assert isinstance(await desk.fetch(report), SpecificReportView)


async def test_generic_reports_are_listed_and_fetched_by_the_own_supervisor_and_by_the_auditor(desk: Reports) -> None:
    await desk.log.feed([look(), look(organisation=VANTAA, emergency=True)])
    month = Month(2017, 1)
    async with desk.log.engine.begin() as connection:
        conn = await raw(connection)
        await reports.begin(conn, month, desk.clock.at)
        await reports.keep(conn, await Reporting(indicators(), working_hours()).make(conn, month, desk.clock.at))

    own = await desk.put(GenericReportsQuery(), ASKER)
    every = await desk.put(GenericReportsQuery(), AUDITOR, KELA)
    assert isinstance(own, GenericReportList)
    assert isinstance(every, GenericReportList)
    assert [row.organisation for row in own.rows] == [ESPOO]
    assert {row.organisation: row.overrides for row in every.rows} == {ESPOO: 0, VANTAA: 1}

    (theirs,) = [row.report for row in every.rows if row.organisation == VANTAA]
    assert code_of(await desk.put(GenericReportQuery(report=theirs), ASKER)) == "specific_report.unknown"
    fetched = await desk.put(GenericReportQuery(report=own.rows[0].report, form="pdf"), ASKER)
    assert isinstance(fetched, GenericReportFile)
    assert base64.b64decode(fetched.content).startswith(b"%PDF")
    assert fetched.name == f"2017-01-049-{ESPOO}.pdf"
