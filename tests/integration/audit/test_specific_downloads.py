"""A specific report as a file: only for the two, only after its access event, as whatever is shown of it."""

import base64
from uuid import UUID

import pytest

from shared.bus.publisher import NotAcknowledged
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import Answer, Refused, SpecificReportFile
from shared.contracts.asking import SpecificReportFileQuery
from shared.gate.mandates import KELA
from tests.integration.audit.looks import AUDITOR, CITIZEN, ESPOO, NEIGHBOUR, WORKER, look
from tests.integration.audit.test_log_reports import ASKER, OTHER, VANTAA, Reports
from tests.integration.audit.world import Log

STARTS = {"json": b"{", "csv": b"table,", "xlsx": b"PK", "pdf": b"%PDF"}


@pytest.fixture
def desk(log: Log) -> Reports:
    return Reports(log)


async def download(
    desk: Reports, report: UUID, form: str = "csv", person: str = ASKER, organisation: str = ESPOO
) -> Answer:
    query = SpecificReportFileQuery.model_validate({"report": report, "form": form})
    return await desk.put(query, person, organisation)


async def test_each_form_is_given_to_the_two_and_every_download_is_logged_with_the_clients_in_it(
    desk: Reports,
) -> None:
    await desk.log.feed([look(), look(client=NEIGHBOUR)])
    report = await desk.ordered()
    await desk.decide(report)
    for form, start in STARTS.items():
        for person in (ASKER, OTHER):
            answer = await download(desk, report, form, person)
            assert isinstance(answer, SpecificReportFile), answer
            assert base64.b64decode(answer.content).startswith(start)
            # the event that was told before is the one that the file names
            assert desk.told.messages[-1].id == answer.event
            event = desk.told.events[-1]
            assert (event.action, event.outcome) == (Action.LOG_REPORT, Outcome.GRANTED)
            assert event.subject == f"specific report {report} fetched as {form}"
            assert set(desk.told.personal().clients) == {CITIZEN, NEIGHBOUR}


async def test_nothing_leaves_when_the_download_could_not_be_logged(desk: Reports) -> None:
    report = await desk.ordered()
    await desk.decide(report)
    desk.told.failure = NotAcknowledged("down")
    with pytest.raises(NotAcknowledged):
        await download(desk, report)


@pytest.mark.parametrize(
    ("person", "organisation"), [(OTHER, VANTAA), (AUDITOR, KELA), (WORKER, ESPOO)], ids=["other town", "auditor", "it"]
)
async def test_nobody_else_downloads_it_and_that_it_was_tried_is_logged(
    desk: Reports, person: str, organisation: str
) -> None:
    report = await desk.ordered()
    await desk.decide(report)
    answer = await download(desk, report, "pdf", person, organisation)
    assert isinstance(answer, Refused), answer
    assert answer.refusal.code == "specific_report.unknown"
    assert desk.told.events[-1].outcome is Outcome.REFUSED


async def test_one_person_alone_gets_no_file(desk: Reports) -> None:
    # given a supervisor who has the role in two municipalities, and an order of their own
    report = await desk.ordered()
    for organisation in (ESPOO, VANTAA):
        assert isinstance(await desk.decide(report, ASKER, organisation), Refused)
    answer = await download(desk, report)
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "specific_report.undecided"
