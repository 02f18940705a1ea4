"""Settlement rows: held parts wait, corrections are rows of their own, and everything sums to what stands."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.claims.domain.settlements import PAGE, Stood, page, settled
from shared.clock.civil import Month

PAYDAY, TODAY = date(2017, 2, 7), date(2017, 4, 1)
FEBRUARY, MARCH = Month(2017, 2), Month(2017, 3)


def stood(entry: int, paid: int, day: date, net: int = 300, payment: str = "P-1") -> Stood:
    return Stood(
        payment=payment, entry=entry, day=day, payday=PAYDAY, first=FEBRUARY.first, last=FEBRUARY.last,
        net=Decimal(net), to_client=Decimal(net - paid), paid=Decimal(paid), number="MV-1", reference="12344",
        gross=Decimal(net * 2), withheld=Decimal(net),
    )  # fmt: skip


def told(*entries: Stood, month: Month = FEBRUARY) -> list[tuple[str | None, str, str | None, bool]]:
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


SUMS = st.integers(0, 3).map(lambda n: n * 50)
HISTORY = st.lists(st.tuples(st.integers(0, 80), SUMS, SUMS), min_size=1, max_size=5)
"""Of each entry: its day, what the claim gets, and what others get; the rest is the client's."""


def shared_out(history: list[tuple[int, int, int]], *, more: int) -> list[Stood]:
    """The entries of a history in which others get more than stated, where they get anything, and the client less."""
    return [
        Stood(
            payment="P-1", entry=n, day=date(2017, 1, 1) + timedelta(days=day), payday=PAYDAY, first=FEBRUARY.first,
            last=FEBRUARY.last, net=Decimal(500), gross=Decimal(700), withheld=Decimal(200), number="MV-1",
            reference="12344", paid=Decimal(own), to_client=Decimal(500 - own - others - more * bool(others)),
            others=bool(others),
        )
        for n, (day, own, others) in enumerate(sorted(history), 1)
    ]  # fmt: skip


@given(HISTORY, st.integers(1, 40))
def test_whatever_others_get_of_a_payment_the_rows_are_the_same(history: list[tuple[int, int, int]], more: int) -> None:
    """What looks alike whatever another body got cannot be used to find out what it got."""
    rows = settled(shared_out(history, more=0), TODAY)
    assert settled(shared_out(history, more=more), TODAY) == rows
    assert settled([replace(one, net=one.net + more) if one.others else one for one in shared_out(history, more=0)],
                   TODAY) == rows  # fmt: skip


def test_where_others_share_the_own_part_alone_is_told_and_what_differs_from_it_is_not() -> None:
    alone = stood(1, 100, date(2017, 2, 1))
    entries = alone, replace(stood(2, 60, date(2017, 3, 10)), others=True), stood(3, 80, date(2017, 3, 11))
    figures = [
        (one.row.others, one.row.gross, one.row.withheld, one.row.net, one.row.to_client, one.row.to_municipality)
        for one in settled([*entries, stood(4, 90, date(2017, 3, 12))], TODAY)
    ]
    assert figures == [
        (False, "600.00", "300.00", "300.00", "200.00", "100.00"),
        (True, None, None, None, None, "-40.00"),
        (True, None, None, None, None, "20.00"),
        (False, "0.00", "0.00", "0.00", "-10.00", "10.00"),
    ]
