"""Notices end to end: seen by their own municipality at their time, and opened with a trace."""

from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio

from services.lookup.answering import REPEATED
from services.lookup.store.notices import parked_counts
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import Answer, NoticeStatistics, NoticeView, Refused
from shared.contracts.asking import NoticeStatisticsQuery
from shared.contracts.base import Role
from shared.finnish.identity_code import contains_identity_code
from tests.integration.lookup.desk import opened
from tests.integration.lookup.municipal import (
    COLLEAGUE_CODE,
    Office,
    applied,
    client_code,
    command,
    ids,
    inhabitant,
    listed,
    opening,
    page,
    told,
)
from tests.integration.lookup.surroundings import WORKER_CODE

ATTACHMENT = {"name": "tiliote.pdf", "media_type": "application/pdf", "size": 1000, "sha256": "ab" * 32}


@pytest_asyncio.fixture(loop_scope="session")
async def at(module_office: Office) -> Office:
    await module_office.begin()
    await module_office.desk.fill(inhabitant(1))
    return module_office


def code_of(answer: Answer) -> str:
    assert isinstance(answer, Refused)
    return answer.refusal.code


async def test_a_municipality_sees_its_own_notices_and_no_row_names_a_client(at: Office) -> None:
    await at.desk.fill(told("N-1"), told("N-2", municipality="174"), told("N-3", municipality="091"))

    shown = await page(at)

    assert [row.notice for row in shown.rows] == ["N-1", "N-2"]
    assert not contains_identity_code(shown.model_dump_json())
    assert await ids(at, member="091") == ["N-3"]
    assert {event.body.action for event in await at.desk.events()} == {Action.NOTICES}


async def test_a_notice_is_seen_from_its_time_on(at: Office) -> None:
    await at.desk.fill(applied("N-1", decided=date(2019, 7, 15)))
    early = await ids(at)
    refused = await at.ask(opening("N-1"))
    at.desk.clock.at = datetime(2019, 7, 15, 21, tzinfo=UTC)

    assert early == []
    assert code_of(refused) == "notice.unknown"
    assert await ids(at) == ["N-1"]


async def test_where_kela_has_no_basic_assistance_a_notice_is_kept_and_shown_to_nobody(at: Office) -> None:
    await at.desk.fill(told("N-1", type="unemployed", municipality="478"), told("N-2", municipality="999"))
    await at.desk.fill(told("N-3"), told("N-3", version=2, withdrawn=True))

    assert await at.scalar("select string_agg(parked, ' ' order by id) from notice") == (
        "no_basic_assistance unknown_municipality withdrawn"
    )
    async with at.desk.rig.engine.connect() as conn:
        counted = await parked_counts(conn)
    assert counted == {"no_basic_assistance": 1, "unknown_municipality": 1, "withdrawn": 1}
    assert await ids(at) == []


async def test_a_large_backlog_is_seen_300_a_week_whatever_the_order_of_arrival(at: Office) -> None:
    first = datetime(2017, 10, 2, 6, tzinfo=UTC)
    backlog = [told(f"N-{n:03}", type="young_unemployed", created=first + timedelta(minutes=n)) for n in range(401)]
    await at.desk.fill(*reversed(backlog), at_once=40)

    seen = "select count(*) from notice where visible = '{}'"
    assert await at.scalar(seen.format("2017-10-20T21:00Z")) == 300
    assert await at.scalar(seen.format("2017-10-27T21:00Z")) == 101
    assert await at.scalar("select max(id) from notice where visible < '2017-10-22'") == "N-299"


async def test_pages_hold_100_and_continue_where_the_last_one_ended(at: Office) -> None:
    await at.desk.fill(*(told(f"N-{n:03}") for n in range(101)), applied("late", urgent=True))

    first = await page(at)
    second = await page(at, listed(after=first.next))

    assert (len(first.rows), len(second.rows), second.next) == (100, 2, None)
    assert len({row.notice for row in (*first.rows, *second.rows)}) == 102
    assert code_of(await at.ask(listed(after="nonsense"))) == "notice.page"


async def test_a_page_tells_which_are_overdue(at: Office) -> None:
    await at.desk.fill(applied("N-1", created=date(2019, 7, 1)), told("N-2"), applied("N-3"))

    shown = await page(at, listed(state="overdue"))

    assert [(row.notice, row.due, row.overdue) for row in shown.rows] == [("N-1", date(2019, 7, 11), True)]
    assert shown.overdue == 1


