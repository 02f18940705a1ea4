"""Finds the closed periods that would be rated otherwise now: late or reversed use, members, population, prices."""

from collections.abc import AsyncIterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from services.billing.domain.book import PriceBook
from services.billing.domain.corrections import (
    Difference,
    Key,
    balanced,
    month_basis,
    subtract,
    year_basis,
    year_worth,
)
from services.billing.domain.instalments import PopulationMissingError, YearFee, year_fee
from services.billing.domain.rating import MonthUsage, Rated, RatingError, rate_month
from services.billing.facts import meetings, memberships, uncovered
from services.billing.issuing import Desk
from services.billing.runs import Parked
from services.billing.store import charges, invoices, ratings, usage
from shared.clock.civil import Month
from shared.contracts.agreements import AgreementChanged
from shared.money import ZERO

Own = tuple[str, str]
"""Book and period of the run at hand: what has no document yet there is its own work, no correction."""
_NOTHING: Final = MonthUsage((), 0, {})


class Charges:
    """What documents charged for each period, decisions on rectification apart, and how it was last rated."""

    def __init__(
        self, charged: Mapping[Key, Decimal], given_back: Mapping[Key, Decimal], bases: Mapping[Key, str]
    ) -> None:
        self._bases = bases
        self._amounts: dict[tuple[str, str], dict[str, Decimal]] = {}
        for key, amount in charged.items():
            self.of(key.book, key.period)[key.agreement] = amount - given_back.get(key, ZERO)

    def of(self, book: str, period: str) -> dict[str, Decimal]:
        """By agreement."""
        return self._amounts.setdefault((book, period), {})

    def changed(self, key: Key, basis: str) -> bool:
        """Whether the period was rated before, by something else."""
        return self._bases.get(key, basis) != basis


async def read_charges(at: Desk) -> Charges:
    """All charges."""
    return Charges(await charges.charged(at.conn), await ratings.given_back(at.conn), await ratings.bases(at.conn))


async def differences(at: Desk, own: Own | None) -> AsyncIterator[Difference]:
    """Each closed period that is worth something else than its documents charged, or whose use changed at no cost.

    Args:
        at: The run.
        own: What the run itself closes, if anything.
    """
    known = await read_charges(at)
    closings = await invoices.closings(at.conn)
    for closing in closings:
        if "/" not in closing.period:
            async for found in _months(at, at.book(closing.book), closing.period, known, own):
                yield found
    closed = {(closing.book, closing.period) for closing in closings}
    for name, period in sorted(closed):
        book = at.book(name)
        count = len(book.population.instalments) if book.population else 0
        year, _, number = period.partition("/")
        if number == str(count) and (own is None or (own[0], own[1].partition("/")[0]) != (name, year)):
            async for found in _years(at, book, int(year), known):
                yield found


async def _months(at: Desk, book: PriceBook, period: str, known: Charges, own: Own | None) -> AsyncIterator[Difference]:
    charged = known.of(book.id, period)
    month, acting = Month.parse(period), at.prices.products.active_products
    used = await usage.month_usage(at.conn, month, acting)
    days = await usage.days_used(at.conn, month, book.charging(acting))
    for agreement in sorted(charged.keys() | used.keys()):
        key = Key(agreement, book.id, period)
        mine, party = (book.id, period) == own and agreement not in charged, at.directory.agreement(agreement)
        if mine:
            continue
        now = used.get(agreement, _NOTHING)
        try:
            rated = rate_month(book, now)
        except RatingError as error:
            at.run.parked.append(Parked(agreement, error.code, str(error)))
            continue
        if party is None:
            _park_unknown(at, agreement, period, rated.total)
            continue
        basis, before = month_basis(now), charged.get(agreement, ZERO)
        # What the closing parks no correction may charge; what is given back needs no agreement that covers it.
        reason = uncovered(party, days.get(agreement)) if rated.total > before else None
        if reason is not None:
            at.run.parked.append(Parked(agreement, "close.ended_agreement", f"{period}: {reason}"))
        elif rated.total != before:
            parts = await _parts(at, [key], _by_member(rated), rated.total - before)
            yield Difference(key, rated.total, before, basis, (key,), parts)
        elif known.changed(key, basis):
            yield Difference(key, rated.total, before, basis, (key,))


def _park_unknown(at: Desk, agreement: str, period: str, owed: Decimal) -> None:
    """Use that came after its month was closed, of an agreement that is not known: named by every run until it is."""
    if owed:
        reason = (
            f"{period}: there is usage of {owed} €, but the agreement is not known here (yet). "
            "A correction bills it once it is."
            if agreement
            else f"{period}: charged usage of {owed} € names no agreement."
        )
        at.run.parked.append(Parked(agreement, "close.unknown_agreement", reason))


async def _years(at: Desk, book: PriceBook, year: int, known: Charges) -> AsyncIterator[Difference]:
    terms = book.population
    if terms is None:
        return
    periods = [f"{year}/{number}" for number in range(1, len(terms.instalments) + 1)]
    waived = {one for one, (_, was) in (await invoices.rolled_over(at.conn, book.id, periods[-1])).items() if was}
    twice = {one for meeting in meetings(at.directory.agreements(), year) for one in meeting.agreements}
    for agreement in at.directory.agreements():
        fee = None if agreement.id in twice else fee_of(at, book, year, agreement)
        if fee is None:
            continue
        keys = tuple(Key(agreement.id, book.id, period) for period in periods)
        charged = sum((known.of(book.id, period).get(agreement.id, ZERO) for period in periods), ZERO)
        worth = year_worth(terms, fee, charged, waived=agreement.id in waived)
        basis = year_basis(fee)
        if worth != charged:
            owed = {member.municipality: member.amount for member in fee.members}
            parts = await _parts(at, keys, owed, worth - charged)
            yield Difference(keys[-1], worth, charged, basis, keys, parts)
        elif known.changed(keys[-1], basis):
            yield Difference(keys[-1], worth, charged, basis, keys)


def fee_of(at: Desk, book: PriceBook, year: int, agreement: AgreementChanged) -> YearFee | None:
    """An agreement's fee of a year by what is known now; None when a population is not stated."""
    back = book.population.reference_years_back if book.population else 0
    try:
        return year_fee(book, year, memberships(at.directory, agreement, year, year - back))
    except PopulationMissingError:
        return None


async def _parts(at: Desk, keys: Sequence[Key], rated: Mapping[str, Decimal], amount: Decimal) -> dict[str, Decimal]:
    first = keys[0]
    periods = [key.period for key in keys]
    charged = (await charges.parts_by_member(at.conn, first.book, periods, first.agreement)).get(first.agreement, {})
    return balanced(subtract(rated, charged), amount, {**charged, **rated})


def _by_member(rated: Rated) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in rated.lines:
        for portion in line.portions:
            found[portion.member] = found.get(portion.member, ZERO) + portion.amount
    return found
