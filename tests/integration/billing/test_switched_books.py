"""Closing works with whichever books the switch names, and a book that changes the past corrects what it priced."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import uuid5

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.book_files import PriceData
from services.billing.closing import close_month
from services.billing.correcting import correct
from services.billing.domain.books import PriceBooks
from services.billing.domain.fields import Span
from services.billing.domain.periods import BillingRefusedError, instalment_period, month_period
from services.billing.domain.usage import Usage
from services.billing.issuing import closing_transaction
from services.billing.rerating import recompute_from_zero
from services.billing.runs import Run
from services.billing.store.usage import record_usage
from shared.clock.civil import Month, at_helsinki, helsinki_date
from tests.integration.billing.year import BOOKS, NEW_YEAR, PRICES, ROOT, close, merger, totals, use

if TYPE_CHECKING:
    from services.billing.domain.book import PriceBook

JANUARY = Month(2017, 1)
FEBRUARY = at_helsinki(date(2017, 2, 2))


def switched(*active: str) -> PriceData:
    return replace(PRICES, books=PriceBooks(BOOKS.files, active))


async def use_in_january(engine: AsyncEngine, queries: int) -> None:
    times = [datetime(2017, 1, 10, 8, tzinfo=UTC) + timedelta(minutes=n) for n in range(queries)]
    rows = [
        Usage(
            uuid5(ROOT, f"january{t}"),
            "A-297",
            "297",
            "QUERY_PERSON",
            t,
            helsinki_date(t),
            "v1.00000000000000000000000001",
        )
        for t in times
    ]
    async with engine.begin() as conn:
        await record_usage(conn, rows)


async def close_january(engine: AsyncEngine, prices: PriceData) -> Run:
    async with closing_transaction(engine) as conn:
        return await close_month(conn, month_period(prices.books, JANUARY, FEBRUARY), prices, FEBRUARY)


async def test_with_the_usage_book_months_go_on_being_invoiced_in_2017(engine: AsyncEngine) -> None:
    prices = switched("KELMU-2016", "KELMU-2017-USAGE")
    await merger(engine)
    await use(engine, "297", 1000, 10)
    await use_in_january(engine, 1000)
    assert totals(await close(engine)) == {"A-297": Decimal("90.00")}
    run = await close_january(engine, prices)
    assert totals(run) == {"A-297": Decimal("75.00")}
    assert {line.price_row for line in run.issued[0].lines} == {
        "KELMU-2017-USAGE QUERY_PERSON",
        "KELMU-2017-USAGE USER_MONTH",
    }
    with pytest.raises(BillingRefusedError, match="charges use, not inhabitants"):
        instalment_period(prices.books, "2017/1", FEBRUARY)
    async with engine.connect() as conn:
        assert (await recompute_from_zero(conn, prices.books)).differences == {}


async def test_with_the_free_book_nothing_is_invoiced_from_2017_on(engine: AsyncEngine) -> None:
    prices = switched("KELMU-2016", "KELMU-2017-FREE")
    await merger(engine)
    await use_in_january(engine, 1000)
    run = await close_january(engine, prices)
    assert (run.issued, run.parked, run.free) == ([], [], 1)
    async with engine.connect() as conn:
        assert (await recompute_from_zero(conn, prices.books)).differences == {}


def cheaper(since: date) -> PriceBooks:
    """The shipped books, and a second version of the first by which a query cost 0.07 all along, known from a day."""
    files: dict[str, PriceBook] = dict(BOOKS.files)
    first = files["KELMU-2016.yaml"]
    until = Span(first=first.known.first, last=since - timedelta(days=1))
    items = tuple(
        item.model_copy(update={"price": Decimal("0.0700")}) if item.code == "QUERY_PERSON" else item
        for item in first.items
    )
    files["KELMU-2016.yaml"] = first.model_copy(update={"known": until})
    files["KELMU-2016-v2.yaml"] = first.model_copy(
        update={"version": 2, "known": Span(first=since, last=None), "items": items}
    )
    return PriceBooks(files, ("KELMU-2016", "KELMU-2017"))


async def test_a_book_published_later_gives_back_what_the_past_was_charged_too_much(engine: AsyncEngine) -> None:
    since = date(2017, 2, 1)
    prices = replace(PRICES, books=cheaper(since))
    await merger(engine)
    await use(engine, "297", 1000, 10)
    async with closing_transaction(engine) as conn:
        december = month_period(prices.books, Month(2016, 12), NEW_YEAR)
        assert totals(await close_month(conn, december, prices, NEW_YEAR)) == {"A-297": Decimal("90.00")}
    async with closing_transaction(engine) as conn:
        unknown_yet = await correct(conn, prices, at_helsinki(since) - timedelta(seconds=1), issue_now=True)
    assert (unknown_yet.issued, unknown_yet.credited) == ([], [])
    async with closing_transaction(engine) as conn:
        run = await correct(conn, prices, at_helsinki(since), issue_now=True)
    assert [note.total for note in run.credited] == [Decimal("-10.00")]
    assert run.credited[0].lines[0].price_row == "KELMU-2016 v2 CORRECTION"
    async with engine.connect() as conn:
        rerated = await recompute_from_zero(conn, prices.books)
    assert rerated.differences == {}
    assert rerated.invoiced == Decimal("80.00")
