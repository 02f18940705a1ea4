"""A demand on one line of a period that a correction changes too: what rests and what is given back, to the cent.

A correction takes back of its period, and so of all its lines; a decision gives back of a line what is left of it.
"""

from datetime import date
from decimal import Decimal
from uuid import uuid5

from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing import standing
from services.billing.rectifying import Wanted
from services.billing.reversing import reverse_use
from services.billing.store.payments import Balance
from tests.integration.billing.test_corrections import corrected, taken_back
from tests.integration.billing.test_rectification import decided, demanded, invoiced, refused, registered
from tests.integration.billing.year import MARCH, NEW_YEAR, ROOT, check, close, issue, merger, use

HALF = range(15)


async def stands(engine: AsyncEngine, number: str = "K2017-00001") -> Balance:
    async with engine.connect() as conn:
        return next(one for one in await standing.balances(conn) if one.number == number)


async def sums(engine: AsyncEngine) -> tuple[str, str, str]:
    """Invoices and notes, the same rated from zero, and what decisions gave back besides; no period differs."""
    found = await check(engine)
    assert found.differences == {}
    return str(found.invoiced), str(found.rated), str(found.rectified)


async def test_a_correction_while_a_demand_is_open_leaves_its_part_of_the_line_frozen_and_to_be_given_back(
    engine: AsyncEngine,
) -> None:
    await invoiced(engine)
    made, _ = await demanded(engine, 1)
    await taken_back(engine, "297", HALF)
    # 15 of 30 queries and their 15 users: 1.20 and 15.00 of lines of 2.40 and 30.00.
    assert [note.total for note in (await corrected(engine)).credited] == [Decimal("-16.20")]
    rests = await stands(engine)
    assert (rests.open, rests.frozen, rests.claimable) == (Decimal("16.20"), Decimal("1.20"), Decimal("15.00"))
    assert await refused(decided(engine, made, "accepted", "1.21")) == "decision.amount"
    assert (await decided(engine, made, "accepted")).amount == Decimal("1.20")
    after = await stands(engine)
    assert (after.open, after.frozen) == (Decimal("15.00"), Decimal("0.00"))
    assert await sums(engine) == ("16.20", "16.20", "-1.20")


async def test_a_correction_after_a_decision_gives_back_the_rest_and_a_second_demand_meets_what_is_left(
    engine: AsyncEngine,
) -> None:
    await invoiced(engine)
    first, _ = await demanded(engine, 1)
    await decided(engine, first, "partly_accepted", "1.00")
    await taken_back(engine, "297", HALF)
    await corrected(engine)
    assert (await sums(engine))[:2] == ("16.20", "16.20")
    second, _ = await demanded(engine, 1)
    third, _ = await demanded(engine, 2)
    both = await stands(engine)
    assert (both.frozen, both.claimable) == (both.open, Decimal("0.00"))
    one = (await decided(engine, second, "accepted")).amount
    assert (await stands(engine)).frozen == both.open - one
    assert (await decided(engine, third, "accepted")).amount == both.open - one
    assert (await stands(engine)).open == Decimal("0.00")
    assert (await sums(engine))[:2] == ("16.20", "16.20")


async def test_a_line_of_an_earlier_period_that_was_taken_back_rests_no_more_while_the_others_are_due(
    engine: AsyncEngine,
) -> None:
    await merger(engine)
    await use(engine, "174", 30, 1)
    await close(engine)
    await use(engine, "174", 80, 1, tag="late")
    await corrected(engine, NEW_YEAR)
    (invoice,) = (await issue(engine)).issued
    late = invoice.lines[-1]
    made, _ = await registered(engine, Wanted(invoice.number, late.row, date(2017, 3, 1), "Counted twice."))
    before = await stands(engine, invoice.number)
    assert (before.frozen, before.claimable) == (late.amount, invoice.total - late.amount)
    for number in range(80):
        await reverse_use(engine, uuid5(ROOT, f"late174QUERY_PERSON{number}"), "never delivered", MARCH)
    await taken_back(engine, "174", range(30))
    notes = {note.credits: note.total for note in (await corrected(engine)).credited}
    assert notes == {"K2017-00001": Decimal("-7.00"), invoice.number: -late.amount}
    after = await stands(engine, invoice.number)
    assert (after.frozen, after.claimable) == (Decimal("0.00"), invoice.total - late.amount)
    assert await refused(decided(engine, made, "accepted", "0.01")) == "decision.amount"
    assert (await decided(engine, made, "rejected")).document is None
    assert (await sums(engine))[2] == "0.00"
