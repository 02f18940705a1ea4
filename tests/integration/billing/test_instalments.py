"""Instalments on a real database: borne once, settled when members change, and checked from zero."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.domain.periods import BillingRefusedError
from services.billing.runs import Run
from shared.clock.civil import at_helsinki
from shared.contracts.agreements import Member
from shared.contracts.base import Contract, Validity
from tests.integration.billing.year import agreement, check, issue, know, organisation, population, totals

FIRST, SECOND = Decimal("15000.00"), Decimal("20863.01")


async def test_a_joint_body_rolls_over_waives_and_invoices_by_agreement(engine: AsyncEngine) -> None:
    """Golden G10, first instalment; and the rollover and waiver of small ones."""
    await know(
        engine,
        organisation("837"),
        organisation("091", "sv", None),
        organisation("020"),
        agreement("837", "837", "211", "418"),
        agreement("091"),
        agreement("020"),
        population("837", 6667),
        population("211", 1500),
        population("418", 100),
        population("091", 1500),
        population("020", 100),
    )
    run = await issue(engine)
    assert totals(run) == {"A-837": Decimal("206.68")}
    shares = {share.municipality: share.amount for share in run.issued[0].members}
    assert shares == {"837": Decimal("166.68"), "211": Decimal("37.50"), "418": Decimal("2.50")}
    assert run.rolled_over == {"A-020": Decimal("2.50"), "A-091": Decimal("37.50")}
    again = await issue(engine)
    assert (again.issued, again.rolled_over, len(again.already)) == ([], {}, 1)
    last = await issue(engine, "2017/2", at_helsinki(date(2017, 12, 1)))
    assert totals(last) == {"A-837": Decimal("206.67"), "A-091": Decimal("75.00")}
    assert last.waived == {"A-020": Decimal("5.00")}
    assert {invoice.due for invoice in last.issued} == {date(2018, 1, 2)}
    assert (await check(engine)).differences == {}
    swedish = next(invoice for invoice in last.issued if invoice.agreement == "A-091")
    assert (swedish.payer.language, swedish.delivery) == ("sv", "paper")


async def helsinki_and_then_espoo(engine: AsyncEngine, *, between: Sequence[Contract] = ()) -> tuple[Run, Run]:
    """091 bears itself all year; 049 joins it on 1 June, which is known only after the first instalment."""
    await know(engine, organisation("091"), agreement("091"), population("091", 600_000), population("049", 200_000))
    first = await issue(engine)
    joined = agreement("091", version=2)
    members = (*joined.members, Member(municipality="049", validity=Validity(first=date(2017, 6, 1))))
    await know(engine, joined.model_copy(update={"members": members}), *between)
    return first, await issue(engine, "2017/2", at_helsinki(date(2017, 12, 1)))


async def test_a_member_that_joins_between_instalments_is_settled_and_the_check_from_zero_agrees(
    engine: AsyncEngine,
) -> None:
    first, second = await helsinki_and_then_espoo(engine)
    assert totals(first) == {"A-091": FIRST}
    assert totals(second) == {"A-091": SECOND}
    rerated = await check(engine)
    assert (rerated.rated, rerated.differences) == (FIRST + SECOND, {})


async def test_a_run_made_again_for_a_parked_agreement_leaves_what_was_issued_to_its_own_facts(
    engine: AsyncEngine,
) -> None:
    await know(engine, organisation("091"), agreement("091"), population("091", 600_000))
    await know(engine, organisation("837"), agreement("837"))
    run = await issue(engine)
    assert (totals(run), [parked.agreement for parked in run.parked]) == ({"A-091": FIRST}, ["A-837"])
    changed = agreement("091", "091", "020", version=2)
    await know(engine, changed, population("020", 100_000), population("837", 6_667))
    assert totals(await issue(engine)) == {"A-837": Decimal("166.68")}
    assert (await check(engine)).differences == {}


async def test_the_check_from_zero_tells_an_instalment_that_is_missing_and_a_waiver_that_is_wrong(
    engine: AsyncEngine,
) -> None:
    await helsinki_and_then_espoo(engine, between=(organisation("020"), agreement("020"), population("020", 100)))
    async with engine.begin() as conn:
        for table in ("invoice", "rolled_over"):
            await conn.execute(text(f"alter table {table} disable trigger all"))
        await conn.execute(text("delete from invoice where period = '2017/2'"))
        await conn.execute(text("update rolled_over set amount = 4"))
    assert (await check(engine)).differences == {
        ("KELMU-2017", "2017", "A-091"): (FIRST, FIRST + SECOND),
        ("KELMU-2017", "2017 rolled over or waived", "A-020"): (Decimal("4.00"), Decimal("5.00")),
    }


async def test_the_second_instalment_waits_for_the_first(engine: AsyncEngine) -> None:
    with pytest.raises(BillingRefusedError) as caught:
        await issue(engine, "2017/2", at_helsinki(date(2017, 12, 1)))
    assert caught.value.code == "instalment.previous_missing"


async def test_a_population_borne_twice_or_not_stated_is_parked_by_name(engine: AsyncEngine) -> None:
    await know(
        engine,
        organisation("837"),
        organisation("091"),
        organisation("020"),
        agreement("837", "837", "020"),
        agreement("020"),
        agreement("091"),
        population("837", 6667),
        population("020", 6667),
    )
    run = await issue(engine)
    assert run.issued == []
    assert {parked.agreement: parked.code for parked in run.parked} == {
        "A-837": "instalment.borne_twice",
        "A-020": "instalment.borne_twice",
        "A-091": "instalment.population_missing",
    }
