"""Usage that no valid agreement covers waits with its reason, and is billed when the agreement says so."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.commands_status import standing
from shared.bus.transaction import Refuse
from shared.contracts.access import Outcome
from tests.integration.billing.test_corrections import corrected
from tests.integration.billing.usages import feed, looked_up, reversed_, scalar
from tests.integration.billing.year import MARCH, PRICES, agreement, check, close, know, organisation, totals

ENDED = agreement("091", last=date(2016, 11, 30))


async def test_usage_of_an_ended_agreement_is_parked_and_billed_when_the_agreement_is_told_to_last(
    engine: AsyncEngine,
) -> None:
    await know(engine, organisation("091"), ENDED)
    await feed(engine, [looked_up(n) for n in range(100)])
    parked = await close(engine)
    await know(engine, agreement("091", last=date(2016, 12, 31), version=2))
    billed = await close(engine)
    assert (totals(parked), [(one.agreement, one.code) for one in parked.parked]) == (
        {},
        [("A-091", "close.ended_agreement")],
    )
    assert "2016-12-01" in parked.parked[0].reason
    # 100 queries at 0.08 and one user at 1.00 (assumed).
    assert (totals(billed), billed.parked) == ({"A-091": Decimal("9.00")}, [])


async def test_what_a_closing_parked_is_parked_by_the_runs_after_it_too_and_not_charged_as_a_correction(
    engine: AsyncEngine,
) -> None:
    await know(engine, organisation("091"), ENDED)
    await feed(engine, [looked_up(n) for n in range(100)])
    await close(engine)
    run = await corrected(engine, issue_now=True)
    assert (totals(run), run.corrections) == ({}, [])
    assert [(one.agreement, one.code) for one in run.parked] == [("A-091", "close.ended_agreement")]


async def test_late_use_after_the_agreements_last_day_is_parked_and_use_taken_back_is_given_back(
    engine: AsyncEngine,
) -> None:
    await know(engine, organisation("091"), agreement("091", last=date(2016, 12, 1)))
    await feed(engine, [looked_up(n) for n in range(100)])
    await close(engine)
    await feed(engine, [looked_up(5000)])
    late = await corrected(engine, issue_now=True)
    assert (totals(late), [one.code for one in late.parked]) == ({}, ["close.ended_agreement"])
    await feed(engine, [reversed_(looked_up(n)) for n in range(100)])
    # Of the 9.00 that was invoiced the minimum of 7.00 is left: the late query with its user, under the minimum.
    assert [note.total for note in (await corrected(engine)).credited] == [Decimal("-2.00")]


async def test_late_usage_of_an_unknown_agreement_in_a_closed_month_is_named_until_it_is_billed_by_correction(
    engine: AsyncEngine,
) -> None:
    await know(engine, organisation("091"))
    await close(engine)
    await feed(engine, [looked_up(n) for n in range(100)], [looked_up(200, outcome=Outcome.REFUSED, agreement="A-049")])
    for run in (await corrected(engine), (await standing(engine, PRICES, MARCH))[0]):
        assert [(one.agreement, one.code) for one in run.parked] == [("A-091", "close.unknown_agreement")]
        assert "2016-12: there is usage of 9.00 €" in run.parked[0].reason
        assert (run.issued, run.corrections) == ([], [])
    await know(engine, agreement("091"))
    told, _ = await standing(engine, PRICES, MARCH)
    assert (told.parked, [(one.outcome, one.rated) for one in told.corrections]) == ([], [("waits", Decimal("9.00"))])
    billed = await corrected(engine, issue_now=True)
    assert (totals(billed), billed.parked) == ({"A-091": Decimal("9.00")}, [])
    assert [(line.why, line.charged.period) for line in billed.issued[0].lines] == [("correction", "2016-12")]
    assert (await check(engine)).differences == {}
    assert (await standing(engine, PRICES, MARCH))[0].corrections == []


async def test_an_empty_look_up_after_the_agreements_end_makes_nobody_a_charged_user(engine: AsyncEngine) -> None:
    await know(engine, organisation("091"), ENDED)
    await feed(engine, [looked_up(1, outcome=Outcome.EMPTY)])
    run = await close(engine)
    assert (totals(run), [one.code for one in run.parked]) == ({}, ["close.ended_agreement"])


async def test_usage_of_an_ended_agreement_that_is_reversed_waits_no_longer(engine: AsyncEngine) -> None:
    await know(engine, organisation("091"), ENDED)
    await feed(engine, [looked_up(1)], [reversed_(looked_up(1))])
    run = await close(engine)
    assert (run.parked, totals(run)) == ([], {})


async def test_a_use_of_eleven_years_ago_is_refused_and_one_of_ten_is_taken(
    engine: AsyncEngine,
) -> None:
    await feed(engine, [looked_up(1)], now=datetime(2026, 12, 1, tzinfo=UTC))
    with pytest.raises(Refuse, match="nothing older than 2017-12-01 is charged") as refused:
        await feed(engine, [looked_up(2)], now=datetime(2027, 12, 1, tzinfo=UTC))
    assert refused.value.code == "usage.too_old"
    assert await scalar(engine, "select count(*) from usage") == 1
