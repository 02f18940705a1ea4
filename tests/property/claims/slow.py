"""A second allocator, slow and obviously correct: it hands out one cent after the other."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from uuid import UUID

from services.claims.domain.allocation import KELA, Claimed, Paid, Standing
from shared.clock.civil import Month
from shared.contracts.claims import Ground
from shared.finnish.banking_days import is_holiday

MINIMUM = {2016: 107_00, 2017: 107_00}
Taking = tuple[UUID, tuple[int, int]]
"""A claim and a month."""


@cache
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

    def __init__(self, every: Sequence[Claimed]) -> None:
        self.every = every
        self.collected: Counter[Taking] = Counter()

    def share(self, paid: Paid) -> tuple[Counter[Taking], int]:
        """Cents by claim and month, and what is left to the client."""
        queue = sorted((c for c in self.every if self.may(c, paid)), key=self.rank)
        won: Counter[Taking] = Counter()
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
                won[winner.id, month] += 1
                self.collected[winner.id, month] += 1
        return won, client

    def may(self, claim: Claimed, paid: Paid) -> bool:
        arrived = (
            claim.arrived + timedelta(hours=2 if claim.arrived >= datetime(2016, 10, 30, 1, tzinfo=UTC) else 3)
        ).date()
        enough = (paid.payday - arrived).days >= (0 if claim.in_time else 14)
        stopped = claim.stops_from is not None and claim.stops_from <= paid.payday
        return claim.standing is not Standing.ENDED and not stopped and claim.benefit == paid.benefit and enough

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
