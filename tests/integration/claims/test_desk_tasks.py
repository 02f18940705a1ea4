"""What waits at the desks: amounts to confirm once a benefit is granted, and a change that takes more."""

from datetime import UTC, date, datetime, timedelta

from services.claims.store import register
from services.claims.store.claims import lock_clients
from services.claims.store.register import DecisionRow
from shared.bus.transaction import Tx
from shared.contracts.answers import ClaimDone, ClaimsPage, ClaimView, ClaimWidening
from shared.contracts.asking import ClaimQuery, ClaimsQuery, MonthAdvance
from tests.integration.claims.claimants import KELA
from tests.integration.claims.desk import ARRIVAL, Open
from tests.integration.claims.office import (
    AFTER_PAYDAY,
    REASON,
    Case,
    Office,
    Room,
    code_of,
    registered,
)
from tests.integration.claims.test_acts import standing

GRANTED = date(2016, 12, 27)
FEBRUARY = datetime(2017, 2, 1, 10, tzinfo=UTC)


async def grant(office: Office, open_: Open) -> None:
    row = DecisionRow(
        id="D-1", version=1, client=office.client(), benefit="kansanelake", decided=GRANTED, granted=True,
        first=date(2016, 12, 1), last=None, payee=office.client(), withdrawn=False,
    )  # fmt: skip
    async with open_.rig.engine.begin() as conn:
        await lock_clients(conn, [row.client])
        await register.upsert(await Tx(conn).raw(), DecisionRow, [row])


async def listed(open_: Open, view: str) -> list[tuple[str, date | None]]:
    answer = await open_.ask(ClaimsQuery.model_validate({"view": view}), accepted=AFTER_PAYDAY)
    assert isinstance(answer, ClaimsPage), answer
    return [(row.number, row.amounts_asked) for row in answer.rows]


async def seen(case: Case) -> ClaimView:
    answer = await case.open.ask(ClaimQuery(number=case.number), accepted=AFTER_PAYDAY)
    assert isinstance(answer, ClaimView), answer
    return answer


async def test_r6_given_an_awaited_benefit_when_it_is_granted_then_the_amounts_are_asked_until_confirmed(
    room: Room,
) -> None:
    office, open_ = room
    case = await registered(open_)
    timers = office.timers(open_.rig.engine)
    office.clock = ARRIVAL + timedelta(days=10)
    assert await timers.once() == 0
    await grant(office, open_)
    assert (await timers.once(), await timers.once()) == (1, 0)
    assert await listed(open_, "to_confirm") == [(case.number, office.clock.date())]
    case.version += 1
    month = MonthAdvance(month="2017-02", amount="90")
    added = await case.act("change", last=date(2017, 2, 28), advances=(month,), accepted=office.clock)
    assert isinstance(added, ClaimDone), added
    assert [number for number, _ in await listed(open_, "to_confirm")] == [case.number]
    less = MonthAdvance(month="2017-01", amount="300")
    done = await case.act("confirm", advances=(less,), accepted=office.clock)
    assert isinstance(done, ClaimDone), done
    assert await listed(open_, "to_confirm") == []
    assert code_of(await case.act("confirm", accepted=office.clock)) == "claims.not_asked"
    assert await timers.once() == 0
    shown = await seen(case)
    assert [step.act for step in shown.steps][2:] == ["ask_amounts", "change", "confirm"]
    assert shown.row.remaining == "331.00"


async def test_v15_given_a_widening_when_it_is_heard_and_accepted_then_open_payments_follow_and_paid_ones_stay(
    room: Room,
) -> None:
    office, open_ = room
    case = await registered(open_, amount="all")
    await office.pay(open_.rig.engine)
    await case.accepted()
    assert await standing(open_) == [("350.50", False)]
    month = MonthAdvance(month="2017-02", amount="90")
    wider = {"last": date(2017, 2, 28), "advances": (month,)}
    assert code_of(await case.act("change", accepted=AFTER_PAYDAY, **wider)) == "claims.widened"  # type: ignore[arg-type]  # passed on by name
    proposed = await case.act("widen", accepted=AFTER_PAYDAY, **wider)  # type: ignore[arg-type]  # passed on by name
    assert isinstance(proposed, ClaimDone), proposed
    await office.pay(open_.rig.engine, "500.00", id="P-2", payday=date(2017, 2, 7), at=AFTER_PAYDAY)
    assert await standing(open_) == [("350.50", False)]
    assert (await seen(case)).widening == ClaimWidening(last=date(2017, 2, 28), advances=(("2017-02", "90.00"),))
    queue = await open_.ask(ClaimsQuery(view="queue"), by=KELA, accepted=AFTER_PAYDAY)
    assert isinstance(queue, ClaimsPage)
    assert [row.number for row in queue.rows] == [case.number]
    deadline = AFTER_PAYDAY.date() + timedelta(days=14)
    assert isinstance(await case.act("hear", by=KELA, deadline=deadline, accepted=AFTER_PAYDAY), ClaimDone)
    early = await case.act("accept", by=KELA, reason=REASON, accepted=AFTER_PAYDAY)
    assert code_of(early) == "claims.not_heard"
    done = await case.act("accept", by=KELA, reason=REASON, accepted=FEBRUARY)
    assert isinstance(done, ClaimDone), done
    assert done.state == "active"
    assert await standing(open_) == [("350.50", False), ("90.00", False)]
    shown = await seen(case)
    assert (shown.row.last, shown.widening) == (date(2017, 2, 28), None)
    assert [step.act for step in shown.steps if step.letter] == ["hear", "accept", "hear", "accept"]
