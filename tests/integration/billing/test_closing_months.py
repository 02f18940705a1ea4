"""Closing months on a real database: to the cent, once, for ever, and checked from zero."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.closing import close_month
from services.billing.domain.periods import BillingRefusedError, month_period
from services.billing.issuing import closing_transaction
from services.billing.store import invoices
from tests.integration.billing.year import (
    BOOKS,
    DECEMBER,
    IDS,
    NEW_YEAR,
    PRICES,
    check,
    close,
    issue,
    merger,
    stored,
    totals,
    use,
)


async def outbox(engine: AsyncEngine) -> Sequence[str]:
    async with engine.connect() as conn:
        return (await conn.scalars(text("select type from outbox order by id"))).all()


async def test_december_of_a_merged_municipality_goes_to_its_successor_rated_apart(engine: AsyncEngine) -> None:
    """Golden G8."""
    await merger(engine)
    await use(engine, "174", 30, 1)
    await use(engine, "297", 1000, 10)
    run = await close(engine)
    assert totals(run) == {"A-174": Decimal("7.00"), "A-297": Decimal("90.00")}
    assert {invoice.payer.business_id for invoice in run.issued} == {IDS["297"]}
    assert [invoice.number for invoice in run.issued] == ["K2017-00001", "K2017-00002"]
    assert run.issued[0].members[0].name == "Juankoski"
    assert run.issued[0].due == date(2017, 2, 1)
    instalment = await issue(engine)
    assert totals(instalment) == {"A-297": Decimal("2923.08")}
    assert instalment.issued[0].due == date(2017, 3, 31)
    rerated = await check(engine)
    assert rerated.differences == {}
    assert rerated.rated == Decimal("3020.08")


async def test_the_other_merger_of_2017_is_settled_alike(engine: AsyncEngine) -> None:
    """Luvia into Eurajoki."""
    await merger(engine, ("051", 5_957), ("442", 3_330))
    await use(engine, "442", 30, 1)
    await use(engine, "051", 200, 1)
    run = await close(engine)
    assert {invoice.payer.business_id for invoice in run.issued} == {IDS["051"]}
    assert totals(run)["A-442"] == Decimal("7.00")
    instalment = await issue(engine)
    assert totals(instalment) == {"A-051": Decimal("232.18")}
    assert (await check(engine)).differences == {}


async def test_closing_twice_issues_nothing_and_says_so(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 1000, 10)
    first = await close(engine)
    before = [document.content for document in await stored(engine)]
    second = await close(engine, NEW_YEAR + timedelta(days=9))
    assert (second.issued, second.already) == ([], [first.issued[0].number])
    assert [document.content for document in await stored(engine)] == before
    assert await outbox(engine) == ["kelmu.billing.issued.v1"]


async def test_a_run_that_breaks_off_leaves_no_invoice_and_no_gap_in_the_numbers(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 10, 1)

    async def broken_off() -> None:
        async with closing_transaction(engine) as conn:
            assert (await close_month(conn, month_period(BOOKS, DECEMBER, NEW_YEAR), PRICES, NEW_YEAR)).issued
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await broken_off()
    assert await stored(engine) == []
    assert [invoice.number for invoice in (await close(engine)).issued] == ["K2017-00001"]


async def test_two_closings_at_once_are_refused(engine: AsyncEngine) -> None:
    await merger(engine)
    async with closing_transaction(engine):
        with pytest.raises(BillingRefusedError) as caught:
            await close(engine)
    assert caught.value.code == "close.busy"


async def test_an_issued_invoice_cannot_be_changed_or_removed(engine: AsyncEngine) -> None:
    """Invariant 4."""
    await merger(engine)
    await use(engine, "297", 10, 1)
    await close(engine)
    for statement in ("update invoice set total = 0", "delete from invoice", "truncate invoice cascade"):
        with pytest.raises(DBAPIError, match="never change"):
            async with engine.begin() as conn:
                await conn.execute(text(statement))
    assert len(await stored(engine)) == 1


async def test_a_stored_document_must_match_its_digest(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 10, 1)
    invoice = (await close(engine)).issued[0]
    other = invoice.model_copy(update={"number": "K2017-00099", "sequence": 99, "period": "2016-11"})
    with pytest.raises(IntegrityError):
        async with engine.begin() as conn:
            await invoices.add_invoice(conn, other, other.canonical(), "0" * 64)


async def test_a_free_month_makes_no_invoice(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 5, 0, product="NOT_CHARGED")
    run = await close(engine)
    assert (run.issued, run.free) == ([], 1)


async def test_usage_of_an_unknown_agreement_is_parked_and_billed_when_it_arrives(engine: AsyncEngine) -> None:
    await use(engine, "297", 100, 1)
    run = await close(engine)
    assert [(parked.agreement, parked.code) for parked in run.parked] == [("A-297", "close.unknown_agreement")]
    await merger(engine)
    assert totals(await close(engine)) == {"A-297": Decimal("9.00")}


async def test_late_usage_is_told_as_a_correction_and_changes_no_invoice(engine: AsyncEngine) -> None:
    """Golden G9: 7.00 was billed, the month now rates 9.80."""
    await merger(engine)
    await use(engine, "174", 30, 1)
    await close(engine)
    await use(engine, "174", 80, 1, tag="late")
    run = await close(engine)
    assert run.issued == []
    assert [(c.charged, c.rated) for c in run.corrections] == [(Decimal("7.00"), Decimal("9.80"))]
    rerated = await check(engine)
    assert rerated.differences == {("KELMU-2016", "2016-12", "A-174"): (Decimal("7.00"), Decimal("9.80"))}


async def test_the_check_from_zero_does_not_trust_the_tallies(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 1000, 10)
    async with engine.begin() as conn:
        await conn.execute(text("update tally set quantity = quantity + 100 where agreement = 'A-297'"))
    await close(engine)
    assert (await check(engine)).differences
