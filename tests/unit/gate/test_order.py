import importlib
import pkgutil
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.contracts.base import DataGroup, Purpose, Refusal, Role
from shared.gate import rules
from shared.gate.facts import CodeForm, Facts, Function, Municipality
from shared.gate.functions import FUNCTIONS
from shared.gate.order import ORDER, decide
from shared.gate.tables import PURPOSES, visible_groups

LEAST_RULES = 30


def test_given_all_facts_in_order_when_decided_then_nothing_refuses(passing: Facts) -> None:
    assert decide(passing) is None


def test_given_no_facts_at_all_when_decided_then_the_first_rule_refuses() -> None:
    refused = decide(Facts())

    assert refused is not None
    assert refused.rule == "actor_verified"


def test_every_rule_module_stands_in_the_order_exactly_once() -> None:
    modules = {name for _, name, _ in pkgutil.iter_modules(rules.__path__)}
    listed = [rule.__module__.rpartition(".")[2] for rule in ORDER]

    assert sorted(listed) == sorted(modules)
    assert len(listed) >= LEAST_RULES
    assert [importlib.import_module(rule.__module__).NAME for rule in ORDER] == listed


@pytest.mark.parametrize("rule", ORDER, ids=lambda rule: rule.__module__.rpartition(".")[2])
def test_given_no_facts_then_every_rule_refuses_alone_in_three_languages(rule: object) -> None:
    assert callable(rule)
    refused = rule(Facts())

    assert isinstance(refused, Refusal)
    assert refused.law
    for text in (refused.reason, refused.advice):
        assert len({text.fi, text.sv, text.en}) == 3
        assert all((text.fi, text.sv, text.en))


def test_given_several_faults_then_the_one_earliest_in_the_order_is_told(passing: Facts) -> None:
    faulty = replace(passing, informed=False, audit_age=timedelta(hours=1), identity_code=CodeForm.INVALID)

    refused = decide(faulty)

    assert refused is not None
    assert refused.rule == "audit_fresh"


def test_g8_given_a_merged_municipality_then_the_merger_is_told_before_the_ended_membership(
    passing: Facts,
) -> None:
    refused = decide(replace(passing, member=Municipality("174", exists=False, successor_fi="Kuopio")))

    assert refused is not None
    assert refused.rule == "municipality_exists"


def test_given_a_viewer_then_claims_are_not_among_what_is_visible(passing: Facts) -> None:
    mandate = passing.mandates[0] if passing.mandates else None
    assert mandate is not None
    viewer = replace(
        passing,
        claimed_roles=frozenset({Role.VIEWER}),
        mandates=(mandate.model_copy(update={"roles": (Role.VIEWER,)}),),
    )

    assert visible_groups(viewer) == {DataGroup.PENDING, DataGroup.DECISIONS, DataGroup.PAYMENTS}
    assert DataGroup.CLAIMS in visible_groups(passing)
    assert visible_groups(replace(viewer, purpose=None)) == frozenset()
    assert visible_groups(replace(viewer, agreement=None)) == frozenset()


def test_given_a_role_that_is_stated_but_not_mandated_then_it_counts_for_nothing(passing: Facts) -> None:
    refused = decide(replace(passing, claimed_roles=frozenset({Role.ASSISTANCE_HANDLER})))

    assert refused is not None
    assert refused.rule == "role_covers_function"


def test_the_tables_name_each_case_once() -> None:
    assert len({(row.role, row.purpose) for row in PURPOSES}) == len(PURPOSES)
    assert {row.function for row in FUNCTIONS} == set(Function)
    assert {row.purpose for row in PURPOSES} == set(Purpose)
    assert {group for row in PURPOSES for group in row.groups} == set(DataGroup)
    assert not {row.role for row in PURPOSES} & {
        Role.MAIN_USER,
        Role.BILLING_CLERK,
        Role.LOG_SUPERVISOR,
        Role.AGREEMENT_OFFICER,
        Role.PROTECTED_DATA_HANDLER,
    }


def test_each_role_has_a_purpose_that_fits_for_every_function_that_needs_one() -> None:
    usable = {(row.role, row.purpose) for row in PURPOSES}

    for row in FUNCTIONS:
        for role in row.roles if row.purposes else ():
            assert any((role, purpose) in usable for purpose in row.purposes), (row.function, role)
