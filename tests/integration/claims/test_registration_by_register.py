"""Registration on what the register has told: who is paid, what is granted, who died; and the dry run on the same."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from shared.clock.system import system_now
from shared.contracts.access import AccessDecided, AccessPersonal, Action, Outcome
from shared.contracts.answers import ClaimReceipt, ClaimValidated, Failed, Refused
from shared.contracts.asking import MonthAdvance, RegisterClaim, ValidateClaim
from shared.contracts.claims import ClaimChanged, ClaimPersonal, ClaimRegistered, PaymentAllocated
from tests.integration.claims.claimants import KUOPIO, TAMPERE, Claimant
from tests.integration.claims.desk import ARRIVAL, CARE, CLIENT, OTHER_CLIENT, Open, claim

STORED = ("claim", "claim_step", "registration", "client", "allocation")
_DECISION = text(
    """
    insert into register_decision (id, version, client, benefit, decided, granted, first, last, payee, withdrawn)
    values (:id, 1, :client, :benefit, '2016-01-01', true, '2016-01-01', null, :payee, false)
    """
)
_PAYMENT = text(
    """
    insert into register_payment
        (id, version, client, payee, decision, benefit, payday, first, last, net, paid_to, withdrawn)
    values ('P-1', 1, :client, :client, 'D-1', :benefit, '2017-01-05', '2017-01-01', '2017-01-31', 600, 'client', false)
    """
)
_DEATH = text("insert into register_person values ('H-1', 1, :client, :died, false)")


async def granted(desk: Open, *, benefit: str = "kansanelake", of: str = CLIENT, payee: str = CLIENT) -> None:
    """The register has told of a decision."""
    async with desk.rig.engine.begin() as conn:
        told = {"id": "D-1", "client": desk.desk.client(of), "payee": desk.desk.client(payee), "benefit": benefit}
        await conn.execute(_DECISION, told)


async def paid_soon(desk: Open) -> None:
    """The register has told of the payment of 5.1.2017."""
    async with desk.rig.engine.begin() as conn:
        await conn.execute(_PAYMENT, {"client": desk.desk.client(), "benefit": "kansanelake"})


async def states(desk: Open) -> list[object]:
    return [row["state"] for row in await desk.rows("select state from claim")]


async def test_given_a_granted_benefit_then_the_claim_is_registered_with_one_step(desk: Open) -> None:
    await granted(desk)
    receipt = await desk.receipt()
    assert (receipt.state, receipt.version, receipt.warnings) == ("registered", 1, ())
    assert receipt.next.startswith("Kela kuulee")
    assert (receipt.benefit, receipt.ground, receipt.amount) == ("kansanelake", "totul_23", "120.50")
    steps = await desk.rows("select version, act, state, party, worker is null as system from claim_step")
    assert [tuple(step.values()) for step in steps] == [(1, "register", "registered", "claimant", False)]
    assert await desk.events(ClaimChanged) == []


async def test_given_an_awaited_benefit_then_the_claim_waits_and_both_steps_are_told(desk: Open) -> None:
    receipt = await desk.receipt()
    assert (receipt.state, receipt.version) == ("waiting_for_decision", 2)
    assert "ei ole myöntänyt" in receipt.warnings[0]
    steps = await desk.rows("select act, state, party, worker is null as system from claim_step order by version")
    assert [tuple(step.values()) for step in steps] == [
        ("register", "registered", "claimant", False),
        ("await", "waiting_for_decision", "system", True),
    ]
    (registered,) = [ClaimRegistered.model_validate_json(body) for _, body in await desk.events(ClaimRegistered)]
    ((id_, body),) = await desk.events(ClaimChanged)
    changed = ClaimChanged.model_validate_json(body)
    assert (registered.state, registered.version) == ("registered", 1)
    assert (changed.state, changed.version, changed.by, changed.worker) == ("waiting_for_decision", 2, "system", None)
    personal = ClaimPersonal.model_validate_json(
        desk.desk.ring.open(changed.personal, id=id_, type=ClaimChanged.ce_type)
    )
    assert (personal.client, personal.worker, personal.worker_name) == (CLIENT, None, "")


async def test_given_care_and_nothing_granted_then_registered_for_care_and_its_terms_are_stored(desk: Open) -> None:
    assert isinstance(await desk.ask(claim(**CARE)), ClaimReceipt)
    (row,) = await desk.rows("select origin, advances, care from claim")
    assert row["advances"] == {}
    assert row["care"] == {"2016-12": {"fee": "637.50", "income": "750.00", "others": "130.00"}}


async def test_given_a_payment_that_is_coming_then_registering_holds_the_claimed_part(desk: Open) -> None:
    await granted(desk)
    await paid_soon(desk)
    await desk.receipt(amount="all")
    (share,) = await desk.rows("select month, amount, held, body from allocation_share")
    assert (share["month"], str(share["amount"]), share["held"]) == ("2017-01", "350.50", True)
    ((id_, _),) = await desk.events(PaymentAllocated)
    assert id_ in desk.desk.logged


async def test_given_the_childs_code_then_refused_and_nothing_stored(desk: Open) -> None:
    await granted(desk, benefit="lapsilisa", of=CLIENT, payee=OTHER_CLIENT)
    answer = await desk.ask(claim(**CARE, benefit="lapsilisa"))
    assert isinstance(answer, Refused)
    assert (answer.refusal.rule, answer.refusal.code) == ("V4", "claim.not_payee")
    assert "LL2" in answer.refusal.advice.fi
    assert await states(desk) == []


async def test_given_the_payees_code_then_child_benefit_can_be_claimed(desk: Open) -> None:
    await granted(desk, benefit="lapsilisa", of=OTHER_CLIENT, payee=CLIENT)
    assert (await desk.receipt(benefit="lapsilisa")).state == "registered"


async def test_given_child_benefit_that_is_not_in_payment_then_refused(desk: Open) -> None:
    answer = await desk.ask(claim(benefit="lapsilisa"))
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "claim.not_in_payment"


async def test_given_a_client_who_died_before_the_period_then_refused(desk: Open) -> None:
    async with desk.rig.engine.begin() as conn:
        await conn.execute(_DEATH, {"client": desk.desk.client(), "died": date(2016, 11, 30)})
    answer = await desk.ask(claim())
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "claim.deceased"


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "expired"])
async def test_given_an_earlier_claim_that_came_to_nothing_then_it_is_no_duplicate(desk: Open, state: str) -> None:
    await desk.receipt()
    async with desk.rig.engine.begin() as conn:
        await conn.execute(text("update claim set state = :state"), {"state": state})
    assert isinstance(await desk.ask(claim()), ClaimReceipt)


async def test_given_a_dry_run_then_the_same_is_told_as_by_registering_and_nothing_is_stored(desk: Open) -> None:
    await granted(desk)
    before = {table: await desk.rows(f"select * from {table}") for table in STORED}
    sent = claim()
    answer = await desk.ask(ValidateClaim(claim=sent))
    assert isinstance(answer, ClaimValidated)
    assert {table: await desk.rows(f"select * from {table}") for table in STORED} == before
    receipt = await desk.ask(sent)
    assert isinstance(receipt, ClaimReceipt)
    told = ("effective_payday", "earliest", "missed_paydays", "warnings")
    assert [getattr(answer, name) for name in told] == [getattr(receipt, name) for name in told]


async def test_given_a_dry_run_then_who_asked_about_whom_is_logged_before_it_is_answered(desk: Open) -> None:
    await desk.ask(ValidateClaim(claim=claim()))
    ((id_, body),) = await desk.events(AccessDecided)
    event = AccessDecided.model_validate_json(body)
    plain = desk.desk.ring.open(event.personal, id=id_, type=AccessDecided.ce_type)
    assert (event.action, event.outcome, event.service) == (Action.DRY_RUN, Outcome.GRANTED, "claims")
    assert AccessPersonal.model_validate_json(plain).client == CLIENT
    assert id_ in desk.desk.logged


async def test_given_a_dry_run_of_the_childs_code_then_the_same_refusal_logged_and_no_key_used(desk: Open) -> None:
    await granted(desk, benefit="lapsilisa", of=CLIENT, payee=OTHER_CLIENT)
    answer = await desk.ask(ValidateClaim(claim=claim(benefit="lapsilisa")))
    assert isinstance(answer, Refused)
    ((id_, body),) = await desk.events(AccessDecided)
    event = AccessDecided.model_validate_json(body)
    assert (answer.refusal.rule, answer.event, event.rule) == ("V4", id_, "V4")
    assert (event.action, event.outcome) == (Action.DRY_RUN, Outcome.REFUSED)
    assert await desk.rows("select * from registration") == []


async def test_given_a_stranger_then_a_dry_run_is_refused_by_the_gate(desk: Open) -> None:
    answer = await desk.ask(ValidateClaim(claim=claim()), by=Claimant(KUOPIO.organisation, TAMPERE.member))
    assert isinstance(answer, Refused)
    assert answer.refusal.code.startswith("gate.")


async def test_given_a_dry_run_of_a_claim_that_is_registered_then_the_duplicate_is_told(desk: Open) -> None:
    receipt = await desk.receipt()
    answer = await desk.ask(ValidateClaim(claim=claim()))
    assert isinstance(answer, Refused)
    assert receipt.number in answer.refusal.reason.fi


async def test_given_a_dry_run_past_its_deadline_then_aborted(desk: Open) -> None:
    late = system_now() - timedelta(seconds=1)
    assert isinstance(await desk.ask(ValidateClaim(claim=claim()), deadline=late), Failed)
    ((_, body),) = await desk.events(AccessDecided)
    event = AccessDecided.model_validate_json(body)
    assert (event.outcome, event.action) == (Outcome.ABORTED, Action.DRY_RUN)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"decided": None}, "claim.decided.missing"),
        ({"advances": ()}, "claim.advances.missing"),
        ({"advances": (MonthAdvance(month="2016-12", amount="-1"),)}, "claim.advances.not_positive"),
        ({"advances": (MonthAdvance(month="2016-12", amount="1,234"),)}, "claim.advances.invalid"),
        ({"last": date(2200, 12, 31)}, "claim.period.outside_advance"),
        ({"last": None}, "claim.period.open"),
        ({"first": date(2017, 2, 1)}, "claim.period.reversed"),
        ({"account": "FI2112345600000785"}, "claim.account"),
        ({"reference": "12345"}, "claim.reference"),
        ({"amount": "0"}, "claim.amount.not_positive"),
        ({"amount": "1,234"}, "claim.amount.invalid"),
        ({"ground": "valitystili"}, "claim.mediation"),
        ({**CARE, "first": date(2016, 10, 31)}, "claim.period.outside_care"),
        ({**CARE, "care": None}, "claim.care.missing"),
    ],
)
async def test_given_bad_input_then_a_clear_refusal_and_nothing_lost(
    desk: Open, changes: dict[str, object], code: str
) -> None:
    sent: RegisterClaim = claim(**changes)
    answer = await desk.ask(sent, accepted=ARRIVAL)
    assert isinstance(answer, Refused)
    assert answer.refusal.code == code
    assert await states(desk) == []
    assert await desk.status(sent.idempotency_key) == answer
    (row,) = await desk.rows("select cast(refusal as text) as refusal from registration")
    assert json.loads(str(row["refusal"]))["code"] == code
