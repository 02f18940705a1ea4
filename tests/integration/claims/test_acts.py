"""Acts on real Kafka and PostgreSQL: a claim from registration to paid and ended, and what is refused on the way."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from shared.contracts.access import AccessDecided, AccessPersonal, Outcome
from shared.contracts.answers import ClaimDone, ClaimView, Refused
from shared.contracts.asking import ClaimCommand, ClaimQuery, MonthAdvance
from shared.contracts.claims import ClaimChanged, PaymentAllocated
from shared.finnish.identity_code import contains_identity_code
from tests.harness.consuming import Rig, until
from tests.integration.claims.claimants import KELA, KUOPIO, TAMPERE, WORKER
from tests.integration.claims.desk import ARRIVAL, CLIENT, Open
from tests.integration.claims.office import (
    AFTER_PAYDAY,
    DECISION,
    HEARING,
    REASON,
    Case,
    Office,
    Room,
    code_of,
    office_at,
    registered,
)

STANDING = """
    select s.amount, s.held, s.body from allocation_share s where not exists
    (select from allocation l where l.payment = s.payment and l.entry > s.entry) order by payment, month
"""


async def view(case: Case, **how: object) -> ClaimView:
    answer = await case.open.ask(ClaimQuery(number=case.number), **how)
    assert isinstance(answer, ClaimView), answer
    return answer


async def standing(open_: Open) -> list[tuple[str, bool]]:
    return [(str(row["amount"]), bool(row["held"])) for row in await open_.rows(STANDING)]


async def test_given_a_claim_when_it_is_decided_in_time_then_the_held_part_is_paid_and_all_is_told(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    await office.pay(open_.rig.engine)
    assert await standing(open_) == [("120.50", True)]
    await case.accepted()
    assert await standing(open_) == [("120.50", False)]
    shown = await view(case, accepted=AFTER_PAYDAY)
    assert (shown.row.state, shown.row.paid, shown.row.held) == ("active", "120.50", "0.00")
    assert [step.act for step in shown.steps] == ["register", "await", "hear", "answer", "accept", "activate"]
    assert {step.by for step in shown.steps} == {"claimant", "system", "handler"}
    letters = {step.act: step.letter for step in shown.steps if step.letter}
    assert set(letters) == {"hear", "accept"}
    assert "Muutoksenhaku" in letters["accept"]
    changed = [ClaimChanged.model_validate_json(body) for _, body in await open_.events(ClaimChanged)]
    assert [one.version for one in changed] == [2, 3, 4, 5, 6]
    assert len(await open_.events(PaymentAllocated)) == 1
    assert (shown.shares[0].payday, shown.shares[0].amount) == (date(2017, 1, 5), "120.50")


async def test_given_a_rejection_then_the_held_part_is_the_clients(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    await office.pay(open_.rig.engine)
    await case.act("hear", by=KELA, accepted=HEARING, deadline=HEARING.date() + timedelta(days=8))
    done = await case.act("reject", by=KELA, accepted=AFTER_PAYDAY, reason=REASON)
    assert isinstance(done, ClaimDone)
    assert await standing(open_) == []
    assert code_of(await case.act("accept", by=KELA, accepted=AFTER_PAYDAY, reason=REASON)) == "claims.state"


async def test_given_an_end_then_it_stops_from_the_next_unpaid_instalment_and_paid_ones_stay(room: Room) -> None:
    office, open_ = room
    case = await registered(open_, first=date(2017, 1, 1), last=date(2017, 6, 30), amount="all", advances=tuple(
        MonthAdvance(month=f"2017-{month:02}", amount="100") for month in range(1, 7)
    ))  # fmt: skip
    await office.pay(open_.rig.engine)
    await office.pay(open_.rig.engine, id="P-2", payday=date(2017, 2, 7))
    await case.accepted()
    early = await case.act("end", last=date(2017, 1, 3), accepted=AFTER_PAYDAY)
    assert code_of(early) == "claims.paid_already"
    assert isinstance(early, Refused)
    assert "correction" in early.refusal.advice.en
    done = await case.act("end", accepted=AFTER_PAYDAY)
    assert isinstance(done, ClaimDone)
    assert (done.state, done.stops_from) == ("ending", date(2017, 1, 10))
    assert await standing(open_) == [("100.00", False)]


async def test_given_a_suspension_then_what_comes_waits_until_it_is_resumed(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    await case.accepted()
    await case.act("suspend", accepted=DECISION)
    await office.pay(open_.rig.engine, at=DECISION)
    assert await standing(open_) == [("120.50", True)]
    await case.act("resume", by=KELA, accepted=AFTER_PAYDAY)
    assert await standing(open_) == [("120.50", False)]


async def test_given_months_that_change_then_unpaid_instalments_follow(room: Room) -> None:
    office, open_ = room
    case = await registered(open_, amount="all")
    await office.pay(open_.rig.engine)
    await case.act("change", advances=({"month": "2017-01", "amount": "77,70"},), accepted=HEARING)
    assert await standing(open_) == [("77.70", True)]


async def test_given_a_late_claim_when_the_handler_lets_it_in_then_it_bites(room: Room) -> None:
    office, open_ = room
    late = ARRIVAL + timedelta(days=3)
    case = await registered(open_, accepted=late)
    await office.pay(open_.rig.engine, at=late)
    assert await standing(open_) == []
    assert isinstance(await case.act("in_time", by=KELA, accepted=late), ClaimDone)
    assert await standing(open_) == [("120.50", True)]


async def test_given_a_stale_version_then_the_newer_one_and_its_state_are_told(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    await case.act("hear", by=KELA, accepted=HEARING, deadline=HEARING.date() + timedelta(days=8))
    answer = await case.act("withdraw", stale=case.version - 1, accepted=HEARING)
    assert code_of(answer) == "claims.stale"
    assert isinstance(answer, Refused)
    assert (str(case.version) in answer.refusal.reason.en, "in hearing" in answer.refusal.reason.en) == (True, True)
    assert isinstance(await case.act("withdraw", accepted=HEARING), ClaimDone)


async def test_given_the_same_command_again_then_the_first_answer_and_with_other_content_a_refusal(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    sent = ClaimCommand(idempotency_key="the-same-key", number=case.number, version=case.version, act="withdraw")
    first = await open_.ask(sent)
    assert isinstance(first, ClaimDone)
    assert await open_.ask(sent, accepted=AFTER_PAYDAY) == first
    assert code_of(await open_.ask(sent.model_copy(update={"reason": "Other"}))) == "claims.idempotency_key"
    assert await open_.rig.scalar("select count(*) from claim_step where act = 'withdraw'") == 1


async def test_given_a_refused_command_then_its_key_may_be_used_for_the_corrected_one(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    sent = ClaimCommand(idempotency_key="corrected-key", number=case.number, version=9, act="withdraw")
    assert code_of(await open_.ask(sent)) == "claims.stale"
    assert isinstance(await open_.ask(sent.model_copy(update={"version": case.version})), ClaimDone)


async def test_given_two_handlers_at_once_then_one_decides_and_the_other_is_told(claims_rig: Rig) -> None:
    office = Office()
    async with office_at(claims_rig, office) as (_, open_):
        case = await registered(open_)
        await case.act("hear", by=KELA, accepted=HEARING, deadline=HEARING.date() + timedelta(days=8))
        await case.act("answer", by=KELA, accepted=HEARING, reason="Ei.")
        rivals = [replace(case), replace(case)]
        answers = await asyncio.gather(
            rivals[0].act("accept", by=KELA, accepted=DECISION, reason=REASON),
            rivals[1].act("reject", by=KELA, accepted=DECISION, reason=REASON),
        )
    done = [answer for answer in answers if isinstance(answer, ClaimDone)]
    assert len(done) == 1
    assert [code_of(answer) for answer in answers if isinstance(answer, Refused)] == ["claims.stale"]


@pytest.mark.parametrize("act", ["hear", "answer", "accept", "reject", "activate", "in_time"])
async def test_given_an_act_of_the_other_party_then_refused(room: Room, act: str) -> None:
    _, open_ = room
    case = await registered(open_)
    if act != "hear":
        await case.act("hear", by=KELA, accepted=HEARING, deadline=HEARING.date() + timedelta(days=8))
    assert code_of(await case.act(act, accepted=HEARING, reason=REASON)) in {"claims.party", "claims.state"}


async def test_given_a_claim_of_another_or_none_then_it_is_unknown_and_nothing_changes(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    for number in (case.number, "MV-2016-00000-000000", "\x00", "x" * 40):
        command = ClaimCommand(idempotency_key="foreign-key", number=number, version=2, act="withdraw")
        assert code_of(await open_.ask(command, by=TAMPERE)) == "claims.unknown"
    assert (await view(case)).row.version == case.version


async def test_given_the_workers_own_claim_then_disqualified(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    own = replace(KUOPIO, worker=CLIENT)
    office, _ = room
    for event in own.events(office.pseudonym_key):
        office.directory.apply(event)
    assert code_of(await case.act("withdraw", by=own)) == "claims.own_code"
    assert code_of(await open_.ask(ClaimQuery(number=case.number), by=own)) == "claims.own_code"


async def test_given_an_act_or_a_refusal_then_who_did_it_to_whom_is_in_the_log_first(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    refused = await case.act("accept", by=KELA, reason=REASON)
    assert isinstance(refused, Refused)
    assert refused.event in office.logged
    (id_, body), *_ = await open_.events(AccessDecided)
    event = AccessDecided.model_validate_json(body)
    plain = AccessPersonal.model_validate_json(office.ring.open(event.personal, id=id_, type=AccessDecided.ce_type))
    assert (event.outcome, plain.client, plain.worker) == (Outcome.REFUSED, CLIENT, WORKER)
    await case.act("withdraw", reason=f"Asiakas {CLIENT} maksoi itse.")
    (id_, _), *_ = reversed(await open_.events(ClaimChanged))
    assert id_ in office.logged
    for table in ("claim", "claim_step", "claim_command", "outbox"):
        for row in await open_.rows(f"select * from {table}"):
            content = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in row.values())
            assert not contains_identity_code(content), table


async def test_given_a_log_that_lags_then_the_act_waits_and_keeps_its_time(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    office.audit_age, looked = None, office.looked
    asked = asyncio.create_task(case.act("withdraw", accepted=HEARING))

    async def looks() -> int:
        return office.looked

    await until(looks, lambda count: count > looked + 1)
    assert not asked.done()
    office.audit_age = timedelta(seconds=1)
    assert isinstance(await asked, ClaimDone)
    assert await open_.rig.scalar("select at from claim_step where act = 'withdraw'") == HEARING


async def test_given_the_reply_is_lost_after_the_commit_then_the_key_answers_and_the_act_happened_once(
    claims_rig: Rig,
) -> None:
    office = Office()
    async with office_at(claims_rig, office) as (_, open_):
        case = await registered(open_)
        sent = ClaimCommand(idempotency_key="lost-reply", number=case.number, version=case.version, act="withdraw")
        office.deaf = True
        await open_.rig.send(office.request(sent, id=uuid4()))

        async def states() -> list[dict[str, object]]:
            return await open_.rows("select state from claim")

        await until(states, lambda rows: rows == [{"state": "withdrawn"}])
        office.deaf = False
        answer = await open_.ask(sent)
    assert isinstance(answer, ClaimDone)
    assert answer.version == case.version + 1
