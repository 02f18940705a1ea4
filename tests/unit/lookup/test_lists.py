"""Who stands on a list, with how many days or euros, and how it is turned."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lookup.data import list_table
from services.lookup.domain.header import HIDDEN
from services.lookup.domain.lists import (
    Entry,
    Euros,
    Named,
    Paid,
    entries,
    euros_of,
    may_show,
    month_of,
    page,
    paid_days,
    row_of,
)
from shared.clock.civil import Month
from shared.contracts.base import DataGroup, Purpose, Refusal
from shared.finnish.benefits import benefit_days

TMT = "tyomarkkinatuki"
TABLE = list_table()
JULY = Month(2019, 7)


def paid(first: date, last: date, gross: str = "325.00", payday: date | None = None, client: str = "a") -> Paid:
    return Paid(client, payday or last + timedelta(days=2), first, last, Decimal(gross))


def withdrawn(payment: Paid) -> Paid:
    return replace(payment, withdrawn=True)


def test_a_day_counts_once_however_often_it_was_paid() -> None:
    january = paid(date(2017, 1, 2), date(2017, 1, 15))  # 10 days: Epiphany counts (G5)
    again = paid(date(2017, 1, 9), date(2017, 1, 22))

    assert paid_days([january], TMT) == 10
    assert paid_days([january, january], TMT) == 10
    assert paid_days([again, january], TMT) == 15


def test_a_withdrawn_payment_makes_no_days() -> None:
    assert paid_days([withdrawn(paid(date(2017, 1, 2), date(2017, 1, 15)))], TMT) == 0


@given(
    st.lists(
        st.tuples(st.dates(date(2017, 1, 1), date(2018, 12, 31)), st.integers(0, 40), st.booleans()),
        max_size=12,
    )
)
def test_paid_days_are_the_benefit_days_of_the_union_of_periods(periods: list[tuple[date, int, bool]]) -> None:
    payments = [replace(paid(first, first + timedelta(days=length)), withdrawn=gone) for first, length, gone in periods]
    covered = {
        one.first + timedelta(days=step)
        for one in payments
        if not one.withdrawn
        for step in range((one.last - one.first).days + 1)
    }

    assert paid_days(payments, TMT) == sum(benefit_days(TMT, day, day) for day in covered)


@pytest.mark.parametrize(("name", "least"), [("tmt_200", 200), ("tmt_300", 300)])
def test_a_person_stands_on_the_list_from_its_last_day_on(name: str, least: int) -> None:
    definition = next(row for row in TABLE.lists if row.name == name)
    first = date(2016, 1, 4)  # a Monday
    last = first + timedelta(weeks=least // 5) - timedelta(days=3)  # the Friday of the last week

    reached = entries([paid(first, last, client="b"), paid(first, last - timedelta(days=1))], definition, None)

    assert reached == (Entry("b", days=least),)


def test_what_moved_in_the_invoicing_month_is_paid_returned_or_corrected() -> None:
    june = paid(date(2019, 6, 3), date(2019, 6, 16), payday=date(2019, 6, 18))
    july = paid(date(2019, 6, 17), date(2019, 6, 30), payday=date(2019, 7, 2))
    more = paid(date(2019, 6, 3), date(2019, 6, 9), "12.50", payday=date(2019, 7, 16))
    back = withdrawn(paid(date(2019, 7, 1), date(2019, 7, 7), "100.00", payday=date(2019, 7, 9)))

    euros = euros_of([back, july, june, more], JULY)

    assert euros == Euros(paid=Decimal("325.00"), returned=Decimal("100.00"), corrected=Decimal("12.50"))
    assert euros_of([june], JULY) is None


def test_the_invoices_list_has_the_persons_of_its_month_only() -> None:
    in_july = paid(date(2019, 6, 17), date(2019, 6, 30), payday=date(2019, 7, 2), client="b")
    in_june = paid(date(2019, 6, 3), date(2019, 6, 16), payday=date(2019, 6, 18))

    assert [entry.client for entry in entries([in_july, in_june], TABLE.row("tmt_invoice"), JULY)] == ["b"]


@given(st.sets(st.text("abcdef", min_size=1, max_size=6), max_size=350))
def test_turning_the_pages_shows_everybody_once_and_at_most_100_at_a_time(clients: set[str]) -> None:
    everybody = tuple(Entry(client) for client in sorted(clients))
    shown: list[str] = []
    after = None
    while True:
        found = page(everybody, after)
        assert len(found.rows) <= 100
        assert found.total == len(clients)
        shown.extend(entry.client for entry in found.rows)
        after = found.next
        if after is None:
            break

    assert shown == sorted(clients)


def test_a_person_gone_meanwhile_neither_repeats_nor_drops_the_others() -> None:
    everybody = tuple(Entry(f"{n:03}") for n in range(150))
    first = page(everybody, None)

    rest = page([entry for entry in everybody if entry.client != first.next], first.next)

    assert [entry.client for entry in rest.rows] == [f"{n:03}" for n in range(100, 150)]


def test_a_safety_prohibition_hides_the_name_from_all_but_the_named_role() -> None:
    named, entry = Named("290200A950Y", "Ääkkönen Aada", protected=True), Entry("a", days=210)

    hidden, shown = row_of(entry, named, sees_protected=False), row_of(entry, named, sees_protected=True)

    assert (hidden.name, hidden.protected, hidden.days) == (HIDDEN, True, 210)
    assert (shown.name, shown.protected) == ("Ääkkönen Aada", True)


@pytest.mark.parametrize(
    ("name", "month", "fits"),
    [
        ("tmt_300", None, True),
        ("tmt_300", "2019-07", False),
        ("tmt_invoice", None, False),
        ("tmt_invoice", "2019-05", False),
        ("tmt_invoice", "2019-06", True),
        ("tmt_invoice", "2019-08", True),
        ("tmt_invoice", "2019-09", False),
    ],
)
def test_a_month_is_asked_for_exactly_where_the_list_has_one(name: str, month: str | None, *, fits: bool) -> None:
    definition = next(row for row in TABLE.lists if row.name == name)

    assert isinstance(month_of(definition, month, date(2019, 8, 1)), Refusal) is not fits


PAYMENTS = frozenset({DataGroup.PAYMENTS})


def test_each_list_opens_by_its_own_purpose_and_none_by_the_law_of_look_ups() -> None:
    invoice = TABLE.row("tmt_invoice")

    assert may_show(invoice, Purpose.INVOICE_LIST, PAYMENTS, None) is None
    assert may_show(TABLE.row("tmt_200"), Purpose.TMT_LIST, PAYMENTS, (TMT,)) is None
    refusal = may_show(invoice, Purpose.TMT_LIST, PAYMENTS, None)
    assert refusal is not None
    assert refusal.code == "list.purpose"
    assert all("812/2000" not in row.law for row in TABLE.lists)
    assert [row.name for row in sorted(TABLE.lists, key=lambda row: row.first)] == ["tmt_200", "tmt_300", "tmt_invoice"]


@pytest.mark.parametrize(
    ("groups", "benefits"),
    [
        (frozenset[DataGroup](), None),
        (frozenset({DataGroup.DECISIONS}), None),
        (PAYMENTS, ()),
        (PAYMENTS, ("lapsilisa",)),
    ],
)
def test_a_list_needs_its_data_group_and_its_benefit_covered(
    groups: frozenset[DataGroup], benefits: tuple[str, ...] | None
) -> None:
    for row in TABLE.lists:
        refusal = may_show(row, row.purpose, groups, benefits)

        assert refusal is not None
        assert (refusal.code, refusal.law) == ("list.not_covered", row.law)


def test_lists_count_all_days_and_say_why() -> None:
    assert not TABLE.counting.within_window
    assert TABLE.counting.source
