"""Who may claim: a joint authority for a municipality that delegated to it; nobody on the own identity code."""

from shared.contracts.answers import ClaimReceipt, Refused
from tests.integration.claims.claimants import KUOPIO, SIUN_SOTE, WORKER, Claimant
from tests.integration.claims.desk import Open, claim


async def test_given_a_joint_authority_with_a_delegation_then_it_claims_for_its_member(desk: Open) -> None:
    answer = await desk.ask(claim(), by=SIUN_SOTE)
    assert isinstance(answer, ClaimReceipt)
    assert [(row["organisation"], row["member"]) for row in await desk.rows("select * from claim")] == [
        (SIUN_SOTE.organisation, SIUN_SOTE.member)
    ]


async def test_given_a_municipality_of_another_then_the_gate_refuses_and_nothing_is_stored(desk: Open) -> None:
    answer = await desk.ask(claim(), by=Claimant(SIUN_SOTE.organisation, KUOPIO.member, joint=True))
    assert isinstance(answer, Refused)
    assert answer.refusal.code.startswith("gate.")
    assert await desk.rows("select * from claim") == []


async def test_given_a_claim_on_the_workers_own_code_then_refused_and_nothing_stored(desk: Open) -> None:
    answer = await desk.ask(claim(identity_code=WORKER))
    assert isinstance(answer, Refused)
    assert (answer.refusal.code, answer.refusal.rule, answer.refusal.law) == (
        "claim.own_code",
        "V18",
        "L 434/2003 28 §",
    )
    assert await desk.rows("select * from claim") == []