async def test_an_opened_notice_shows_the_client_and_the_log_knows_it_first(at: Office) -> None:
    await at.desk.fill(told("N-1", text="Tarvitsee apua", phone="0401234567", attachments=(ATTACHMENT,)))

    shown = await at.ask(opening("N-1"))

    assert isinstance(shown, NoticeView)
    assert (shown.identity_code, shown.name, shown.phone) == (client_code(1), "Ääkkönen001 Aada", "0401234567")
    assert (shown.text, shown.attachments[0].name) == ("Tarvitsee apua", "tiliote.pdf")
    event = await at.desk.only_event()
    assert (event.body.action, event.body.subject, event.id) == (Action.NOTICE, "N-1", shown.access_event)
    assert (opened(event).client, opened(event).records) == (client_code(1), ("N-1",))


async def test_a_redelivered_opening_repeats_its_event_and_shows_nothing(at: Office) -> None:
    await at.desk.fill(told("N-1"))
    request = at.request(opening("N-1"))
    await at.answering.answer(request)

    assert await at.answering.answer(request) == REPEATED
    first, second = await at.desk.events()
    assert first.digest == second.digest


async def test_a_safety_prohibition_hides_phone_and_words_from_all_but_the_named_role(at: Office) -> None:
    await at.desk.fill(inhabitant(2, protected=True), told("N-2", of=2, text="Kuopio", phone="0401234567"))
    named = (Role.NOTICE_HANDLER, Role.PROTECTED_DATA_HANDLER)

    hidden = await at.ask(opening("N-2"))
    shown = await at.answering.answer(at.request(opening("N-2"), roles=named))

    assert isinstance(hidden, NoticeView)
    assert isinstance(shown, NoticeView)
    assert (hidden.phone, hidden.text, hidden.name) == (None, "•••", "Ääkkönen002 Aada")
    assert (shown.phone, shown.text) == ("0401234567", "Kuopio")


@pytest.mark.parametrize(
    ("notice", "of", "member", "code"),
    [
        ("N-1", 1, "091", "notice.unknown"),
        ("N-9", 1, "297", "notice.unknown"),
        ("290200A950Y", 1, "297", "notice.unknown"),
        ("N-1", 7, "297", "notice.client_unknown"),
    ],
)
async def test_what_is_not_the_municipalitys_is_as_if_it_did_not_exist(
    at: Office, notice: str, of: int, member: str, code: str
) -> None:
    await at.desk.fill(told("N-1", of=of))

    assert code_of(await at.ask(opening(notice), member=member)) == code
    event = await at.desk.only_event()
    assert event.body.outcome is Outcome.REFUSED
    assert b"290200A950Y" not in event.record.value


async def test_invariant_6_a_worker_may_not_open_or_take_a_relatives_notice(at: Office) -> None:
    await at.desk.fill(inhabitant(1, parent=WORKER_CODE), told("N-1"))

    assert code_of(await at.ask(opening("N-1"))) == "gate.not_of_relative"
    assert code_of(await at.ask(command("take"))) == "gate.not_of_relative"
    assert isinstance(await at.ask(opening("N-1"), worker=COLLEAGUE_CODE), NoticeView)
    assert await at.scalar("select state from notice") == "open"


async def test_statistics_count_by_type_and_delay_without_persons(at: Office) -> None:
    await at.desk.fill(told("N-1"), told("N-2"), applied("N-3", created=date(2019, 7, 1)))
    await at.ask(command("take"))
    await at.ask(command("done", version=2, key="key-0002"))
    july = NoticeStatisticsQuery(first=date(2019, 7, 1), last=date(2019, 7, 31))

    shown = await at.ask(july)

    assert isinstance(shown, NoticeStatistics)
    contact, application = shown.rows
    assert (contact.type, contact.arrived, contact.open, contact.done, contact.median_days) == ("contact", 2, 1, 1, "0")
    assert (application.overdue, application.median_days) == (1, None)
    assert not contains_identity_code(shown.model_dump_json())
    backwards = july.model_copy(update={"last": date(2019, 6, 1)})
    assert code_of(await at.ask(backwards)) == "notice.period"
