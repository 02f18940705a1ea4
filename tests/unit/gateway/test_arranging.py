"""Sorting and turning the pages of a person's tables: nothing is lost, and hostile fields arrange nothing."""

from datetime import date

import pytest

from services.gateway.domain.arranging import PAGE, Arrangement, Sorting
from shared.contracts.answers import PersonView


def nets(view: PersonView, field: str) -> list[str]:
    return [row.net for row in Arrangement.of({"sort": field}).arranged(view).payments]


def test_amounts_sort_as_amounts_and_days_as_days(person: PersonView) -> None:
    row = person.payments[0]
    rows = tuple(
        row.model_copy(update={"net": net, "payday": date(2016, month, 7)})
        for month, net in ((3, "90.00"), (1, "1000.00"), (2, "9.50"))
    )
    view = person.model_copy(update={"payments": rows})
    assert nets(view, "payments.net.up") == ["9.50", "90.00", "1000.00"]
    assert nets(view, "payments.net.down") == ["1000.00", "90.00", "9.50"]
    assert nets(view, "payments.payday.up") == ["1000.00", "9.50", "90.00"]


@pytest.mark.parametrize("way", ["up", "down"])
def test_what_is_not_known_stands_last(person: PersonView, way: str) -> None:
    known, unknown = person.decisions[0], person.decisions[0].model_copy(update={"amount": None})
    view = person.model_copy(update={"decisions": (unknown, known)})
    arranged = Arrangement.of({"sort": f"decisions.amount.{way}"}).arranged(view)
    assert arranged.decisions == (known, unknown)


def test_the_button_goes_before_what_was_sorted_by() -> None:
    found = Arrangement.of({"sort": "payments.net.up", "sort_by": "claims.number.down"})
    assert found.sorting == Sorting("claims", "number", down=True)
    assert str(found.sorting) == "claims.number.down"


@pytest.mark.parametrize(
    "field",
    [
        "",
        "payments",
        "payments.net",
        "payments.net.sideways",
        "payments.__class__.up",
        "name.net.up",
        "payments.net.up.x",
    ],
)
def test_what_no_button_sends_sorts_nothing(person: PersonView, field: str) -> None:
    found = Arrangement.of({"sort_by": field, "page": field, "months": field})
    assert found == Arrangement()
    assert found.arranged(person) is person


def test_a_long_table_has_pages_that_together_hold_every_row_once() -> None:
    rows = list(range(2 * PAGE + 7))
    pages = [Arrangement.of({"page": f"payments.{number}"}).page_of("payments", rows) for number in (1, 2, 3)]
    assert [row for page in pages for row in page.rows] == rows
    assert [(page.begins, page.ends, page.last) for page in pages] == [(1, 50, 3), (51, 100, 3), (101, 107, 3)]


def test_after_the_last_page_comes_the_last_and_other_tables_stay_on_their_first() -> None:
    found = Arrangement.of({"page": "payments.9"})
    assert found.page_of("payments", range(PAGE + 1)).number == 2
    assert found.page_of("decisions", range(PAGE + 1)).number == 1
    assert found.page_of("payments", []).rows == ()
    assert Arrangement.of({"page": "payments.0"}).page is None


def test_to_be_printed_a_table_stands_whole() -> None:
    page = Arrangement.of({"page": "payments.2"}, whole=True).page_of("payments", range(120))
    assert (len(page.rows), page.last) == (120, 1)


def test_the_last_months_begin_with_a_whole_month() -> None:
    assert Arrangement.of({"months": "12"}).since(date(2016, 12, 31)) == date(2016, 1, 1)
    assert Arrangement.of({"months": "3"}).since(date(2017, 1, 5)) == date(2016, 11, 1)
    assert Arrangement.of({"months": "13"}).since(date(2016, 12, 31)) is None
