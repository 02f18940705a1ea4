"""The life of alerts: who sees them, which steps are taken, and what the log knows of it."""

from datetime import date
from uuid import uuid4

import orjson
import pytest
import structlog

from services.audit.asking import Asking
from services.audit.desks.alerting import Alerts, Handling
from services.audit.requests import LogRequests
from services.audit.telling import Teller
from shared.clock.system import system_now
from shared.contracts.access import Action, Outcome
from shared.contracts.agreements import MandateChanged, OrganisationChanged
from shared.contracts.anomalies import AlertHandled, AlertState, AlertStep, CloseReason
from shared.contracts.answers import AlertDone, AlertRow, AlertsPage, Answer, Refused
from shared.contracts.asking import AlertCommand, AlertsQuery
from shared.contracts.base import Channel, Role, Validity
from shared.directory.model import Directory
from shared.gate.facts import Limits
from shared.gate.mandates import KELA
from tests.integration.audit.looks import AUDITOR, Standing, Told, asked
from tests.integration.audit.test_anomalies import MIXED, rows
from tests.integration.audit.watched import TOWN, WORKER, watched, worker_pseudonym
from tests.integration.audit.world import PSEUDONYM_KEY, RING, Log

SUPERVISOR, STRANGER = "310323F999K", "010180-9015"
ELSEWHERE = "0202248-9"
WHO = {
    SUPERVISOR: (TOWN, Role.LOG_SUPERVISOR),
    WORKER: (TOWN, Role.LOG_SUPERVISOR),
    STRANGER: (ELSEWHERE, Role.LOG_SUPERVISOR),
    AUDITOR: (KELA, Role.AUDITOR),
}
DIRECTORY = Directory(
    [
        *(
            OrganisationChanged(business_id=id_, version=1, kind="joint_authority", name_fi="N", name_sv="N")
            for id_ in (TOWN, ELSEWHERE, KELA)
        ),
        *(
            MandateChanged(
                id=f"M-{organisation}-{code[:6]}",
                version=1,
                worker=worker_pseudonym(code),
                organisation=organisation,
                member="091",
                roles=(role,),
                validity=Validity(first=date(2010, 1, 1)),
            )
            for code, (organisation, role) in WHO.items()
        ),
    ]
)


class Desks:
    """The desks of alerts around a test's own database."""

    def __init__(self, log: Log) -> None:
        self.told = Told()
        asking = Asking(
            pseudonym_key=PSEUDONYM_KEY,
            clock=Standing(),
            now=system_now,
            directory=DIRECTORY,
            agreements=Standing().age,
            audit=Standing().age,
            limits=Limits(artificial_codes=True),
        )
        self.requests = LogRequests(
            desks={
                AlertsQuery: Alerts(asking=asking, engine=log.engine),
                AlertCommand: Handling(asking=asking, engine=log.engine),
            },
            teller=Teller(engine=log.engine, publisher=self.told, ring=RING),
            now=system_now,
            log=structlog.get_logger("test"),
        )

    async def ask(self, body: AlertsQuery | AlertCommand, person: str) -> Answer:
        organisation, role = WHO[person]
        return await self.requests.answer(asked(body, person, organisation, (role,), Channel.UI))

    async def rows(self, person: str) -> dict[str, AlertRow]:
        page = await self.ask(AlertsQuery(state=None), person)
        assert isinstance(page, AlertsPage), page
        return {row.anomaly.rule: row for row in page.rows}

    async def step(
        self, row: AlertRow, step: AlertStep, person: str, reason: CloseReason | None = None, key: str | None = None
    ) -> Answer:
        command = AlertCommand(
            idempotency_key=key or uuid4().hex, alert=row.anomaly.alert, version=row.version, step=step, reason=reason
        )
        return await self.ask(command, person)


@pytest.fixture
async def desks(log: Log) -> Desks:
    await watched(log, MIXED)
    return Desks(log)


def code_of(answer: Answer) -> str:
    assert isinstance(answer, Refused), answer
    return answer.refusal.code


async def test_an_alert_is_acknowledged_and_closed_and_each_step_is_an_entry_of_the_log(desks: Desks, log: Log) -> None:
    night = (await desks.rows(SUPERVISOR))["night_work"]
    first = await desks.step(night, AlertStep.ACKNOWLEDGE, SUPERVISOR, key="the-same-key")
    again = await desks.step(night, AlertStep.ACKNOWLEDGE, SUPERVISOR, key="the-same-key")
    assert isinstance(first, AlertDone)
    assert isinstance(again, AlertDone)
    assert (first.state, first.version, again.version) == (AlertState.ACKNOWLEDGED, 2, 2)

    night = (await desks.rows(SUPERVISOR))["night_work"]
    await desks.step(night, AlertStep.CLOSE, AUDITOR, CloseReason.JUSTIFIED)
    night = (await desks.rows(SUPERVISOR))["night_work"]
    assert (night.state, night.reason, night.by) == (
        AlertState.CLOSED,
        CloseReason.JUSTIFIED,
        worker_pseudonym(AUDITOR),
    )
    assert code_of(await desks.step(night, AlertStep.CLOSE, SUPERVISOR, CloseReason.MISTAKE)) == "alert.closed"

    sent = await rows(log, f"select body from outbox where type = '{AlertHandled.ce_type}' order by id")
    assert [orjson.loads(row["body"])["step"] for row in sent] == ["acknowledge", "close"]


async def test_what_may_not_be_done_is_refused_and_changes_nothing(desks: Desks, log: Log) -> None:
    found = await desks.rows(SUPERVISOR)
    night = found["night_work"]
    stale = night.model_copy(update={"version": 7})

    assert code_of(await desks.step(night, AlertStep.CLOSE, SUPERVISOR)) == "alert.reason"
    assert code_of(await desks.step(stale, AlertStep.ACKNOWLEDGE, SUPERVISOR)) == "alert.changed"
    assert code_of(await desks.step(night, AlertStep.ACKNOWLEDGE, WORKER)) == "alert.own"
    assert code_of(await desks.step(night, AlertStep.ACKNOWLEDGE, STRANGER)) == "alert.unknown"
    assert await rows(log, "select 1 from alert_step") == []
    assert {event.outcome for event in desks.told.events[1:]} == {Outcome.REFUSED}


async def test_alerts_of_another_organisation_are_shown_to_the_auditor_alone(desks: Desks) -> None:
    assert await desks.rows(STRANGER) == {}
    assert await desks.rows(AUDITOR) == await desks.rows(SUPERVISOR) != {}
    assert {(event.action, event.subject) for event in desks.told.events} == {(Action.LOG_REPORT, "alerts all")}


async def test_without_the_role_no_alert_is_shown(desks: Desks) -> None:
    asking = asked(AlertsQuery(), SUPERVISOR, TOWN, (Role.VIEWER,), Channel.UI)
    assert isinstance(await desks.requests.answer(asking), Refused)
