"""What is done at the desks besides deciding: returns, hand-overs, and Kela's own claims."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.contracts.access import AccessDecided, Outcome
from shared.contracts.answers import (
    Answer,
    ClaimDone,
    ClaimsHandedOver,
    ClaimsPage,
    ClaimView,
    KelaClaimRegistered,
    SettlementsPage,
)
from shared.contracts.asking import (
    ClaimQuery,
    ClaimsQuery,
    HandOverClaims,
    MonthAdvance,
    RegisterKelaClaim,
    SettlementsQuery,
)
from shared.contracts.base import Role
from shared.contracts.claims import ClaimChanged
from shared.ids import pseudonym
from tests.integration.claims.claimants import KELA, KUOPIO, TAMPERE, WORKER, Claimant
from tests.integration.claims.desk import ARRIVAL, CLIENT, OTHER_CLIENT, Open
from tests.integration.claims.office import AFTER_PAYDAY, Case, Room, code_of, registered
from tests.integration.claims.test_acts import standing

BOSS = replace(KUOPIO, worker="010180Y9026", role=Role.MAIN_USER)
TAKER = replace(KUOPIO, worker="150616B903S", role=Role.FEE_CLERK)
RETURN = {"amount": "20,50", "day": date(2017, 1, 9), "reference": "12344"}


@pytest.fixture
def colleagues() -> Sequence[Claimant]:
    return (BOSS, TAKER)


async def seen(case: Case) -> ClaimView:
    answer = await case.open.ask(ClaimQuery(number=case.number), accepted=AFTER_PAYDAY)
    assert isinstance(answer, ClaimView), answer
    return answer


def give(**changes: object) -> HandOverClaims:
    usual = {
        "idempotency_key": f"key-{secrets.token_hex(6)}", "giver": WORKER, "taker": TAKER.worker,
        "handler_name": "Timo Taker", "handler_phone": "017 999", "reason": "Maija lähtee.",
    }  # fmt: skip
    return HandOverClaims.model_validate(usual | changes)


def kela_claim(**changes: object) -> RegisterKelaClaim:
    usual = {
        "idempotency_key": f"key-{secrets.token_hex(6)}", "identity_code": CLIENT, "benefit": "kansanelake",
        "decided": date(2016, 11, 1), "first": date(2017, 1, 1), "last": date(2017, 1, 31),
        "advances": (MonthAdvance(month="2017-01", amount="500"),),
    }  # fmt: skip
    return RegisterKelaClaim.model_validate(usual | changes)


async def outcomes(open_: Open) -> list[Outcome]:
    return [AccessDecided.model_validate_json(body).outcome for _, body in await open_.events(AccessDecided)]


async def test_given_a_return_then_what_was_paid_stands_and_it_is_told_beside_it(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    await office.pay(open_.rig.engine)
    await case.accepted()
    back: dict[str, Any] = {"returned": RETURN, "reason": "Ennakkoa annettiin vähemmän.", "accepted": AFTER_PAYDAY}
    answer = await case.act("return", **back)
    assert isinstance(answer, ClaimDone), answer
    assert await standing(open_) == [("120.50", False)]
    shown = await seen(case)
    assert (shown.row.paid, shown.row.returned, shown.row.remaining) == ("100.00", "20.50", "120.50")
    assert [(one.day, one.amount, one.reference) for one in shown.returns] == [(date(2017, 1, 9), "20.50", "12344")]
    assert (shown.steps[-1].act, shown.steps[-1].reason) == ("return", "Ennakkoa annettiin vähemmän.")
    told = await open_.ask(SettlementsQuery(month="2017-01"), accepted=AFTER_PAYDAY)
    assert isinstance(told, SettlementsPage)
    assert [(row.to_municipality, row.returned) for row in told.rows] == [("120.50", False), ("-20.50", True)]
    assert told.total == "100.00"
    elsewhere = await open_.ask(SettlementsQuery(month="2017-01"), accepted=AFTER_PAYDAY, by=TAMPERE)
    assert isinstance(elsewhere, SettlementsPage)
    assert elsewhere.rows == ()
    again: dict[str, Any] = {**back, "returned": {**RETURN, "amount": "100.01"}}
    assert code_of(await case.act("return", **again)) == "claims.return.too_much"
    changed = [ClaimChanged.model_validate_json(body) for _, body in await open_.events(ClaimChanged)]
    assert changed[-1].act == "return"


async def test_given_a_leaver_then_the_main_user_hands_the_claims_to_a_colleague(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    own = await registered(open_, identity_code=TAKER.worker)
    theirs = await registered(open_, identity_code=OTHER_CLIENT, by=TAMPERE)
    sent = give()
    answer = await open_.ask(sent, by=BOSS)
    assert answer == ClaimsHandedOver(numbers=(case.number,), left=(own.number,))
    assert await open_.ask(sent, by=BOSS) == answer
    team = await open_.ask(ClaimsQuery(view="team"), by=TAKER)
    assert isinstance(team, ClaimsPage)
    assert {row.number: (row.holder, row.mine) for row in team.rows} == {
        case.number: ("Timo Taker", True), own.number: ("Maija Worker", False),
    }  # fmt: skip
    shown = await seen(case)
    assert (shown.handler, shown.steps[-1].act, shown.steps[-1].reason) == (
        "Timo Taker, 017 999", "hand_over", "Maija lähtee.",
    )  # fmt: skip
    (moved,) = [
        one for _, body in await open_.events(ClaimChanged)
        if (one := ClaimChanged.model_validate_json(body)).act == "hand_over"
    ]  # fmt: skip
    assert moved.worker == pseudonym(office.pseudonym_key, "worker", BOSS.worker)
    assert moved.holder == pseudonym(office.pseudonym_key, "worker", TAKER.worker)
    assert code_of(await open_.ask(give(numbers=(theirs.number,)), by=BOSS)) == "claims.unknown"


@pytest.mark.parametrize(
    ("changes", "by", "expected"),
    [
        ({"taker": "290200A950Y"}, BOSS, "claims.hand_over.taker"),
        ({"taker": "x"}, BOSS, "claims.hand_over.taker"),
        ({"taker": BOSS.worker}, BOSS, "claims.hand_over.taker"),
        ({"giver": "x"}, BOSS, "claims.hand_over.giver"),
        ({"handler_name": " "}, BOSS, "claims.hand_over.name"),
        ({"reason": " "}, BOSS, "claims.hand_over.reason"),
        ({}, KUOPIO, "gate.role_covers_function"),
    ],
)
async def test_given_a_wrong_hand_over_then_refused_and_nothing_moves(
    changes: dict[str, object], by: Claimant, expected: str, room: Room
) -> None:
    _, open_ = room
    await registered(open_)
    assert code_of(await open_.ask(give(**changes), by=by)) == expected
    assert not [body for _, body in await open_.events(ClaimChanged) if b"hand_over" in body]


async def test_given_kelas_own_claim_at_its_desk_then_it_goes_first_once_and_is_logged(room: Room) -> None:
    office, open_ = room
    case = await registered(open_)
    await office.pay(open_.rig.engine)
    await case.accepted()
    sent = kela_claim()
    answer = await open_.ask(sent, by=KELA, accepted=ARRIVAL)
    assert isinstance(answer, KelaClaimRegistered), answer
    taken = await open_.rows("select amount, body from allocation_share where entry = 3 order by position")
    assert [(str(row["amount"]), row["body"]) for row in taken] == [("500.00", "kela"), ("100.00", KUOPIO.organisation)]
    again: Answer = await open_.ask(sent, by=KELA, accepted=ARRIVAL)
    assert isinstance(again, KelaClaimRegistered)
    assert again.claim == answer.claim
    assert len(await open_.rows("select * from kela_claim")) == 1
    assert len(await open_.rows("select * from allocation where entry > 3")) == 0
    assert (await outcomes(open_))[-2:] == [Outcome.GRANTED, Outcome.GRANTED]
    other = sent.model_copy(update={"benefit": "vanhuuselake"})
    assert code_of(await open_.ask(other, by=KELA, accepted=ARRIVAL)) == "claims.idempotency_key"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "claims.kela_duplicate"),
        ({"identity_code": KELA.worker}, "claim.own_code"),
        ({"identity_code": "x"}, "claim.identity_code"),
        ({"last": None}, "claim.period.open"),
        ({"advances": (MonthAdvance(month="2017-01", amount="0"),)}, "claim.advances.not_positive"),
        ({"decided": date(2017, 3, 1)}, "claim.decided.implausible"),
    ],
)
async def test_given_a_wrong_claim_of_kela_then_refused_logged_and_nothing_stored(
    changes: dict[str, object], expected: str, room: Room
) -> None:
    _, open_ = room
    if not changes:
        await open_.ask(kela_claim(), by=KELA)
    assert code_of(await open_.ask(kela_claim(**changes), by=KELA)) == expected
    assert (await outcomes(open_))[-1] is Outcome.REFUSED
    assert len(await open_.rows("select * from kela_claim")) == (0 if changes else 1)


async def test_given_a_municipality_then_it_registers_no_claim_of_kela(room: Room) -> None:
    _, open_ = room
    assert code_of(await open_.ask(kela_claim(), by=KUOPIO)) == "gate.role_covers_function"
