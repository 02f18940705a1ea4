"""Random years through billing's own handlers, closings and corrections: its documents cost what the slow rater says.

The thousand years of the property test drive the rules alone; these few drive what carries them: tallies, reversals,
numbers, notes and the check from zero, on a real database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.book_files import PriceData, load_prices
from services.billing.closing import close_month
from services.billing.correcting import correct
from services.billing.domain.books import PriceBooks, parse_book
from services.billing.domain.periods import instalment_period, month_period
from services.billing.handlers import on_usage
from services.billing.instalment_runs import issue_instalment
from services.billing.issuing import closing_transaction
from services.billing.rerating import recompute_from_zero
from services.billing.store import charges
from shared.bus.messages import Delivered, Record
from shared.bus.transaction import Tx
from shared.clock.civil import Month
from shared.contracts.access import AccessDecided, AccessReversed
from shared.ids import event_id
from tests.integration.billing.year import know
from tests.property.billing.clerk import due_instants
from tests.property.billing.histories import END, FINLAND, Event, History, history
from tests.property.billing.published import agreement_of, body_of, organisations, populations
from tests.property.billing.random_books import PRODUCTS, shelves
from tests.property.billing.slow_rater import SlowRater, read

TABLE = load_prices().products
SHELVES = shelves(Random(6), 30)
BEGINNING = datetime.min.replace(tzinfo=UTC)


def published_by(service: str) -> Record:
    return Record("access.events", 0, 0, b"k", b"", (("ce_source", service.encode()),), 0)


@dataclass
class Office:
    """Billing in one random year."""

    engine: AsyncEngine
    past: History
    prices: PriceData
    dues: Sequence[datetime]
    closed: list[Month] = field(default_factory=list)
    until: datetime = BEGINNING

    async def work(self) -> None:
        """Close everything in order of time, then correct what is left."""
        await know(self.engine, *organisations(), *populations(self.past))
        steps: list[tuple[datetime, Month | int]] = list(zip(self.dues, range(1, 9), strict=False))
        months = [Month(*one) for one in self.past.months]
        by_use = [month for month in months if self.prices.books.at(month.first).usage]
        steps += [(month.ends_before + timedelta(hours=8), month) for month in by_use]
        for now, step in sorted(steps, key=lambda one: one[0]):
            await self._receive(now)
            async with closing_transaction(self.engine) as conn:
                if isinstance(step, Month):
                    await close_month(conn, month_period(self.prices.books, step, now), self.prices, now)
                    self.closed.append(step)
                else:
                    period = instalment_period(self.prices.books, f"2017/{step}", now)
                    await issue_instalment(conn, period, self.prices, now)
        await self._receive(END)
        async with closing_transaction(self.engine) as conn:
            await correct(conn, self.prices, END, issue_now=True)

    async def _receive(self, now: datetime) -> None:
        past = self.past
        new = [agreement_of(one) for one in past.agreements if self.until < one.published <= now]
        if new:
            await know(self.engine, *new)
        uses = [delivered(event) for event in past.events if self.until < event.arrives <= now]
        gone = [event for event in past.events if self.until < past.reversals.get(event.number, self.until) <= now]
        async with self.engine.begin() as conn:
            await on_usage(TABLE, lambda: END)(Tx(conn), [*uses, *map(taken_back, gone)])
        self.until = now


def delivered(event: Event) -> Delivered[AccessDecided]:
    body = body_of(event)
    record = published_by(body.service)
    return Delivered(UUID(int=event.number), AccessDecided.ce_type, event.time, body, record, b"")


def taken_back(event: Event) -> Delivered[AccessReversed]:
    use = UUID(int=event.number)
    body = AccessReversed(
        of=use, time=event.time, agreement=event.agreement, member=event.member, reason="not_delivered"
    )
    record = published_by(body_of(event).service)
    return Delivered(event_id("access-reversed", str(use)), body.ce_type, event.time, body, record, b"")


def random_year(seed: int) -> History:
    """A history whose uses lie within their agreements' days: others wait for a person."""
    past = history(Random(seed))
    spans = {one.id: one.span for one in past.agreements}

    def within(event: Event) -> bool:
        first, last = spans[event.agreement]
        day = event.time.astimezone(FINLAND).date()
        return first <= day and (last is None or day <= last)

    past.events = [event for event in past.events if within(event)]
    kept = {event.number for event in past.events}
    past.reversals = {number: when for number, when in past.reversals.items() if number in kept}
    return past


@pytest.mark.parametrize("seed", [1, 20, 24])
async def test_a_random_year_on_a_database_costs_what_the_slow_rater_says(engine: AsyncEngine, seed: int) -> None:
    chosen = SHELVES[seed * 7 % len(SHELVES)]
    files = {file: parse_book(file, read(text)) for file, text in chosen.files}
    past = random_year(seed)
    dues = due_instants(chosen.dues)
    office = Office(engine, past, PriceData(PriceBooks(files, chosen.active), TABLE), dues)
    await office.work()

    slow = SlowRater(past, chosen.texts, chosen.active, PRODUCTS.read_text(encoding="utf-8"))
    agreements = sorted({one.id for one in past.agreements})
    expected = {
        (one, str(month)): slow.month(one, (month.year, month.month), END)
        for one in agreements
        for month in office.closed
    }
    if dues:
        expected |= {(one, "2017"): slow.year(one, list(dues)) for one in agreements}
    async with engine.connect() as conn:
        stands: dict[tuple[str, str], Decimal] = {}
        for key, amount in (await charges.charged(conn)).items():
            period = key.period.partition("/")[0]
            stands[key.agreement, period] = stands.get((key.agreement, period), Decimal(0)) + amount
        rerated = await recompute_from_zero(conn, office.prices.books)
    assert {key: amount for key, amount in stands.items() if amount} == {
        key: amount for key, amount in expected.items() if amount
    }
    assert rerated.differences == {}
    assert rerated.invoiced == sum(expected.values(), Decimal(0))
    assert any(expected.values())
