"""The check that finance relies on: the sum of all invoices against rating everything from zero.

Months are compared one by one. Instalments are compared by year: a later one settles what changed since the earlier,
so only their sum is owed. Each is rated by the facts of the run that decided it for that agreement: a run made again
for a parked agreement says nothing about those that were invoiced before it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.book import PriceBook
from services.billing.domain.books import PriceBooks
from services.billing.domain.instalments import PopulationMissingError
from services.billing.domain.recompute import MonthFromZero, YearFacts, YearFromZero, instalments_from_zero
from services.billing.facts import meetings, memberships
from services.billing.store import agreements, charges, invoices, ratings, usage
from shared.clock.civil import Month
from shared.directory.model import Directory
from shared.money import ZERO

Key = tuple[str, str, str]
"""Book, period (a month, or the year of instalments), agreement."""
NOT_INVOICED = "{} rolled over or waived"
"""The period under which a wrong amount that was rolled over or waived is named."""


@dataclass(frozen=True, slots=True)
class Rerated:
    """The two sums, and each month or year of an agreement on which they differ (invoiced, rated).

    Attributes:
        invoiced: All invoices and credit notes, but for what decisions on rectification gave back.
        rated: Everything rated from zero.
        rectified: What those decisions gave back, below zero; with `invoiced` it makes the sum of all documents.
        differences: By book, period and agreement.
    """

    invoiced: Decimal
    rated: Decimal
    rectified: Decimal
    differences: dict[Key, tuple[Decimal, Decimal]]

    @property
    def difference(self) -> Decimal:
        """Invoiced minus rated."""
        return self.invoiced - self.rated


@dataclass(frozen=True, slots=True)
class _Sums:
    """Amounts by key: invoiced, and rolled over or waived."""

    invoiced: dict[Key, Decimal] = field(default_factory=dict)
    waiting: dict[Key, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class _Facts:
    """The directories as the runs knew them, each folded once."""

    conn: AsyncConnection
    books: PriceBooks
    known: datetime | None
    """By which books a correction goes; known last if None."""
    decided: dict[Key, invoices.Closing]
    _folded: dict[int, Directory] = field(default_factory=dict)

    async def until(self, event: int) -> Directory:
        if event not in self._folded:
            self._folded[event], _ = await agreements.directory(self.conn, event)
        return self._folded[event]


async def recompute_from_zero(conn: AsyncConnection, books: PriceBooks, known: datetime | None = None) -> Rerated:
    """Rate every closed period again from the raw usage rows and the agreements events, without tallies.

    Args:
        conn: A transaction.
        books: The price books.
        known: By the versions of the books known then; known last if left out.
    """
    closings = await invoices.closings(conn)
    last = _last_instalments(closings)
    stored = await _stored(conn, last)
    rated = _Sums()
    for closing in closings:
        if "/" not in closing.period:
            month = MonthFromZero(Month.parse(closing.period))
            async for use in usage.raw_usage(conn, month.month):
                month.add(use.agreement, use.product, use.time, use.worker)
            owed = month.owed(books.get(closing.book, known))
            rated.invoiced.update({(closing.book, closing.period, one): amount for one, amount in owed.items()})
    facts = _Facts(conn, books, known, await invoices.decided_by(conn))
    for (book, year), closed in groupby((c for c in closings if "/" in c.period), lambda c: (c.book, _year(c.period))):
        for agreement, found in (await _years(facts, book, list(closed))).items():
            rated.invoiced[book, year, agreement] = found.total
            rated.waiting[book, NOT_INVOICED.format(year), agreement] = found.waiting
    # What was given back twice over stands once as rectified and once as no longer charged: named, not lost.
    spared = sum((await ratings.given_back(conn)).values(), ZERO)
    return Rerated(
        sum(stored.invoiced.values(), ZERO),
        sum(rated.invoiced.values(), ZERO),
        await charges.rectified(conn) + spared,
        _differences(stored.invoiced, rated.invoiced)
        | _differences(stored.waiting, rated.waiting)
        | {(one.book, one.period, one.agreement): pair for one, pair in (await charges.unsound(conn)).items()},
    )


async def _stored(conn: AsyncConnection, last: dict[tuple[str, str], str]) -> _Sums:
    """What stands in the database, instalments summed by year; of amounts not invoiced, what the last one left."""
    sums = _Sums()
    spared = await ratings.given_back(conn)
    for charged, amount in (await charges.charged(conn)).items():
        key = (charged.book, _year(charged.period), charged.agreement)
        sums.invoiced[key] = sums.invoiced.get(key, ZERO) + amount - spared.get(charged, ZERO)
    for agreement, book, period, amount, _ in await invoices.all_rolled_over(conn):
        if last.get((book, _year(period))) == period:
            sums.waiting[book, NOT_INVOICED.format(_year(period)), agreement] = amount
    return sums


async def _years(facts: _Facts, book: str, closed: list[invoices.Closing]) -> dict[str, YearFromZero]:
    """What each agreement owes for a year by its closed instalments."""
    year = int(_year(closed[0].period))
    known: dict[str, dict[int, YearFacts]] = {}
    for closing in closed:
        number = int(closing.period.partition("/")[2])
        latest = await facts.until(closing.agreements_until)
        decided = {key[2]: run for key, run in facts.decided.items() if key[:2] == (book, closing.period)}
        # One that this instalment left undecided is owed it by the next: only the last is asked for all.
        undecided = {one.id for one in latest.agreements()} if closing is closed[-1] else set[str]()
        for agreement in sorted(decided.keys() | undecided):
            run = decided.get(agreement, closing)
            directory = await facts.until(run.agreements_until)
            then = _year_facts(directory, agreement, facts.books.get(book, run.closed_at), year)
            if then is not None:
                known.setdefault(agreement, {})[number] = then
    now = facts.books.get(book, facts.known)
    count = len(now.population.instalments) if now.population else 0
    if closed[-1].period == f"{year}/{count}":
        await _as_known_now(facts, now, year, count + 1, known)
    return {agreement: instalments_from_zero(year, by_number) for agreement, by_number in known.items()}


async def _as_known_now(
    facts: _Facts, book: PriceBook, year: int, number: int, known: dict[str, dict[int, YearFacts]]
) -> None:
    """A year whose instalments are all closed is owed as it is known now: what differs takes a correction."""
    latest, _ = await agreements.directory(facts.conn)
    twice = {one for meeting in meetings(latest.agreements(), year) for one in meeting.agreements}
    for agreement in latest.agreements():
        now = None if agreement.id in twice else _year_facts(latest, agreement.id, book, year)
        if now is not None:
            known.setdefault(agreement.id, {})[number] = now


def _year_facts(directory: Directory, agreement_id: str, book: PriceBook, year: int) -> YearFacts | None:
    """Whose population the agreement bears; None when these facts do not tell."""
    agreement = directory.agreement(agreement_id)
    if agreement is None:
        return None
    back = book.population.reference_years_back if book.population else 0
    try:
        return YearFacts(book, memberships(directory, agreement, year, year - back))
    except PopulationMissingError:
        return None


def _last_instalments(closings: list[invoices.Closing]) -> dict[tuple[str, str], str]:
    # Closings come in order, so the last of a year stays.
    return {(closing.book, _year(closing.period)): closing.period for closing in closings if "/" in closing.period}


def _year(period: str) -> str:
    """The year of an instalment's period (``2017/1``); a month stays as it is."""
    return period.partition("/")[0]


def _differences(stored: dict[Key, Decimal], rated: dict[Key, Decimal]) -> dict[Key, tuple[Decimal, Decimal]]:
    pairs = {key: (stored.get(key, ZERO), rated.get(key, ZERO)) for key in sorted(stored.keys() | rated.keys())}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
