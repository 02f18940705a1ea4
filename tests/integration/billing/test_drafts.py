"""Drafts and comparisons: what would be issued, without a number taken or a row left behind."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.domain.periods import BillingRefusedError
from services.billing.previewing import Compared, compare, draft_of, preview
from shared.clock.civil import at_helsinki
from tests.integration.billing.year import (
    MARCH,
    NEW_YEAR,
    PRICES,
    agreement,
    close,
    issue,
    know,
    merger,
    organisation,
    population,
    stored,
    totals,
    use,
)

BEFORE = at_helsinki(date(2016, 12, 20))


async def test_a_draft_is_what_closing_issues_but_for_its_number_and_leaves_nothing(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 1000, 10)
    drafts = [draft_of(one) for one in (await preview(engine, PRICES, "2016-12", NEW_YEAR)).issued]
    async with engine.connect() as conn:
        for table in ("invoice", "outbox", "closing", "invoice_counter", "rating"):
            assert await conn.scalar(text(f"select count(*) from {table}")) == 0
    issued = draft_of((await close(engine)).issued[0])
    assert drafts == [issued]
    assert not {"number", "sequence", "reference", "reference_rf"} & issued.keys()


async def test_an_open_period_is_drafted_as_if_closed_on_its_first_possible_day(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 1000, 10)
    (draft,) = (await preview(engine, PRICES, "2016-12", BEFORE)).issued
    assert draft.issued_on == date(2017, 1, 1)
    instalment = await preview(engine, PRICES, "2017/1", BEFORE)
    assert (totals(instalment), instalment.issued[0].issued_on) == ({"A-297": Decimal("2923.08")}, date(2017, 3, 1))
    assert await stored(engine) == []


async def test_a_period_is_compared_with_what_was_issued_and_with_another_book(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 1000, 10)
    await use(engine, "174", 30, 1)
    await close(engine)
    await use(engine, "174", 80, 1, tag="late")
    assert await compare(engine, PRICES, "2016-12", None, MARCH) == [
        Compared("A-174", Decimal("7.00"), Decimal("9.80")),
        Compared("A-297", Decimal("90.00"), Decimal("90.00")),
    ]
    by_other = await compare(engine, PRICES, "2016-12", "KELMU-2017-USAGE", MARCH)
    assert [(one.agreement, one.draft, one.difference) for one in by_other] == [
        ("A-174", Decimal("9.14"), Decimal("2.14")),
        ("A-297", Decimal("84.00"), Decimal("-6.00")),
    ]
    await issue(engine)
    assert await compare(engine, PRICES, "2017/1", None, MARCH) == [
        Compared("A-297", Decimal("2923.08"), Decimal("2923.08"))
    ]
    with pytest.raises(BillingRefusedError) as caught:
        await compare(engine, PRICES, "2016-12", "KELMU-2017", MARCH)
    assert caught.value.code == "compare.model"


async def test_a_payer_without_e_invoice_address_is_invoiced_on_paper_and_the_run_says_so(engine: AsyncEngine) -> None:
    await know(engine, organisation("091", "sv", None), agreement("091"), population("091", 20_000))
    run = await issue(engine)
    assert run.on_paper == ["V2017-00001"]
    assert run.issued[0].delivery == "paper"
