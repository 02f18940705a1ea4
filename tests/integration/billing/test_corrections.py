"""Closed periods that come to be worth something else: lines, notes and records, always the exact difference."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.correcting import correct
from services.billing.issuing import closing_transaction
from services.billing.reversing import reverse_use
from services.billing.runs import Run
from services.billing.store import ratings
from shared.clock.civil import at_helsinki
from shared.contracts.agreements import Member
from shared.contracts.base import Validity
from tests.integration.billing.year import (
    IDS,
    MARCH,
    NEW_YEAR,
    PRICES,
    ROOT,
    agreement,
    check,
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

DECEMBER = at_helsinki(date(2017, 12, 1))
LATER = at_helsinki(date(2018, 2, 1))


async def corrected(engine: AsyncEngine, now: datetime = MARCH, *, issue_now: bool = False) -> Run:
    async with closing_transaction(engine) as conn:
        return await correct(conn, PRICES, now, issue_now=issue_now)


async def taken_back(engine: AsyncEngine, code: str, queries: range) -> None:
    for number in queries:
        await reverse_use(engine, uuid5(ROOT, f"{code}QUERY_PERSON{number}"), "never delivered", MARCH)


async def types(engine: AsyncEngine) -> Sequence[str]:
    async with engine.connect() as conn:
        names = (await conn.scalars(text("select type from outbox order by id"))).all()
    return [name.split(".")[2] for name in names if "usage_" not in name]


async def test_late_use_after_a_merger_is_a_line_on_the_successors_next_invoice(engine: AsyncEngine) -> None:
    """Golden G9: 2.80 to 297, not 6.40."""
    await merger(engine)
    await use(engine, "174", 30, 1)
    await close(engine)
    await use(engine, "174", 80, 1, tag="late")
    waiting = await corrected(engine, NEW_YEAR)
    assert [(c.outcome, c.rated - c.charged) for c in waiting.corrections] == [("waits", Decimal("2.80"))]
    run = await issue(engine)
    assert totals(run) == {"A-297": Decimal("2925.88")}
    line = run.issued[0].lines[-1]
    assert (line.amount, line.why, line.charged.agreement, line.charged.period) == (
        Decimal("2.80"),
        "correction",
        "A-174",
        "2016-12",
    )
    assert line.text.fi.startswith("Juankoski 12/2016")
    assert line.text.sv.startswith("Juankoski stad 12/2016")
    assert line.calculation == "9.80 - 7.00 = 2.80"
    assert {one.municipality: one.amount for one in run.issued[0].members}["174"] == Decimal("2.80")
    assert (await check(engine)).differences == {}
    assert (await corrected(engine)).corrections == []
    assert await types(engine) == ["issued", "issued", "corrected"]


async def test_one_late_query_under_the_minimum_is_recorded_once_and_costs_nothing(engine: AsyncEngine) -> None:
    """Golden G9: 3.48 → 7.00; correction 0.00."""
    await merger(engine)
    await use(engine, "174", 30, 1)
    await close(engine)
    await use(engine, "174", 1, 1, tag="late")
    run = await corrected(engine)
    assert [(c.outcome, c.rated, c.charged) for c in run.corrections] == [("recorded", Decimal(7), Decimal(7))]
    assert (run.issued, run.credited) == ([], [])
    assert (await corrected(engine)).corrections == []
    async with engine.connect() as conn:
        assert [rating.document for rating, _ in await ratings.corrections(conn)] == [None]
    assert await types(engine) == ["issued", "corrected"]
    assert (await check(engine)).differences == {}


async def test_use_taken_back_is_credited_at_once_and_a_period_never_falls_below_what_is_left(
    engine: AsyncEngine,
) -> None:
    await merger(engine)
    await use(engine, "297", 30, 30)
    await close(engine)
    await taken_back(engine, "297", range(10))
    note = (await corrected(engine)).credited[0]
    assert note.credits_issued_on == date(2017, 1, 2)
    assert (note.number, note.kind, note.credits, note.total) == (
        "H2017-00001",
        "credit_note",
        "K2017-00001",
        Decimal("-10.80"),
    )
    assert note.payer.business_id == IDS["297"]
    assert {share.municipality: share.amount for share in note.members} == {"297": Decimal("-10.80")}
    await taken_back(engine, "297", range(10, 30))
    assert [one.total for one in (await corrected(engine)).credited] == [Decimal("-21.60")]
    rerated = await check(engine)
    assert (rerated.rated, rerated.invoiced, rerated.differences) == (Decimal(0), Decimal(0), {})
    assert await types(engine) == ["issued", "credited", "corrected", "credited", "settled", "corrected"]


async def test_on_request_a_correction_is_a_document_of_its_own(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "174", 30, 1)
    await use(engine, "297", 1000, 10)
    await close(engine)
    await use(engine, "174", 80, 1, tag="late")
    await use(engine, "297", 100, 10, tag="late")
    run = await corrected(engine, issue_now=True)
    document = run.issued[0]
    assert (document.number, document.kind, document.agreement, document.total) == (
        "J2017-00001",
        "correction",
        "A-297",
        Decimal("10.80"),
    )
    assert [line.charged.agreement for line in document.lines] == ["A-174", "A-297"]
    assert document.first_day == date(2016, 12, 1)
    assert totals(await issue(engine)) == {"A-297": Decimal("2923.08")}
    assert (await check(engine)).differences == {}


async def test_where_no_invoice_will_come_the_correction_is_issued_at_once(engine: AsyncEngine) -> None:
    await know(engine, organisation("020"), agreement("020", last=date(2016, 12, 31)))
    await use(engine, "020", 100, 1)
    await close(engine)
    await use(engine, "020", 100, 1, tag="late")
    assert [(one.kind, one.total) for one in (await corrected(engine)).issued] == [("correction", Decimal("8.00"))]


async def test_use_ten_years_late_is_charged_by_the_prices_of_its_time(engine: AsyncEngine) -> None:
    await merger(engine)
    await use(engine, "174", 30, 1)
    await close(engine)
    await use(engine, "174", 80, 1, tag="late")
    run = await corrected(engine, at_helsinki(date(2026, 12, 1)), issue_now=True)
    assert [(one.number, one.total, one.price_book) for one in run.issued] == [
        ("J2026-00001", Decimal("2.80"), "KELMU-2016")
    ]


async def test_a_member_that_leaves_in_mid_year_is_settled_and_bears_itself(engine: AsyncEngine) -> None:
    """Golden G10: 168.86 and 37.81; the sum stays 413.35."""
    await know(
        engine,
        organisation("837"),
        organisation("020"),
        agreement("837", "837", "020", "091"),
        population("837", 6667),
        population("020", 1500),
        population("091", 100),
    )
    assert totals(await issue(engine)) == {"A-837": Decimal("206.68")}
    left = agreement("837", "837", "020", "091", version=2)
    members = tuple(
        one.model_copy(update={"validity": Validity(first=date(2015, 1, 1), last=date(2017, 6, 30))})
        if one.municipality == "020"
        else one
        for one in left.members
    )
    own = agreement("020", first=date(2017, 7, 1))
    await know(engine, left.model_copy(update={"members": members}), own)
    last = await issue(engine, "2017/2", DECEMBER)
    assert totals(last) == {"A-020": Decimal("37.81"), "A-837": Decimal("168.86")}
    assert {one.due for one in last.issued} == {date(2018, 1, 2)}
    assert sum(one.invoice.total for one in await stored(engine)) == Decimal("413.35")
    assert (await check(engine)).differences == {}


async def test_an_instalment_below_what_was_invoiced_is_a_credit_note(engine: AsyncEngine) -> None:
    await know(
        engine, organisation("837"), agreement("837", "837", "020"), population("837", 6667), population("020", 9000)
    )
    assert totals(await issue(engine)) == {"A-837": Decimal("391.68")}
    fewer = agreement("837", "837", version=2)
    await know(engine, fewer)
    run = await issue(engine, "2017/2", DECEMBER)
    assert [(one.credits, one.total) for one in run.credited] == [("V2017-00001", Decimal("-58.33"))]
    shares = {share.municipality: share.amount for share in run.credited[0].members}
    assert shares == {"020": Decimal("-225.00"), "837": Decimal("166.67")}
    assert run.parked == []
    assert (await check(engine)).differences == {}
    again = await issue(engine, "2017/2", DECEMBER + timedelta(days=1))
    assert (again.issued, again.credited, again.free) == ([], [], 1)


async def test_a_year_whose_members_change_after_its_last_instalment_is_corrected(engine: AsyncEngine) -> None:
    await know(engine, organisation("091"), agreement("091"), population("091", 600_000), population("049", 200_000))
    await issue(engine)
    await issue(engine, "2017/2", DECEMBER)
    joined = agreement("091", version=2)
    members = (*joined.members, Member(municipality="049", validity=Validity(first=date(2017, 6, 1))))
    await know(engine, joined.model_copy(update={"members": members}))
    assert (await check(engine)).differences == {
        ("KELMU-2017", "2017", "A-091"): (Decimal("30000.00"), Decimal("35863.01"))
    }
    run = await corrected(engine, LATER, issue_now=True)
    assert [(one.total, one.lines[0].charged.period) for one in run.issued] == [(Decimal("5863.01"), "2017/2")]
    await know(engine, joined.model_copy(update={"version": 3}))
    back = await corrected(engine, LATER + timedelta(days=1))
    assert sum((one.total for one in back.credited), Decimal(0)) == Decimal("-5863.01")
    assert (await check(engine)).differences == {}
