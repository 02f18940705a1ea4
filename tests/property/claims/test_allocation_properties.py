"""Random claims and payments against a second allocator that hands out one cent after the other."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.claims.data_files import protected_shares
from services.claims.domain.allocation import KELA, Allocation, CareFee, Claimed, Paid, Standing, Taken, allocate
from shared.contracts.claims import Ground
from tests.property.claims.histories import BENEFITS, MONTHS, a_claim, a_payment
from tests.property.claims.slow import SlowAllocator, Taking

CENTS = st.integers(0, 9_00).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(date(2016, 11, 1), date(2017, 2, 28))


@st.composite
def claims(draw: st.DrawFn) -> list[Claimed]:
    made = []
    for number in range(draw(st.integers(0, 4))):
        ground = draw(st.sampled_from(list(Ground)))
        first = draw(DAYS)
        made.append(
            Claimed(
                id=UUID(int=number),
                body=draw(st.sampled_from(("a", "b", KELA)))
                if ground is Ground.TOTUL_23
                else draw(st.sampled_from("ab")),
                ground=ground,
                benefit=draw(st.sampled_from(BENEFITS)),
                origin=draw(st.none() | st.dates(date(2016, 11, 1), date(2017, 1, 31))),
                arrived=datetime(2016, 10, 1, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 24 * 120))),
                first=first,
                last=draw(st.none() | st.dates(first, date(2017, 3, 31))),
                amount=draw(st.none() | CENTS),
                advances={month: draw(CENTS) for month in MONTHS if draw(st.booleans())},
                care={
                    month: CareFee(draw(CENTS), 107 + draw(CENTS), draw(CENTS) / 2 // Decimal("0.01") * Decimal("0.01"))
                    for month in MONTHS
                    if draw(st.booleans())
                },
                standing=draw(st.sampled_from(list(Standing))),
                in_time=draw(st.booleans()),
            )
        )
    return made


@st.composite
def payments(draw: st.DrawFn) -> list[Paid]:
    made = []
    for number in range(draw(st.integers(1, 3))):
        first = draw(DAYS)
        last = draw(st.dates(first, first + timedelta(days=75)))
        made.append(
            Paid(
                id=f"P{number}",
                benefit=draw(st.sampled_from(BENEFITS)),
                payday=draw(st.dates(date(2016, 11, 1), date(2017, 3, 31))),
                first=first,
                last=last,
                net=draw(CENTS),
            )
        )
    return made


def won(made: Allocation) -> dict[Taking, int]:
    cents = Counter[Taking]()
    for share in made.shares:
        cents[share.claim, (share.month.year, share.month.month)] += int(share.amount * 100)
    return dict(cents)


@settings(max_examples=120)
@given(claims(), payments())
def test_every_cent_goes_where_a_slow_allocator_puts_it(every: list[Claimed], paid: list[Paid]) -> None:
    slow, taken = SlowAllocator(every), Taken()
    for one in paid:
        expected, client = slow.share(one)
        made = allocate(one, every, taken, protected_shares())
        assert (won(made), int(made.client * 100)) == (dict(expected), client)
        assert made.client + sum((share.amount for share in made.shares), Decimal(0)) == one.net


@settings(max_examples=100)
@given(claims(), payments(), st.randoms())
def test_the_order_in_which_claims_are_listed_changes_nothing(
    every: list[Claimed], paid: list[Paid], chance: Random
) -> None:
    mixed = list(every)
    chance.shuffle(mixed)
    for one in paid:
        assert allocate(one, every, Taken(), protected_shares()) == allocate(one, mixed, Taken(), protected_shares())


def test_ten_thousand_random_cases_agree_with_the_slow_allocator() -> None:
    chance = Random(23_14)
    taking = 0
    for _ in range(10_000):
        every = [a_claim(chance, number) for number in range(chance.randint(1, 4))]
        one = a_payment(chance, "P", most=60)
        expected, client = SlowAllocator(every).share(one)
        made = allocate(one, every, Taken(), protected_shares())
        assert (won(made), int(made.client * 100)) == (dict(expected), client)
        taking += bool(made.shares)
    assert taking > 1_000
