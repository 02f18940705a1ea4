"""Each rule of a change: what is refused, by which code, and what is let through."""

from datetime import date

import pytest

from services.agreements.domain.changes import judge, judge_all
from services.agreements.domain.records import Record, key_of
from services.agreements.domain.refusals import ChangeRefused
from services.agreements.domain.state import State
from shared.contracts.agreements import Account
from shared.contracts.base import Role, Validity
from shared.gate.mandates import KELA
from tests.unit.agreements.made import (
    ALWAYS,
    FROM_2017,
    JOINT,
    KUOPIO,
    TODAY,
    UNTIL_2016,
    agreement,
    code_of,
    delegation,
    joint,
    mandate,
    member,
    organisation,
    population,
)

ORGANISATION = organisation()
AGREEMENT = agreement()


@pytest.mark.parametrize(
    ("record", "known"),
    [
        (ORGANISATION, ()),
        (joint(), ()),
        (AGREEMENT, (ORGANISATION,)),
        (mandate(), (ORGANISATION,)),
        (mandate(organisation=JOINT), (joint(), agreement(id="S-J", party=JOINT), delegation())),
        (population(), ()),
    ],
    ids=lambda value: str(key_of(value)) if not isinstance(value, tuple) else "",
)
def test_a_change_in_order_is_accepted(record: Record, known: tuple[Record, ...]) -> None:
    assert code_of(record, *known) is True


def test_the_same_version_again_changes_nothing() -> None:
    assert code_of(ORGANISATION, ORGANISATION) is False


def test_an_old_version_again_changes_nothing() -> None:
    assert code_of(ORGANISATION, ORGANISATION, organisation(version=2, name_fi="Uusi")) is False


def test_a_known_version_with_other_content_is_a_conflict() -> None:
    assert code_of(organisation(name_fi="Muu"), ORGANISATION) == "version.conflict"


def test_a_version_that_skips_one_is_refused() -> None:
    assert code_of(organisation(version=3), ORGANISATION) == "version.gap"
    assert code_of(organisation(version=2)) == "version.gap"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (organisation(business_id="9000297-4"), "business_id.check_digit"),
        (organisation(e_invoice_address="003790002974"), "business_id.check_digit"),
        (organisation(name_sv=" "), "organisation.name"),
        (organisation(municipality=None), "organisation.kind"),
        (joint(municipality="297"), "organisation.kind"),
        (organisation(municipality="999"), "municipality.unknown"),
    ],
)
def test_a_faulty_organisation_is_refused(record: Record, code: str) -> None:
    assert code_of(record) == code


def test_a_municipality_is_one_organisation_for_ever() -> None:
    second = organisation(business_id="9999991-7", e_invoice_address=None)
    assert code_of(second, ORGANISATION) == "organisation.municipality_taken"
    moved = organisation(version=2, municipality="091")
    assert code_of(moved, ORGANISATION) == "organisation.municipality_changed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"party": JOINT}, "agreement.party"),
        ({"validity": Validity(first=date(2016, 2, 1), last=date(2016, 1, 1))}, "agreement.validity"),
        (
            {"members": (member("297", Validity(first=date(2016, 2, 1), last=date(2016, 1, 1))),)},
            "agreement.validity",
        ),
        ({"law": " "}, "agreement.incomplete"),
        ({"members": ()}, "agreement.incomplete"),
        ({"purposes": ()}, "agreement.incomplete"),
        ({"status": "terminated"}, "agreement.termination"),
        ({"accounts": (Account(id="T", iban="FI2112345600000786", confirmed=True),)}, "iban.invalid"),
        ({"accounts": AGREEMENT.accounts * 2}, "account.repeated"),
        ({"validity": UNTIL_2016, "members": (member("297", FROM_2017),)}, "agreement.member_outside"),
        ({"members": (member("999"),)}, "municipality.unknown"),
        ({"members": (member("297"), member("442"))}, "municipality.ended"),
        ({"members": (member("297"), member("297", FROM_2017))}, "agreement.overlap"),
    ],
)
def test_a_faulty_agreement_is_refused(changes: dict[str, object], code: str) -> None:
    assert code_of(agreement(**changes), ORGANISATION) == code


def test_an_agreement_keeps_its_party() -> None:
    taken = agreement(version=2, party=JOINT)
    assert code_of(taken, ORGANISATION, joint(), AGREEMENT) == "agreement.party_changed"


def test_two_agreements_never_bear_a_municipality_on_the_same_day() -> None:
    other = agreement(id="S-J", party=JOINT, validity=FROM_2017)
    assert code_of(other, ORGANISATION, joint(), AGREEMENT) == "agreement.overlap"


def test_the_next_agreement_may_begin_on_the_day_after_the_last_one_ends() -> None:
    shortened = agreement(version=2, validity=UNTIL_2016)
    following = agreement(id="S-J", party=JOINT, validity=FROM_2017)
    outcome = judge_all(State((ORGANISATION, joint(), AGREEMENT)), (shortened, following), today=TODAY)
    assert outcome.accepted == (shortened, following)


