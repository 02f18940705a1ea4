"""Lists end to end: from their day on, of the own municipality only, told to the log with everybody on the page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.lookup.domain.header import HIDDEN
from shared.bus.messages import Outgoing
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import ListPage, Refused
from shared.contracts.asking import ListName, ListQuery
from shared.contracts.base import Purpose, Role
from tests.integration.lookup.desk import opened
from tests.integration.lookup.municipal import Office, client, client_code, inhabitant, support
from tests.integration.lookup.surroundings import NOW

FIRST = date(2018, 1, 1)  # a Monday


def days(id_: str, number: int, count: int) -> list[Outgoing]:
    """An inhabitant who was paid for so many benefit days, in one payment a week."""
    weeks = [FIRST + timedelta(weeks=week) for week in range(count // 5)]
    return [support(f"{id_}-{n}", number, first, first + timedelta(days=6)) for n, first in enumerate(weeks)]


def query(name: ListName, *, month: str | None = None, after: str | None = None) -> ListQuery:
    purpose = Purpose.INVOICE_LIST if name == "tmt_invoice" else Purpose.TMT_LIST
    return ListQuery(list=name, purpose=purpose, month=month, after=after)


async def page(at: Office, asked: ListQuery) -> ListPage:
    answer = await at.ask(asked)
    assert isinstance(answer, ListPage)
    return answer


async def test_the_lists_hold_who_was_paid_for_so_many_days_and_lives_in_the_municipality(at: Office) -> None:
    await at.desk.fill(inhabitant(1), *days("a", 1, 300), inhabitant(2), *days("b", 2, 200), inhabitant(3))
    await at.desk.fill(*days("c", 3, 195), inhabitant(4, municipality="091"), *days("d", 4, 300))
    await at.desk.fill(support("c-x", 3, date(2019, 7, 1), date(2019, 7, 7), withdrawn=True))

    longer, shorter = await page(at, query("tmt_300")), await page(at, query("tmt_200"))

    assert [(row.identity_code, row.days) for row in longer.rows] == [(client_code(1), 300)]
    assert {(row.identity_code, row.days) for row in shorter.rows} == {(client_code(1), 300), (client_code(2), 200)}
    assert (shorter.total, shorter.next, shorter.as_of) == (2, None, date(2019, 7, 15))


async def test_an_inhabitant_of_a_merged_municipality_stands_on_its_successors_list(at: Office) -> None:
    await at.desk.fill(inhabitant(1, municipality="174"), *days("a", 1, 200))

    assert (await page(at, query("tmt_200"))).total == 1


async def test_invariant_1_the_log_knows_everybody_on_the_page_and_no_code_stands_in_clear(at: Office) -> None:
    await at.desk.fill(inhabitant(1), *days("a", 1, 200), inhabitant(2), *days("b", 2, 200))

    shown = await page(at, query("tmt_200"))

    event = await at.desk.only_event()
    assert (event.body.action, event.body.outcome, event.body.subject) == (Action.LIST, Outcome.GRANTED, "tmt_200")
    assert (event.body.persons, event.id) == (2, shown.access_event)
    assert opened(event).clients == tuple(row.identity_code for row in shown.rows)
    assert client_code(1).encode() not in event.record.value


async def test_an_empty_list_is_told_as_such(at: Office) -> None:
    assert (await page(at, query("tmt_300"))).rows == ()
    assert (await at.desk.only_event()).body.outcome is Outcome.EMPTY


async def test_a_long_list_is_turned_by_pages_of_100(at: Office) -> None:
    for number in range(101):
        await at.desk.fill(inhabitant(number), support(f"p-{number}", number, FIRST, FIRST + timedelta(days=300)))

    first = await page(at, query("tmt_200"))
    second = await page(at, query("tmt_200", after=first.next))

    assert (len(first.rows), len(second.rows), first.total, second.next) == (100, 1, 101, None)
    assert first.next == sorted(client(number) for number in range(101))[99]
    assert len({row.identity_code for row in (*first.rows, *second.rows)}) == 101


async def test_a_safety_prohibition_hides_the_name_from_all_but_the_named_role(at: Office) -> None:
    await at.desk.fill(inhabitant(1, protected=True), *days("a", 1, 200))
    named = (Role.LABOUR_MARKET_HANDLER, Role.PROTECTED_DATA_HANDLER)

    hidden = await page(at, query("tmt_200"))
    shown = await at.answering.answer(at.request(query("tmt_200"), roles=named))

    assert isinstance(shown, ListPage)
    assert (hidden.rows[0].name, hidden.rows[0].protected) == (HIDDEN, True)
    assert shown.rows[0].name == "Ääkkönen001 Aada"


async def test_the_invoices_list_has_the_euros_of_its_month(at: Office) -> None:
    july, june = date(2019, 7, 2), date(2019, 6, 18)
    await at.desk.fill(inhabitant(1), inhabitant(2))
    await at.desk.fill(support("p-1", 1, date(2019, 6, 17), date(2019, 6, 30), payday=july))
    await at.desk.fill(support("p-2", 1, date(2019, 6, 3), date(2019, 6, 16), payday=june))
    await at.desk.fill(
        support("p-3", 1, date(2019, 6, 24), date(2019, 6, 30), payday=july, gross="100.00", withdrawn=True)
    )
    await at.desk.fill(support("p-4", 1, date(2019, 6, 10), date(2019, 6, 16), payday=july, gross="7.25"))
    await at.desk.fill(support("p-5", 2, date(2019, 6, 3), date(2019, 6, 16), payday=june))

    shown = await page(at, query("tmt_invoice", month="2019-07"))

    row, *others = shown.rows
    assert others == []
    assert (row.identity_code, row.days) == (client_code(1), None)
    assert (row.paid, row.returned, row.corrected) == ("325.00", "100.00", "7.25")


@pytest.mark.parametrize(
    ("name", "eve"),
    [
        ("tmt_200", datetime(2017, 6, 30, 20, 59, 59, tzinfo=UTC)),
        ("tmt_300", datetime(2017, 12, 31, 21, 59, 59, tzinfo=UTC)),
        ("tmt_invoice", datetime(2019, 5, 31, 20, 59, 59, tzinfo=UTC)),
    ],
)
async def test_each_list_is_refused_before_its_day_and_shown_from_it_on(
    at: Office, name: ListName, eve: datetime
) -> None:
    month = "2019-06" if name == "tmt_invoice" else None
    at.desk.clock.at = eve
    early = await at.ask(query(name, month=month))
    at.desk.clock.at = eve + timedelta(seconds=1)

    assert isinstance(early, Refused)
    assert early.refusal.rule == "list_date"
    assert isinstance(await at.ask(query(name, month=month)), ListPage)
    assert {event.body.outcome for event in await at.desk.events()} == {Outcome.REFUSED, Outcome.EMPTY}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (query("tmt_invoice"), "list.month"),
        (query("tmt_invoice", month="2019-08"), "list.month"),
        (query("tmt_200").model_copy(update={"purpose": Purpose.INVOICE_LIST}), "list.purpose"),
        (query("tmt_200").model_copy(update={"purpose": Purpose.ETOTU}), "gate.purpose_fits_function"),
    ],
)
async def test_a_wrong_month_or_purpose_is_refused_and_logged(at: Office, asked: ListQuery, code: str) -> None:
    answer = await at.ask(asked)

    assert isinstance(answer, Refused)
    assert answer.refusal.code == code
    assert (await at.desk.only_event()).body.rule == answer.refusal.rule


async def test_invariant_6_a_worker_without_the_role_gets_no_list(at: Office) -> None:
    at.desk.clock.at = NOW.replace(year=2019)
    answer = await at.answering.answer(at.request(query("tmt_200"), roles=(Role.FEE_CLERK,)))

    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "role_covers_function"
