"""Who may see, act on and handle claims."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.contracts.base import Channel, Role
from shared.gate.facts import Facts, Function, Municipality
from shared.gate.order import ASKING, decide
from shared.gate.rules import identity_code_valid
from tests.unit.gate.people import KELA, KUOPIO, account, delegation, mandate

RULES = tuple(rule for rule in ASKING if rule is not identity_code_valid.refuse)
EVERY_ROLE = frozenset(Role)


def of_kuopio(passing: Facts, function: Function, *roles: Role) -> Facts:
    return replace(
        passing,
        function=function,
        claimed_roles=EVERY_ROLE,
        mandates=(mandate(roles=roles),),
        delegations=(delegation(),),
        user=account(),
        purpose=None,
        informed=None,
        identity_code=None,
    )


def at_kela(passing: Facts, *roles: Role, organisation: str = KELA) -> Facts:
    known = passing.organisation
    assert known is not None
    return replace(
        of_kuopio(passing, Function.HANDLE_CLAIMS),
        organisation=known.model_copy(update={"business_id": organisation, "municipality": None}),
        member=Municipality("091", exists=True),
        agreement=None,
        mandates=(mandate(organisation=organisation, member="091", roles=roles),),
        user=account(organisation=organisation),
    )


@pytest.mark.parametrize("function", [Function.VIEW_CLAIMS, Function.ACT_ON_CLAIM])
@pytest.mark.parametrize("role", list(Role))
def test_given_a_role_of_a_municipality_then_only_the_three_claimants_see_and_act(
    passing: Facts, function: Function, role: Role
) -> None:
    claimants = {Role.FEE_CLERK, Role.ASSISTANCE_HANDLER, Role.MAINTENANCE_OFFICER}
    refused = decide(of_kuopio(passing, function, role), RULES)
    assert (refused is None) == (role in claimants)


@pytest.mark.parametrize("role", list(Role))
def test_given_a_role_of_a_municipality_then_only_its_main_user_hands_claims_over(passing: Facts, role: Role) -> None:
    refused = decide(of_kuopio(passing, Function.HAND_OVER_CLAIMS, role), RULES)
    assert (refused is None) == (role is Role.MAIN_USER)


def test_given_an_agreement_without_claims_then_nothing_of_them_is_open(passing: Facts) -> None:
    assert passing.agreement is not None
    facts = of_kuopio(passing, Function.VIEW_CLAIMS, Role.FEE_CLERK)
    refused = decide(replace(facts, agreement=passing.agreement.model_copy(update={"covers_claims": False})), RULES)
    assert refused is not None
    assert refused.rule == "claims_covered"


def test_given_kelas_claim_handler_then_a_mandate_of_kela_is_enough(passing: Facts) -> None:
    assert decide(at_kela(passing, Role.CLAIM_HANDLER), RULES) is None


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CLAIM_HANDLER}))
def test_given_another_role_at_kela_then_no_claim_is_handled(passing: Facts, role: Role) -> None:
    assert decide(at_kela(passing, role), RULES) is not None


def test_given_a_claim_handler_of_a_municipality_then_nobody_can_make_themselves_one(passing: Facts) -> None:
    refused = decide(at_kela(passing, Role.CLAIM_HANDLER, organisation=KUOPIO), RULES)
    assert refused is not None
    assert refused.rule == "role_covers_function"


def test_given_a_claim_handler_then_a_municipalitys_functions_are_not_theirs(passing: Facts) -> None:
    for function in (Function.VIEW_CLAIMS, Function.ACT_ON_CLAIM, Function.CHANGE_RECORDS):
        assert decide(replace(at_kela(passing, Role.CLAIM_HANDLER), function=function), RULES) is not None


def test_given_a_log_that_lags_or_a_system_then_no_claim_is_handled(passing: Facts) -> None:
    facts = at_kela(passing, Role.CLAIM_HANDLER)
    for changed in (replace(facts, audit_age=timedelta(hours=1)), replace(facts, channel=Channel.INTERFACE)):
        assert decide(changed, RULES) is not None