def test_a_new_version_of_an_agreement_does_not_overlap_its_own_old_one() -> None:
    assert code_of(agreement(version=2, window_months=12), ORGANISATION, AGREEMENT) is True


def test_a_merged_municipality_is_borne_by_whoever_bears_its_successor() -> None:
    heir = agreement(members=(member("297"), member("174", FROM_2017)))
    assert code_of(heir, ORGANISATION) is True
    too_early = agreement(members=(member("297", FROM_2017), member("174", ALWAYS)))
    assert code_of(too_early, ORGANISATION) is True  # before the merger 174 is an ordinary member
    not_heir = agreement(members=(member("297", UNTIL_2016), member("174", FROM_2017)))
    assert code_of(not_heir, ORGANISATION) == "municipality.ended"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"organisation": "9999991-7"}, "mandate.organisation"),
        ({"validity": Validity(first=date(2016, 2, 1), last=date(2016, 1, 1))}, "mandate.validity"),
        ({"roles": ()}, "mandate.roles"),
        ({"member": "999"}, "municipality.unknown"),
        ({"member": "174"}, "municipality.ended"),
        ({"member": "091"}, "mandate.member"),
        ({"organisation": JOINT}, "mandate.member"),
        ({"roles": (Role.AGREEMENT_OFFICER,)}, "mandate.role_of_kela"),
        ({"roles": (Role.FEE_CLERK, Role.AGREEMENT_OFFICER)}, "mandate.role_of_kela"),
    ],
)
def test_a_faulty_mandate_is_refused(changes: dict[str, object], code: str) -> None:
    assert code_of(mandate(**changes), ORGANISATION, joint(), AGREEMENT) == code


def test_a_mandate_does_not_outlast_the_membership() -> None:
    known = (joint(), agreement(id="S-J", party=JOINT, validity=UNTIL_2016), delegation())
    assert code_of(mandate(organisation=JOINT), *known) == "mandate.member"
    assert code_of(mandate(organisation=JOINT, validity=UNTIL_2016), *known) is True


def test_a_mandate_needs_the_municipality_s_delegation_on_all_its_days() -> None:
    bearing = (joint(), ORGANISATION, agreement(id="S-J", party=JOINT))
    of_joint = mandate(organisation=JOINT)
    assert code_of(of_joint, *bearing) == "mandate.delegation"
    assert code_of(of_joint, *bearing, delegation(validity=UNTIL_2016)) == "mandate.delegation"
    assert code_of(of_joint, *bearing, delegation(agent=KUOPIO)) == "mandate.delegation"
    assert code_of(of_joint, *bearing, delegation()) is True


def test_a_mandate_for_a_member_that_left_is_refused() -> None:
    left = agreement(id="S-J", party=JOINT, members=(member("297", UNTIL_2016), member("091")))
    after = mandate(organisation=JOINT, validity=FROM_2017)
    assert code_of(after, joint(), left, delegation()) == "mandate.member"


def test_kela_gives_mandates_to_officers_alone() -> None:
    kela = joint(business_id=KELA)
    officer = mandate(organisation=KELA, member="091", roles=(Role.AGREEMENT_OFFICER,))
    assert code_of(officer, kela) is True
    assert code_of(mandate(organisation=KELA, roles=(Role.VIEWER,)), kela) == "mandate.role_of_kela"


def test_a_mandate_does_not_pass_to_somebody_else() -> None:
    taken = mandate(version=2, worker="v1." + "b" * 26)
    assert code_of(taken, ORGANISATION, mandate()) == "mandate.subject_changed"


@pytest.mark.parametrize("record", [population(municipality="999"), population(municipality="174", year_end=2017)])
def test_a_population_of_a_municipality_that_is_not_there_is_refused(record: Record) -> None:
    assert code_of(record) == "population.municipality"


def test_a_negative_population_is_refused_even_past_the_contract() -> None:
    assert code_of(population().model_copy(update={"inhabitants": -1})) == "population.negative"


def test_a_refusal_says_what_why_and_what_to_do() -> None:
    outcome = judge(State(), organisation(name_fi=""), today=TODAY)
    assert isinstance(outcome, ChangeRefused)
    assert str(outcome).startswith("organisation 9000297-3 version 1: A name is missing. Give the name")


def test_later_changes_of_a_list_build_on_earlier_ones_and_a_refusal_stops_only_its_own() -> None:
    outcome = judge_all(State(), (ORGANISATION, ORGANISATION, population(municipality="999"), AGREEMENT), today=TODAY)
    assert outcome.accepted == (ORGANISATION, AGREEMENT)
    assert outcome.unchanged == 1
    assert [refusal.code for refusal in outcome.refused] == ["population.municipality"]
