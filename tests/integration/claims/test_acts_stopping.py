"""What stays claimed and paid when a claim stops: withdrawn after it was paid, ended, expired, its client dead."""

from datetime import UTC, date, datetime

from services.claims.store import claims, register
from services.claims.store.register import DecisionRow, PersonRow
from shared.bus.transaction import Tx
from shared.clock.civil import at_helsinki
from shared.contracts.answers import ClaimDone, ClaimReceipt
from shared.contracts.asking import CareStated, MonthAdvance
from tests.integration.claims.claimants import KELA
from tests.integration.claims.desk import CARE, Open, claim
from tests.integration.claims.office import (
    AFTER_PAYDAY,
    DECISION,
    HEARING,
    REASON,
    Case,
    Office,
    Room,
    code_of,
    registered,
)

JANUARY: dict[str, object] = {
    "first": date(2017, 1, 1),
    "last": date(2017, 2, 28),
    "advances": tuple(MonthAdvance(month=f"2017-{month:02}", amount="400") for month in (1, 2)),
}


async def only_accepted(case: Case) -> None:
    await case.act("hear", by=KELA, accepted=HEARING, deadline=date(2017, 1, 10))
    await case.act("answer", by=KELA, accepted=HEARING, reason="Suostun.")
    assert isinstance(await case.act("accept", by=KELA, accepted=DECISION, reason=REASON), ClaimDone)


async def life(open_: Open) -> list[tuple[str, str | None]]:
    rows = await open_.rows("select state, end_reason from claim order by arrived")
    return [(str(row["state"]), None if row["end_reason"] is None else str(row["end_reason"])) for row in rows]


async def test_given_a_paid_claim_when_withdrawn_then_what_was_paid_stays_and_its_time_is_not_claimed_again(
    room: Room,
) -> None:
    office, open_ = room
    case = await registered(open_, amount="all", **JANUARY)
    await office.pay(open_.rig.engine)
    await only_accepted(case)
    assert isinstance(await case.act("withdraw", accepted=AFTER_PAYDAY), ClaimDone)
    await office.pay(open_.rig.engine, "599.99", version=2, at=AFTER_PAYDAY)
    shares = await open_.rows("select amount from allocation_share where entry = (select max(entry) from allocation)")
    assert [str(row["amount"]) for row in shares] == ["400.00"]
    again = await open_.ask(claim(amount="all", **JANUARY), accepted=AFTER_PAYDAY)
    assert code_of(again) == "claim.duplicate"
    rest = {"first": date(2017, 2, 1), "advances": (MonthAdvance(month="2017-02", amount="400"),)}
    assert isinstance(await open_.ask(claim(**{**JANUARY, **rest}), accepted=AFTER_PAYDAY), ClaimReceipt)


async def test_given_an_accepted_claim_nobody_activated_then_it_may_be_ended(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    await only_accepted(case)
    done = await case.act("end", accepted=DECISION)
    assert isinstance(done, ClaimDone)
    assert done.state == "ending"


async def test_given_an_open_ended_claim_that_ended_then_a_later_one_is_no_duplicate(room: Room) -> None:
    office, open_ = room
    case = await registered(open_, **CARE)
    await case.accepted()
    assert isinstance(await case.act("end", accepted=AFTER_PAYDAY), ClaimDone)
    office.clock = at_helsinki(date(2017, 3, 1))
    await office.timers(open_.rig.engine).once()
    care = CareStated(first=date(2017, 5, 1), fee="637,50", income="750", others="130", unit="Koivukoti")
    later = claim(**{**CARE, "first": date(2017, 5, 1), "care": care})
    assert isinstance(await open_.ask(later, accepted=datetime(2017, 4, 3, 10, tzinfo=UTC)), ClaimReceipt)


async def test_given_a_change_then_the_fee_is_judged_and_the_last_day_of_care_is_kept(room: Room) -> None:
    _, open_ = room
    case = await registered(open_, **CARE)
    care = {"first": date(2017, 1, 1), "fee": "637,50", "income": "750", "others": "0"}
    answers = [
        await case.act("change", accepted=HEARING, care={**care, "fee": "740"}),
        await case.act("change", accepted=HEARING, care={**care, "last": date(2017, 2, 28)}),
        await case.act("change", accepted=HEARING, care={**care, "last": date(2017, 2, 28)}, last=date(2017, 2, 28)),
        await case.act("change", accepted=HEARING, last=date(2017, 3, 1)),
    ]
    assert [code_of(answers[place]) for place in (0, 1, 3)] == [
        "claim.care.fee_too_high",
        "claim.period.outside_care",
        "claim.period.outside_care",
    ]
    assert isinstance(answers[2], ClaimDone)


async def test_given_a_death_then_what_is_paid_by_ends_and_what_is_undecided_expires(room: Room) -> None:
    office, open_ = room
    case = await registered(open_, **CARE)
    await case.accepted()
    await registered(open_, accepted=DECISION)
    async with open_.rig.engine.begin() as conn:
        tx = Tx(conn)
        await claims.lock_clients(conn, [office.client()])
        dead = PersonRow("p", 1, office.client(), date(2017, 1, 15), withdrawn=False)
        await register.upsert(await tx.raw(), PersonRow, [dead])
    office.clock = at_helsinki(date(2017, 1, 15))
    assert await office.timers(open_.rig.engine).once() == 0
    office.clock = at_helsinki(date(2017, 1, 16))
    assert await office.timers(open_.rig.engine).once() == 3
    assert await life(open_) == [("ended", "death"), ("expired", "death")]
    assert await office.timers(open_.rig.engine).once() == 0


async def test_r6_given_the_awaited_benefit_is_refused_then_the_waiting_claim_expires_unless_it_is_granted(
    room: Room,
) -> None:
    office, open_ = room
    await registered(open_)
    assert await life(open_) == [("waiting_for_decision", None)]
    office.clock = AFTER_PAYDAY
    refused = decision(office, "D-1", DECISION.date(), granted=False)
    await told(open_, office, decision(office, "D-0", date(2016, 5, 1), granted=False))
    assert await office.timers(open_.rig.engine).once() == 0
    await told(open_, office, refused, decision(office, "D-2", DECISION.date(), granted=True))
    assert await office.timers(open_.rig.engine).once() == 1  # the amounts are asked
    assert await life(open_) == [("waiting_for_decision", None)]
    await told(open_, office, decision(office, "D-2", DECISION.date(), granted=True, version=2, withdrawn=True))
    assert await office.timers(open_.rig.engine).once() == 1
    assert await life(open_) == [("expired", "benefit_refused")]


def decision(
    office: Office, id_: str, decided: date, *, granted: bool, version: int = 1, withdrawn: bool = False
) -> DecisionRow:
    who = office.client()
    return DecisionRow(id_, version, who, "kansanelake", decided, granted, None, None, who, withdrawn)


async def told(open_: Open, office: Office, *rows: DecisionRow) -> None:
    async with open_.rig.engine.begin() as conn:
        await claims.lock_clients(conn, [office.client()])
        await register.upsert(await Tx(conn).raw(), DecisionRow, list(rows))
