"""Settlement rows: held parts wait, corrections are rows of their own, and everything sums to what stands."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from services.claims.domain.settlements import PAGE, Stood, page, settled
from services.claims.settlement_files import as_csv, as_xlsx
from shared.clock.civil import Month

CREATED = datetime(2017, 3, 1, tzinfo=UTC)
PAYDAY, TODAY = date(2017, 2, 7), date(2017, 4, 1)
FEBRUARY, MARCH = Month(2017, 2), Month(2017, 3)


def stood(entry: int, paid: int, day: date, net: int = 300, payment: str = "P-1") -> Stood:
    return Stood(
        payment=payment, entry=entry, day=day, payday=PAYDAY, first=FEBRUARY.first, last=FEBRUARY.last,
        net=Decimal(net), to_client=Decimal(net - paid), paid=Decimal(paid), number="MV-1", reference="12344",
        gross=Decimal(net * 2), withheld=Decimal(net),
    )  # fmt: skip


def told(*entries: Stood, month: Month = FEBRUARY) -> list[tuple[str, str, str, bool]]:
    rows = page(settled(entries, TODAY), month, None).rows
    return [(row.net, row.to_municipality, row.to_client, row.correction) for row in rows]


def test_only_what_stood_on_the_payday_was_paid() -> None:
    assert told(stood(1, 50, date(2017, 1, 20)), stood(2, 100, date(2017, 2, 1))) == [
        ("300.00", "100.00", "200.00", False)
    ]


def test_a_part_that_was_held_is_a_row_when_it_is_paid_and_no_correction() -> None:
    entries = stood(1, 0, date(2017, 2, 1)), stood(2, 100, date(2017, 3, 10))
    assert told(*entries) == []
    assert told(*entries, month=MARCH) == [("300.00", "100.00", "200.00", False)]


def test_a_correction_is_a_row_of_its_own_with_the_difference() -> None:
    entries = stood(1, 100, date(2017, 2, 1)), stood(2, 60, date(2017, 3, 10), net=250)
    assert told(*entries) == [("300.00", "100.00", "200.00", False)]
    assert told(*entries, month=MARCH) == [("-50.00", "-40.00", "-10.00", True)]


def test_gross_and_withheld_specify_the_net_of_each_row_and_corrections_tell_their_difference() -> None:
    entries = stood(1, 100, date(2017, 2, 1)), stood(2, 60, date(2017, 3, 10), net=250)
    told_ = [(one.row.gross, one.row.withheld, one.row.net) for one in settled(entries, TODAY)]
    assert told_ == [("600.00", "300.00", "300.00"), ("-100.00", "-50.00", "-50.00")]


def test_what_was_not_kept_is_empty_and_never_guessed() -> None:
    old = replace(stood(1, 100, date(2017, 2, 1)), gross=None, withheld=None)
    rows = [one.row for one in settled([old, stood(2, 60, date(2017, 3, 10))], TODAY)]
    assert [(row.gross, row.withheld) for row in rows] == [(None, None), (None, None)]
    assert as_csv(rows[:1]).decode().splitlines()[1].endswith("2017-02-28,,,300.00,100.00,200.00,")
    (sheet,) = load_workbook(BytesIO(as_xlsx(rows, "297 2017-02", CREATED))).worksheets
    assert [cell.value for cell in sheet[2]][5:8] == [None, None, 300]


def test_a_payday_to_come_settles_nothing() -> None:
    assert settled([stood(1, 100, date(2017, 2, 1))], PAYDAY - timedelta(days=1)) == []
    assert len(settled([stood(1, 100, date(2017, 2, 1))], PAYDAY)) == 1


def test_pages_follow_each_other_without_gap_and_share_their_total() -> None:
    rows = settled([stood(1, 1, date(2017, 2, 1), payment=f"P-{n}") for n in range(PAGE + 3)], TODAY)
    first = page(rows, FEBRUARY, None)
    rest = page(rows, FEBRUARY, first.next)
    assert (len(first.rows), len(rest.rows), rest.next) == (PAGE, 3, None)
    assert first.total == rest.total == f"{PAGE + 3}.00"
    assert first.next is not None
    assert len(first.next) <= 100


@given(st.lists(st.tuples(st.integers(0, 80), st.sampled_from((0, 50, 100))), min_size=1, max_size=8))
def test_the_rows_of_any_history_sum_to_what_stands(history: list[tuple[int, int]]) -> None:
    days = sorted(days for days, _ in history)
    entries = [
        stood(n, paid, date(2017, 1, 1) + timedelta(days=day))
        for n, (day, (_, paid)) in enumerate(zip(days, history, strict=True), 1)
    ]
    rows = settled(entries, TODAY)
    assert sum(Decimal(one.row.to_municipality) for one in rows) == entries[-1].paid
    assert settled(reversed(entries), TODAY) == rows
    corrections = [one.row.correction for one in rows]
    assert corrections == sorted(corrections)


def test_the_files_hold_the_rows_and_the_same_rows_give_the_same_bytes() -> None:
    rows = [one.row for one in settled([stood(1, 100, date(2017, 2, 1)), stood(2, 60, date(2017, 3, 10))], TODAY)]
    written = as_csv(rows).decode().splitlines()
    assert written[1:] == [
        "12344,MV-1,2017-02-07,2017-02-01,2017-02-28,600.00,300.00,300.00,100.00,200.00,",
        "12344,MV-1,2017-02-07,2017-02-01,2017-02-28,0.00,0.00,0.00,-40.00,40.00,yes",
    ]
    book = as_xlsx(rows, "297 2017-02", CREATED)
    assert book == as_xlsx(rows, "297 2017-02", CREATED)
    (sheet,) = load_workbook(BytesIO(book)).worksheets
    assert [cell.value for cell in sheet[3]][5:] == [0, 0, 0, -40, 40, "yes"]
