"""Random claims and payments against a second allocator that hands out one cent after the other."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.claims.data_files import protected_shares
from services.claims.domain.allocation import KELA, CareFee, Claimed, Paid, Standing, Taken, allocate
from shared.clock.civil import Month
from shared.contracts.claims import Ground
from shared.finnish.banking_days import is_holiday

MONTHS = (Month(2016, 11), Month(2016, 12), Month(2017, 1), Month(2017, 2))
BENEFITS = ("kansanelake", "tyomarkkinatuki", "sairauspaivaraha")
MINIMUM = {2016: 107_00, 2017: 107_00}
CENTS = st.integers(0, 90_00).map(lambda cents: Decimal(cents) / 100)
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
                    month: CareFee(draw(CENTS), draw(CENTS) * 4, draw(CENTS) / 2 // Decimal("0.01") * Decimal("0.01"))
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


def counts(benefit: str, day: date) -> bool:
    """Whether the benefit is paid for the day."""
    if benefit == "tyomarkkinatuki":
        return day.weekday() < 5
    if benefit == "sairauspaivaraha":
        return day.weekday() < 6 and not is_holiday(day)
    return True


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


class SlowAllocator:
    """Every cent is offered to the claims in their order; the first that still may take it gets it."""

    def __init__(self, every: list[Claimed]) -> None:
        self.every = every
        self.collected: Counter[tuple[UUID, tuple[int, int]]] = Counter()

    def share(self, paid: Paid) -> tuple[Counter[UUID], int]:
        queue = sorted((c for c in self.every if self.may(c, paid)), key=self.rank)
        won: Counter[UUID] = Counter()
        client = 0
        for month, size in self.months(paid):
            portions = {claim.id: self.portion(claim, paid, month, size) for claim in queue}
            here: Counter[UUID] = Counter()
            for _cent in range(size):
                winner = next((c for c in queue if here[c.id] < portions[c.id] and self.room(c, month)), None)
                if winner is None:
                    client += 1
                    continue
                here[winner.id] += 1
                won[winner.id] += 1
                self.collected[winner.id, month] += 1
        return won, client

    def may(self, claim: Claimed, paid: Paid) -> bool:
        arrived = (
            claim.arrived + timedelta(hours=2 if claim.arrived >= datetime(2016, 10, 30, 1, tzinfo=UTC) else 3)
        ).date()
        enough = (paid.payday - arrived).days >= (0 if claim.in_time else 14)
        return claim.standing is not Standing.ENDED and claim.benefit == paid.benefit and enough

    def rank(self, claim: Claimed) -> tuple[object, ...]:
        if claim.ground is Ground.AML_14:
            return (3, 0, claim.arrived, str(claim.id))
        if claim.origin and claim.origin.year < 2017:
            return (1, claim.origin.toordinal(), 0 if claim.body == KELA else 1, claim.arrived, str(claim.id))
        return (2, 0, 0 if claim.body == KELA else 1, claim.arrived, str(claim.id))

    def months(self, paid: Paid) -> list[tuple[tuple[int, int], int]]:
        """Whole months weigh alike for monthly benefits; days weigh alike for daily ones."""
        weights: dict[tuple[int, int], Fraction] = {}
        for day in days(paid.first, paid.last):
            month = (day.year, day.month)
            length = Month(*month).length if paid.benefit == "kansanelake" else 1
            weights[month] = weights.get(month, Fraction(0)) + Fraction(int(counts(paid.benefit, day)), length)
        if not any(weights.values()):
            weights[max(weights)] = Fraction(1)
        total, size = sum(weights.values()), int(paid.net * 100)
        exact = {month: size * weight / total for month, weight in weights.items()}
        parts = {month: int(part) for month, part in exact.items()}
        for month in sorted(parts, key=lambda m: (parts[m] - exact[m], m))[: size - sum(parts.values())]:
            parts[month] += 1
        return sorted(parts.items())

    def portion(self, claim: Claimed, paid: Paid, month: tuple[int, int], size: int) -> int:
        within = [day for day in days(paid.first, paid.last) if (day.year, day.month) == month]
        own = [day for day in within if claim.first <= day and (claim.last is None or day <= claim.last)]
        whole = sum(counts(paid.benefit, day) for day in within)
        if not own or whole == 0:
            return size if own else 0
        exact = Fraction(size * sum(counts(paid.benefit, day) for day in own), whole)
        return int(exact + Fraction(1, 2))

    def room(self, claim: Claimed, month: tuple[int, int]) -> bool:
        """Whether one cent more stays within every limit of the month."""
        mine = self.collected[claim.id, month] + 1
        if claim.amount is not None and mine > claim.amount * 100:
            return False
        if claim.ground is Ground.TOTUL_23:
            return mine <= claim.advances.get(Month(*month), Decimal(0)) * 100
        stated = [m for m in claim.care if (m.year, m.month) <= month]
        if not stated:
            return False
        care = claim.care[max(stated, key=lambda m: (m.year, m.month))]
        income, others = int(care.income * 100), int(care.others * 100)
        keeps = max(int(Fraction(income * 15, 100) + Fraction(1, 2)), MINIMUM[month[0]])
        everyone = sum(self.collected[other.id, month] for other in self.every) + 1
        return mine + others <= care.fee * 100 and everyone + others + keeps <= income


@settings(max_examples=400)
@given(claims(), payments())
def test_every_cent_goes_where_a_slow_allocator_puts_it(every: list[Claimed], paid: list[Paid]) -> None:
    slow, taken = SlowAllocator(every), Taken()
    for one in paid:
        expected, client = slow.share(one)
        made = allocate(one, every, taken, protected_shares())
        won = Counter[UUID]()
        for share in made.shares:
            won[share.claim] += int(share.amount * 100)
        assert (dict(won), int(made.client * 100)) == (dict(expected), client)
        assert made.client + sum((share.amount for share in made.shares), Decimal(0)) == one.net


@settings(max_examples=200)
@given(claims(), payments(), st.randoms())
def test_the_order_in_which_claims_are_listed_changes_nothing(
    every: list[Claimed], paid: list[Paid], chance: Random
) -> None:
    mixed = list(every)
    chance.shuffle(mixed)
    for one in paid:
        assert allocate(one, every, Taken(), protected_shares()) == allocate(one, mixed, Taken(), protected_shares())
