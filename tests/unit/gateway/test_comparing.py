"""What two years cost, drawn and listed: lengths to scale, unknown told as unknown, no formula in a file."""

from services.gateway.domain.comparing import DRAWN, LISTED, compared, difference, file_rows
from shared.contracts.answers import BillingPriceChange
from shared.contracts.answers.billing import PriceChangeRow
from shared.contracts.base import Text

NOTICE = Text(fi="Hinta on oletus.", sv="Priset är ett antagande.", en="The price is an assumption.")


def row(name: str, before: str | None, **after: str | None) -> PriceChangeRow:
    return PriceChangeRow(municipality="837", name=name, merged=(), payer=name, before=before, after=after)


def change(*rows: PriceChangeRow) -> BillingPriceChange:
    return BillingPriceChange(year=2017, own_use=False, rows=rows, price_notice=NOTICE)


def test_a_bar_is_as_long_as_its_amount_and_what_cannot_be_told_has_none() -> None:
    seen = compared(change(row("Tampere", "100.00", A="200.00", B=None)))
    ((before, first, second),) = [group.bars for group in seen.groups]
    assert (before.book, first.book, second.book) == ("", "A", "B")
    assert first.length == 2 * before.length > 0
    assert (second.amount, second.length) == (None, 0.0)
    assert before.y < first.y < second.y < seen.height


def test_those_whose_cost_changes_most_come_first_and_the_rest_is_told() -> None:
    rows = [row(f"Kunta {number:03}", "10.00", A=f"{10 + number}.00") for number in range(LISTED + 5)]
    seen = compared(change(*rows))
    assert [one.name for one in seen.rows[:2]] == [f"Kunta {LISTED + 4:03}", f"Kunta {LISTED + 3:03}"]
    assert (len(seen.rows), seen.left_out, len(seen.groups)) == (LISTED, 5, DRAWN)


def test_nothing_to_compare_is_an_empty_picture() -> None:
    seen = compared(change())
    assert (seen.books, seen.groups, seen.rows, seen.height) == ((), (), (), 0)
    assert compared(change(row("Tampere", "0.00", A="0.00"))).groups[0].bars[1].length == 0.0


def test_a_change_is_exact_and_unknown_when_either_year_is() -> None:
    assert difference(row("Tampere", "100.10", A="100.00"), "A") == "-0.10"
    assert difference(row("Tampere", None, A="100.00"), "A") is None
    assert difference(row("Tampere", "1.00", A=None), "A") is None


def test_the_file_holds_every_row_and_no_text_that_a_spreadsheet_works_out() -> None:
    heading, *rows = file_rows(change(row("=1+1", "100.00", A="90.00"), row("Oulu", None, A=None)))
    assert heading == [
        "municipality",
        "name",
        "merged",
        "payer",
        "cost_2016",
        "cost_2017_A",
        "difference_A",
        "price_notice",
    ]
    assert rows[0] == ["837", "'=1+1", "", "'=1+1", "100.00", "90.00", "-10.00", NOTICE.en]
    assert rows[1][4:7] == ["", "", ""]
