"""Demands for rectification and payments: registered, resting, decided, given back, settled."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.billing import standing
from services.billing.domain.periods import BillingRefusedError
from services.billing.domain.rectifying import Decision, Demand, Outcome
from services.billing.issuing import closing_transaction
from services.billing.rectifying import Wanted, decide, demand
from services.billing.settling import pay
from services.billing.store.payments import Balance, Payment
from tests.integration.billing.test_corrections import corrected, taken_back, types
from tests.integration.billing.year import MARCH, NEW_YEAR, PRICES, check, close, merger, use

INVOICE = "K2017-00001"
RECEIVED = date(2017, 2, 1)
T = TypeVar("T")


async def invoiced(engine: AsyncEngine) -> None:
    """One invoice of 32.40: line 1 for 30 queries, 2.40; line 2 for 30 users, 30.00."""
    await merger(engine)
    await use(engine, "297", 30, 30)
    await close(engine)


async def within(engine: AsyncEngine, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    async with closing_transaction(engine) as conn:
        return await work(conn)


async def registered(engine: AsyncEngine, wanted: Wanted, now: datetime = MARCH) -> tuple[Demand, Decision | None]:
    return await within(engine, lambda conn: demand(conn, PRICES, wanted, now))


async def demanded(
    engine: AsyncEngine, row: int | None = 1, received: date = RECEIVED, now: datetime = MARCH, *, erred: bool = False
) -> tuple[Demand, Decision | None]:
    return await registered(engine, Wanted(INVOICE, row, received, "Counted twice.", erred), now)


async def decided(
    engine: AsyncEngine, made: Demand, outcome: Outcome, amount: str | None = None, now: datetime = MARCH
) -> Decision:
    given = None if amount is None else Decimal(amount)
    return await within(engine, lambda conn: decide(conn, PRICES, made.id, outcome, given, "As shown.", now))


async def paid(
    engine: AsyncEngine, amount: str, reference: str = "B1", on: date = RECEIVED, now: datetime = MARCH
) -> Balance:
    payment = Payment(reference, INVOICE, Decimal(amount), on)
    return (await within(engine, lambda conn: pay(conn, payment, now))).balance


async def balance(engine: AsyncEngine) -> Balance:
    async with engine.connect() as conn:
        (found,) = await standing.balances(conn)
        return found


async def refused(work: Awaitable[object]) -> str:
    with pytest.raises(BillingRefusedError) as caught:
        await work
    return caught.value.code


async def test_a_demand_freezes_its_line_until_it_is_decided_and_gives_back_by_a_note(engine: AsyncEngine) -> None:
    await invoiced(engine)
    made, decision = await demanded(engine)
    assert (made.id, decision) == (f"{INVOICE}-D1", None)
    before = await balance(engine)
    assert (before.open, before.frozen, before.claimable) == (Decimal("32.40"), Decimal("2.40"), Decimal("30.00"))
    found = await decided(engine, made, "partly_accepted", "1.00")
    assert found.document == "H2017-00001"
    after = await balance(engine)
    assert (after.open, after.frozen, after.claimable) == (Decimal("31.40"), Decimal("0.00"), Decimal("31.40"))
    rerated = await check(engine)
    assert (rerated.invoiced, rerated.rectified, rerated.differences) == (Decimal("32.40"), Decimal("-1.00"), {})
    assert await types(engine) == ["issued", "disputed", "credited", "dispute_decided"]
    assert await refused(decided(engine, made, "rejected")) == "decision.decided"


async def test_a_line_has_one_open_demand_and_never_gives_back_more_than_it_says(engine: AsyncEngine) -> None:
    await invoiced(engine)
    made, _ = await demanded(engine)
    assert await refused(demanded(engine)) == "demand.open"
    assert await refused(demanded(engine, None)) == "demand.open"
    other, _ = await demanded(engine, 2)
    assert await refused(decided(engine, made, "accepted", "2.41")) == "decision.amount"
    assert await refused(decided(engine, made, "rejected", "0.01")) == "decision.amount"
    assert (await decided(engine, made, "accepted")).amount == Decimal("2.40")
    assert (await decided(engine, other, "rejected")).document is None
    again, _ = await demanded(engine)
    assert await refused(decided(engine, again, "accepted", "0.01")) == "decision.amount"
    await decided(engine, again, "rejected")
    whole, _ = await demanded(engine, None)
    assert (await balance(engine)).claimable == Decimal("0.00")
    assert (await decided(engine, whole, "accepted")).amount == Decimal("30.00")
    assert (await balance(engine)).open == Decimal("0.00")


async def test_what_a_decision_on_the_whole_invoice_gave_back_of_a_line_is_not_given_back_once_more(
    engine: AsyncEngine,
) -> None:
    await invoiced(engine)
    whole, _ = await demanded(engine, None)
    await decided(engine, whole, "partly_accepted", "16.20")
    line, _ = await demanded(engine, 1)
    # Half of the invoice was given back, and so half of the 2.40 of its first line.
    assert await refused(decided(engine, line, "accepted", "1.21")) == "decision.amount"
    assert (await decided(engine, line, "accepted")).amount == Decimal("1.20")


async def test_a_late_demand_is_registered_and_answered_unless_kela_erred(engine: AsyncEngine) -> None:
    await invoiced(engine)
    late, now = date(2017, 7, 3), MARCH + timedelta(days=150)
    in_time, _ = await demanded(engine, 2, date(2017, 7, 2), now)
    assert (await decided(engine, in_time, "rejected", now=now)).outcome == "rejected"
    made, decision = await demanded(engine, 1, late, now)
    assert decision is not None
    assert (decision.outcome, decision.amount) == ("out_of_time", Decimal("0.00"))
    assert await refused(decided(engine, made, "accepted", now=now)) == "decision.decided"
    assert (await demanded(engine, 1, late, now, erred=True))[1] is None


async def test_a_demand_without_object_day_or_grounds_is_refused_with_its_reason(engine: AsyncEngine) -> None:
    await invoiced(engine)
    assert await refused(demanded(engine, 9)) == "demand.no_row"
    assert await refused(demanded(engine, 1, date(2017, 1, 1))) == "demand.day"
    assert await refused(demanded(engine, 1, date(2017, 3, 2))) == "demand.day"
    for number, grounds, code in (
        (INVOICE, " ", "demand.grounds"),
        (INVOICE, "Asiakas 010180-9015", "demand.grounds"),
        ("K2017-00009", "Why?", "demand.unknown_invoice"),
    ):
        assert await refused(registered(engine, Wanted(number, 1, RECEIVED, grounds))) == code


async def test_use_reversed_after_its_price_was_given_back_by_decision_is_not_given_back_twice(
    engine: AsyncEngine,
) -> None:
    await invoiced(engine)
    made, _ = await demanded(engine, None)
    await decided(engine, made, "accepted", "25.00")
    await taken_back(engine, "297", range(30))
    run = await corrected(engine)
    assert [note.total for note in run.credited] == [Decimal("-7.40")]
    assert [(c.outcome, c.document) for c in run.corrections] == [("credited", "H2017-00002"), ("recorded", None)]
    rerated = await check(engine)
    assert (rerated.differences, rerated.rectified, rerated.invoiced) == ({}, Decimal("0.00"), Decimal("0.00"))
    assert (await corrected(engine)).corrections == []


async def test_an_invoice_is_settled_once_payments_and_notes_cover_it(engine: AsyncEngine) -> None:
    await invoiced(engine)
    made, _ = await demanded(engine)
    await decided(engine, made, "accepted")
    assert (await paid(engine, "10.00")).open == Decimal("20.00")
    # Told again, as somebody copied the reference from a statement.
    assert (await paid(engine, "10.00", " b 1\n")).open == Decimal("20.00")
    assert await refused(paid(engine, "11.00")) == "payment.conflict"
    assert (await paid(engine, "20.00", "B2")).open == Decimal("0.00")
    assert (await paid(engine, "5.00", "B3")).open == Decimal("-5.00")
    assert (await paid(engine, "-5.00", "B4")).open == Decimal("0.00")
    assert (await types(engine)).count("settled") == 1
    async with engine.connect() as conn:
        row = (await conn.execute(text("select paid, credited from settlement"))).one()
    assert tuple(row) == (Decimal("30.00"), Decimal("2.40"))


@pytest.mark.parametrize(
    ("amount", "reference", "on", "code"),
    [
        ("0.00", "B1", RECEIVED, "payment.amount"),
        ("1.00", " ", RECEIVED, "payment.reference"),
        ("1.00", "B1", date(2017, 1, 1), "payment.day"),
        ("1.00", "B1", date(2017, 3, 2), "payment.day"),
        ("-1.00", "B1", RECEIVED, "payment.more_than_paid"),
    ],
)
async def test_a_payment_that_cannot_be_is_refused(
    engine: AsyncEngine, amount: str, reference: str, on: date, code: str
) -> None:
    await invoiced(engine)
    assert await refused(paid(engine, amount, reference, on)) == code


async def test_nothing_is_issued_on_a_clock_set_back(engine: AsyncEngine) -> None:
    await invoiced(engine)
    back = NEW_YEAR - timedelta(seconds=1)
    assert await refused(close(engine, back)) == "close.clock_back"
    assert await refused(corrected(engine, back)) == "close.clock_back"


async def test_no_payment_is_recorded_on_a_clock_set_back_and_one_told_before_is_still_known(
    engine: AsyncEngine,
) -> None:
    await invoiced(engine)
    before_invoice, before_payment = NEW_YEAR - timedelta(seconds=1), MARCH - timedelta(seconds=1)
    assert await refused(paid(engine, "1.00", on=date(2017, 1, 1), now=before_invoice)) == "payment.clock_back"
    await paid(engine, "10.00")
    assert await refused(paid(engine, "1.00", "B2", now=before_payment)) == "payment.clock_back"
    assert (await paid(engine, "10.00", now=before_payment)).open == Decimal("22.40")
    assert (await paid(engine, "1.00", "B2")).paid == Decimal("11.00")
