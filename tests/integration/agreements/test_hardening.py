"""What one asker could once do to everybody: stop the service, publish an identity code, give oneself rights."""

from datetime import date

import pytest
from sqlalchemy import text

from services.agreements import store
from services.agreements.domain.scope import Scope
from services.agreements.finding import find
from shared.contracts.agreements import Contact
from shared.contracts.answers import ChangesRefused, RecordsFound, Refused
from shared.contracts.asking import ChangeRecords, RecordChange, RecordsQuery
from shared.contracts.base import Role
from tests.integration.agreements.feeding import feed
from tests.integration.agreements.office import CLERK, MAIN_USER, OFFICER, Office
from tests.unit.agreements.made import KUOPIO, agreement, mandate, user

CODE = "010180-9015"


@pytest.mark.parametrize("day", [date.max, date.min, date(2201, 1, 1), date(1899, 12, 31)])
@pytest.mark.parametrize("name", ["known", "valid"])
async def test_given_a_day_beyond_the_calendar_then_the_question_is_refused_in_words(
    office: Office, name: str, day: date
) -> None:
    query = RecordsQuery(record_kind="user").model_copy(update={name: day})
    scope = Scope(officer=False, worker=office.worker(MAIN_USER), organisation=KUOPIO, municipality="297")
    async with office.engine.connect() as conn:
        answer = await find(conn, scope, query, date(2016, 12, 20))

    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "day_range"


async def test_given_questions_that_break_the_code_then_each_is_answered_and_the_consumer_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise OverflowError

    monkeypatch.setattr(store, "page", broken)
    messages = [office.request(RecordsQuery(record_kind="user"), MAIN_USER) for _ in range(60)]

    assert await feed(office, *messages) == ("answered", ["agreements.query"] * 60)
    monkeypatch.undo()
    assert isinstance(await office.ask(RecordsQuery(record_kind="user"), MAIN_USER), RecordsFound)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (CODE, CODE),
        (CODE, "\\u0030" + CODE[1:]),
        (CODE.replace("-", "\u2013"), CODE.replace("-", "\u2013")),
        (f"a\\n{CODE}", f"a\\n{CODE}"),
        (CODE, CODE.replace("-", "\\u2212")),
    ],
)
async def test_given_an_identity_code_however_written_then_nothing_is_kept_of_it(
    office: Office, written: str, sent: str
) -> None:
    record = agreement(version=2, contacts=(Contact(kind="technical", name="NAME"),))
    body = record.model_dump_json().replace("NAME", sent)
    command = ChangeRecords(
        idempotency_key="key-00001", changes=(RecordChange(kind="agreement", body=body),), reason="a test"
    )

    answer = await office.ask(command, MAIN_USER)

    assert isinstance(answer, Refused), written
    assert answer.refusal.rule == "no_identity_code"
    async with office.engine.connect() as conn:
        assert await conn.scalar(text("select count(*) from record_version where version = 2")) == 0
        assert await conn.scalar(text("select count(*) from command")) == 0


async def test_given_an_officer_then_no_own_mandate_and_no_own_account_is_given(office: Office) -> None:
    worker = office.worker(OFFICER)
    own = mandate(id="V-self", worker=worker, roles=(Role.VIEWER, Role.PROTECTED_DATA_HANDLER))
    account = user(id=f"{KUOPIO}/{worker}", worker=worker)

    for record in (own, account):
        answer = await office.change(OFFICER, record)
        assert isinstance(answer, ChangesRefused)
        assert [fault.code for fault in answer.faults] == ["scope.oneself"]


async def test_given_a_state_that_begins_tomorrow_then_the_idle_lock_is_not_dodged(office: Office) -> None:
    worker = office.worker(CLERK)
    ahead = user(id=f"{KUOPIO}/{worker}", worker=worker, since=date(2016, 12, 21))

    answer = await office.change(MAIN_USER, ahead)

    assert isinstance(answer, ChangesRefused)
    assert [fault.code for fault in answer.faults] == ["user.since_future"]
