from dataclasses import replace

import pytest
from hypothesis import given, settings

from shared.gate.order import ORDER, decide
from shared.gate.relation import override_counts, relation_of
from shared.gate.tables import sees_protected, visible_groups
from tests.property.gate.astray import cases, for_joint_authority, good_cases, over_interface
from tests.property.gate.cases import ALWAYS, DANGER, Case, facts_of
from tests.property.gate.oracle import RULES, expected, groups, needs, relation, roles, row


def test_the_oracle_knows_every_rule_in_the_gates_order() -> None:
    assert [name for name, _ in RULES] == [rule.__module__.rpartition(".")[2] for rule in ORDER]


@given(cases())
@settings(max_examples=1000, deadline=None)
def test_whatever_is_asked_the_gate_decides_as_the_written_table_does(case: Case) -> None:
    facts = facts_of(case)

    refused = decide(facts)

    assert (None if refused is None else refused.rule) == expected(case)


@given(cases())
@settings(max_examples=400, deadline=None)
def test_whatever_is_asked_each_rule_alone_decides_as_its_line_of_the_table_does_once_those_before_passed(
    case: Case,
) -> None:
    facts = facts_of(case)

    for rule, (name, refuses) in zip(ORDER, RULES, strict=True):
        assert (rule(facts) is not None) == refuses(case), name
        if refuses(case):
            break


@given(cases())
@settings(max_examples=400, deadline=None)
def test_whatever_is_asked_the_same_groups_relation_and_hidden_data_come_of_it(case: Case) -> None:
    facts = facts_of(case)
    made = relation_of(facts)

    assert {group.value for group in visible_groups(facts)} == groups(case)
    assert (None if made is None else made.value) == relation(case)
    assert override_counts(facts) == (relation(case) == "emergency")
    hidden_seen = "protected_data_handler" in roles(case) and bool(roles(case) & set(row(case)[0]))
    assert sees_protected(facts) == hidden_seen


@pytest.mark.parametrize("case", good_cases(), ids=lambda case: f"{case.function}-{case.roles[0]}-{case.purpose}")
def test_every_function_role_and_purpose_of_the_table_passes_and_by_no_other_role(case: Case) -> None:
    assert decide(facts_of(case)) is None
    assert expected(case) is None

    other = replace(case, roles=("protected_data_handler",))
    refused = decide(facts_of(other))
    assert refused is not None
    assert refused.rule == "role_covers_function"


@pytest.mark.parametrize("case", good_cases(), ids=lambda case: f"{case.function}-{case.roles[0]}-{case.purpose}")
def test_over_the_interface_the_named_system_may_what_its_roles_say_but_never_keep_records(case: Case) -> None:
    called = over_interface(case)

    refused = decide(facts_of(called))

    assert (None if refused is None else refused.rule) == expected(called)
    assert (refused is None) == (not needs(case, "records"))


def test_a_joint_authority_may_only_with_the_members_own_delegation() -> None:
    case = for_joint_authority(
        Case(function="view_person", roles=("viewer",), mandates=(), delegations=(), purpose="VERIFY")
    )

    assert decide(facts_of(case)) is None
    assert expected(case) is None
    refused = decide(facts_of(replace(case, delegations=())))
    assert refused is not None
    assert refused.code == "gate.mandate_of_municipality.delegation"


def test_an_override_opens_the_client_relation_and_nothing_else() -> None:
    case = Case(
        function="view_person",
        roles=("emergency_worker",),
        mandates=(("0171450-7", "297", ("emergency_worker",), ALWAYS),),
        purpose="VERIFY",
        home=None,
        emergency=(DANGER, 1.0),
    )

    assert decide(facts_of(case)) is None
    assert override_counts(facts_of(case))
    for astray in (
        replace(case, informed=False),
        replace(case, kinship="sibling"),
        replace(case, audit=61.0),
        replace(case, status="suspended"),
    ):
        assert decide(facts_of(astray)) is not None
        assert expected(astray) is not None
