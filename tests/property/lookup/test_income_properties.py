"""The income summary against a slow second implementation: every day weighed, in fractions, cent by cent."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from services.lookup.domain.income import deal, spread, summarise
from shared.contracts.register import Payment
from shared.finnish.banking_days import is_holiday
from shared.money import CENT, allocate
from tests.unit.lookup.samples import paid

MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SATURDAY, SUNDAY = 5, 6
BENEFITS = ("kansanelake", "yleinen_asumistuki", "tyomarkkinatuki", "sairauspaivaraha", "aitiysavustus")
CENTS = st.integers(0, 500_000)


@st.composite
def payments(draw: st.DrawFn) -> Payment:
    first = draw(st.dates(date(2014, 1, 1), date(2019, 12, 31)))
    last = first + timedelta(days=draw(st.integers(0, 420)))
    recovered, tax, net = draw(CENTS), draw(CENTS), draw(CENTS)
    return paid(
        last + timedelta(days=draw(st.integers(-30, 30))),
        first,
        last,
        benefit=draw(st.sampled_from(BENEFITS)),
        gross=euros(recovered + tax + net),
        tax=euros(tax),
        recovered=euros(recovered),
    )


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def day_weight(benefit: str, day: date) -> Fraction:
    """What one day weighs: a share of its month for monthly benefits, one for each benefit day of daily ones."""
    if benefit == "tyomarkkinatuki":
        return Fraction(day.weekday() < SATURDAY)
    if benefit == "sairauspaivaraha":
        return Fraction(day.weekday() < SUNDAY and not is_holiday(day))
    leap = day.month == 2 and day.year % 4 == 0
    return Fraction(1, MONTH_LENGTHS[day.month - 1] + leap)


def dealt(cents: int, weights: Sequence[Fraction]) -> list[int]:
    """Cents by weight: whole parts first, then one cent at a time to whoever lacks most, the earlier first."""
    whole = sum(weights, Fraction(0))
    if cents == 0 or whole == 0:
        return [0] * len(weights)
    exact = [cents * weight / whole for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    while sum(parts) < cents:
        lacking = max(range(len(parts)), key=lambda index: (exact[index] - parts[index], -index))
        parts[lacking] += 1
    return parts


def slowly(payment: Payment) -> dict[str, tuple[int, int, int]]:
    """Gross, tax and recovered in cents by month."""
    gross, recovered = int(payment.gross * 100), int(payment.recovered * 100)
    tax = int(payment.withheld * 100) - recovered
    if payment.benefit == "aitiysavustus":
        months = {f"{payment.payday:%Y-%m}": Fraction(1)}
    else:
        months = {}
        day = payment.first
        while day <= payment.last:
            month = f"{day:%Y-%m}"
            months[month] = months.get(month, Fraction(0)) + day_weight(payment.benefit, day)
            day += timedelta(days=1)
        if not any(months.values()):
            count = Counter(
                f"{payment.first + timedelta(days=n):%Y-%m}" for n in range((payment.last - payment.first).days + 1)
            )
            months = {month: Fraction(days) for month, days in count.items()}
    grosses = dealt(gross, list(months.values()))
    taxes = dealt(tax, [Fraction(part) for part in grosses])
    left = [Fraction(whole - part) for whole, part in zip(grosses, taxes, strict=True)]
    rows = zip(months, grosses, taxes, dealt(recovered, left), strict=True)
    return {month: (g, t, r) for month, g, t, r in rows if g or t or r}


WEEKEND = paid(date(2017, 10, 3), date(2017, 9, 30), date(2017, 10, 1), benefit="tyomarkkinatuki", gross="10.01")


@given(payments())
@example(WEEKEND)
def test_every_payment_is_spread_as_a_slow_second_count_spreads_it(payment: Payment) -> None:
    fast = {str(s.month): (int(s.gross * 100), int(s.tax * 100), int(s.recovered * 100)) for s in spread(payment)}

    assert {month: row for month, row in fast.items() if any(row)} == slowly(payment)


@given(st.lists(payments(), max_size=6))
def test_the_summary_holds_every_cent_of_the_payments_and_no_month_pays_less_than_nothing(paid_: list[Payment]) -> None:
    summary = summarise(paid_)

    assert sum(Decimal(row.gross) for row in summary) == sum(payment.gross for payment in paid_)
    assert sum(Decimal(row.net) for row in summary) == sum(payment.net for payment in paid_)
    assert sum(Decimal(row.recovered) for row in summary) == sum(payment.recovered for payment in paid_)
    for row in summary:
        assert Decimal(row.gross) - Decimal(row.tax) - Decimal(row.recovered) == Decimal(row.net) >= 0
    assert [row.month for row in summary] == sorted({row.month for row in summary}, reverse=True)


@given(st.integers(-1_000_000, 1_000_000), st.lists(st.integers(0, 10**9), min_size=1, max_size=24).filter(any))
def test_cents_are_dealt_as_money_is_divided_everywhere(cents: int, weights: list[int]) -> None:
    assert [part * CENT for part in deal(cents, weights)] == allocate(cents * CENT, weights)
