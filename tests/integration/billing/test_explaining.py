"""Every cent leads to its events: exactly those that were charged, whatever came or was taken back since."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.domain.explaining import Units
from services.billing.domain.periods import BillingRefusedError
from services.billing.explaining import Explained, document, events, explain
from services.billing.reporting import snapshot
from services.billing.store.explaining import Cut, UsedEvent
from services.billing.store.workers import add_aliases
from shared.clock.civil import at_helsinki
from shared.contracts.agreements import Member
from shared.contracts.base import Validity
from tests.integration.billing.test_corrections import corrected, taken_back
from tests.integration.billing.test_rectification import decided, demanded
from tests.integration.billing.year import (
    MARCH,
    PRICES,
    ROOT,
    agreement,
    close,
    delivered,
    issue,
    know,
    merger,
    organisation,
    population,
    use,
)

FIRST = "K2017-00001"


async def explained(
    engine: AsyncEngine, number: str, row: int, only: str | None = None
) -> tuple[Explained, list[UsedEvent]]:
    async with snapshot(engine) as conn:
        found = await explain(conn, PRICES, await document(conn, number), row)
        if found.seen is None:
            return found, []
        return found, [one async for one in events(conn, found, Cut(found.ground, found.seen, only))]


def queries(code: str, numbers: range, tag: str = "") -> list[UUID]:
    return [uuid5(ROOT, f"{tag}{code}QUERY_PERSON{n}") for n in numbers]


async def test_a_line_of_uses_leads_to_exactly_those_that_were_there_when_it_was_issued(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 30, 30)
    await taken_back(engine, "297", range(2))
    await close(engine)
    await use(engine, "297", 5, 1, tag="late")
    await taken_back(engine, "297", range(2, 4))
    found, used = await explained(engine, FIRST, 1)
    assert (found.fault, found.counted, found.ground.basis) == (None, {"297": 28}, "uses")
    assert [one.event for one in used] == queries("297", range(30))
    assert [one.counts for one in used] == [0, 0, *(1,) * 28]
    assert [one.reversal is not None for one in used] == [*(True,) * 4, *(False,) * 26]
    assert sum(one.counts for one in used) == found.ground.line.quantity


async def test_a_line_of_users_leads_to_the_first_use_of_each(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 30, 3)
    async with engine.begin() as conn:
        await add_aliases(conn, [(f"v1.{2:026d}", f"v1.{1:026d}")])
    await close(engine)
    found, used = await explained(engine, FIRST, 2)
    assert (found.fault, found.ground.basis, found.ground.tier) == (None, "users", "1-1500")
    assert [one.event for one in used] == queries("297", range(2))
    assert found.ground.units == Units(0, 2)


async def test_a_minimum_line_leads_to_the_lines_that_it_fills_up(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "174", 30, 1)
    await close(engine)
    found, used = await explained(engine, FIRST, 3)
    assert (found.fault, found.ground.rests_on, found.ground.minimum, used) == (None, (1, 2), Decimal("7.00"), [])


async def test_a_correction_leads_to_the_uses_that_came_late_and_those_taken_back(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "174", 30, 1)
    await close(engine)
    await use(engine, "174", 80, 1, tag="late")
    await taken_back(engine, "174", range(1))
    run = await issue(engine)
    (invoice,) = run.issued
    found, used = await explained(engine, invoice.number, len(invoice.lines))
    assert (found.fault, found.ground.basis) == (None, "late_uses")
    assert {one.event for one in used if one.counts == 1} == set(queries("174", range(80), "late"))
    (back,) = [one for one in used if one.counts == -1]
    assert back.reversal == queries("174", range(1))[0]
    assert [(one.outcome, one.document, one.amount) for one in found.earlier] == [("charged", FIRST, Decimal("7.00"))]
    again, charged_first = await explained(engine, FIRST, 1)
    assert (again.fault, len(charged_first)) == (None, 30)


async def test_a_second_correction_leads_to_what_came_since_the_first(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 1000, 1)
    await close(engine)
    for tag in ("late", "later"):
        await use(engine, "297", 100, 1, tag=tag)
        (invoice,) = (await corrected(engine, MARCH, issue_now=True)).issued
        found, used = await explained(engine, invoice.number, 1)
        assert found.fault is None
        assert [one.event for one in used] == queries("297", range(100), tag)
    await taken_back(engine, "297", range(3))
    (note,) = (await corrected(engine)).credited
    found, used = await explained(engine, note.number, 1)
    assert (found.fault, [one.counts for one in used]) == (None, [-1, -1, -1])


async def test_an_instalment_leads_to_inhabitants_days_and_the_events_that_stated_them(engine: AsyncEngine) -> None:
    await merger(engine)
    (invoice,) = (await issue(engine)).issued
    await know(engine, population("297", 1).model_copy(update={"version": 2}))
    found, used = await explained(engine, invoice.number, 1)
    assert (found.fault, used, found.ground.basis) == (None, [], "inhabitants")
    assert [(one.municipality, one.inhabitants, one.days) for one in found.members] == [("297", 116_923, 365)]
    stated = {one.what: one.event for one in found.facts}
    assert stated == {
        "A-297": delivered(agreement("297")).id,
        "297": delivered(population("297", 112_153)).id,
        "174": delivered(population("174", 4_770)).id,
    }


async def test_what_was_carried_over_leads_to_the_instalment_before(engine: AsyncEngine) -> None:
    await know(engine, organisation("020"), agreement("020"), population("020", 1500))
    assert (await issue(engine)).rolled_over == {"A-020": Decimal("37.50")}
    (invoice,) = (await issue(engine, "2017/2", at_helsinki(date(2017, 12, 1)))).issued
    found, _ = await explained(engine, invoice.number, 2)
    assert found.fault is None
    assert [(one.period, one.outcome, one.amount) for one in found.earlier] == [
        ("2017/1", "rolled_over", Decimal("37.50"))
    ]


async def test_a_year_that_changed_afterwards_leads_to_the_new_members(engine: AsyncEngine) -> None:
    await know(engine, organisation("091"), agreement("091"), population("091", 600_000), population("049", 200_000))
    await issue(engine)
    await issue(engine, "2017/2", at_helsinki(date(2017, 12, 1)))
    joined = agreement("091", version=2)
    members = (*joined.members, Member(municipality="049", validity=Validity(first=date(2017, 6, 1))))
    changed = joined.model_copy(update={"members": members})
    await know(engine, changed)
    (invoice,) = (await corrected(engine, at_helsinki(date(2018, 2, 1)), issue_now=True)).issued
    found, _ = await explained(engine, invoice.number, 1)
    assert (found.fault, found.ground.basis) == (None, "late_facts")
    assert [one.municipality for one in found.members] == ["049", "091"]
    assert [one.event for one in found.facts if one.late] == [delivered(changed).id]


async def test_what_a_decision_gave_back_leads_to_the_demand(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 30, 30)
    await close(engine)
    demand, _ = await demanded(engine)
    decision = await decided(engine, demand, "accepted")
    assert decision.document is not None
    found, _ = await explained(engine, decision.document, 1)
    assert found.fault is None
    assert found.decided is not None
    assert (found.decided.demand, found.decided.grounds) == (demand.id, "As shown.")


async def test_uses_are_paged_in_order_and_a_member_sees_its_own(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 25, 1)
    await close(engine)
    found, whole = await explained(engine, FIRST, 1)
    paged: list[UsedEvent] = []
    assert found.seen is not None
    async with snapshot(engine) as conn:
        while True:
            after = (paged[-1].time, paged[-1].event) if paged else None
            page = [one async for one in events(conn, found, Cut(found.ground, found.seen, None, after, 10))]
            paged += page
            if not page:
                break
    assert paged == whole
    assert await explained(engine, FIRST, 1, "174") == (found, [])


async def test_what_no_longer_fits_is_said(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 30, 1)
    await close(engine)
    async with engine.begin() as conn:
        connection = await conn.get_raw_connection()
        await connection.driver_connection.execute(  # type: ignore[union-attr]  # asyncpg
            "delete from usage where event_id = $1", queries("297", range(1))[0]
        )
    found, _ = await explained(engine, FIRST, 1)
    assert found.fault == "30 were charged, but 29 are found."


async def test_what_is_not_there_is_refused_with_its_reason(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "297", 30, 1)
    await close(engine)
    for number, row, code in (("K2017-00009", 1, "explain.no_document"), (FIRST, 9, "explain.no_line")):
        with pytest.raises(BillingRefusedError) as refused:
            await explained(engine, number, row)
        assert refused.value.code == code
