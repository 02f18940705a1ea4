"""Each rule of a change: what is refused, by which code, and what is let through."""

from datetime import date

import pytest

from services.agreements.domain.changes import judge, judge_all
from services.agreements.domain.records import Record, key_of
from services.agreements.domain.refusals import ChangeRefused
from services.agreements.domain.state import State
from shared.contracts.agreements import (
    Account,
    AgreementChanged,
    DelegationChanged,
    MandateChanged,
    Member,
    OrganisationChanged,
    PopulationStated,
)
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity

KUOPIO = "9000297-3"
JOINT = "1234567-1"
ALWAYS = Validity(first=date(2015, 1, 1))
UNTIL_2016 = Validity(first=date(2015, 1, 1), last=date(2016, 12, 31))
FROM_2017 = Validity(first=date(2017, 1, 1))
WORKER = "v1." + "a" * 26


def organisation(**changes: object) -> OrganisationChanged:
    body: dict[str, object] = {
        "business_id": KUOPIO,
        "version": 1,
        "kind": "municipality",
        "municipality": "297",
        "name_fi": "Kuopio",
        "name_sv": "Kuopio",
        "e_invoice_address": "003790002973",
    }
    return OrganisationChanged.model_validate(body | changes)


def joint(**changes: object) -> OrganisationChanged:
    body: dict[str, object] = {"kind": "joint_authority", "municipality": None, "e_invoice_address": None}
    return organisation(**({"business_id": JOINT} | body | changes))


def agreement(**changes: object) -> AgreementChanged:
    body: dict[str, object] = {
        "id": "S-297",
        "version": 1,
        "party": KUOPIO,
        "validity": ALWAYS,
        "status": "open",
        "law": "L 812/2000 21 §",
        "purposes": (Purpose.CHARGE,),
        "data_groups": (DataGroup.PENDING,),
        "channels": (Channel.UI,),
        "window_months": 24,
        "covers_claims": True,
        "security_statement": True,
        "members": (member("297"),),
        "accounts": (Account(id="T", iban="FI2112345600000785", confirmed=True),),
    }
    return AgreementChanged.model_validate(body | changes)


def member(code: str, days: Validity = ALWAYS) -> Member:
    return Member(municipality=code, validity=days)


def mandate(**changes: object) -> MandateChanged:
    body: dict[str, object] = {
        "id": "V-1",
        "version": 1,
        "worker": WORKER,
        "organisation": KUOPIO,
        "member": "297",
        "roles": (Role.VIEWER,),
        "validity": ALWAYS,
    }
    return MandateChanged.model_validate(body | changes)


def population(**changes: object) -> PopulationStated:
    body: dict[str, object] = {"municipality": "297", "year_end": 2015, "version": 1, "inhabitants": 112153}
    return PopulationStated.model_validate(body | changes)


def delegation(**changes: object) -> DelegationChanged:
    body: dict[str, object] = {"id": "D-1", "version": 1, "principal": "297", "agent": JOINT, "validity": ALWAYS}
    return DelegationChanged.model_validate(body | changes)


def code_of(record: Record, *known: Record) -> str | bool:
    """The refusal's code, or whether the record is new."""
    outcome = judge(State(known), record)
    return outcome.code if isinstance(outcome, ChangeRefused) else outcome


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
    outcome = judge_all(State((ORGANISATION, joint(), AGREEMENT)), (shortened, following))
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
    ],
)
def test_a_faulty_mandate_is_refused(changes: dict[str, object], code: str) -> None:
    assert code_of(mandate(**changes), ORGANISATION, joint(), AGREEMENT) == code


def test_a_mandate_does_not_outlast_the_membership() -> None:
    known = (joint(), agreement(id="S-J", party=JOINT, validity=UNTIL_2016), delegation())
    assert code_of(mandate(organisation=JOINT), *known) == "mandate.member"
    assert code_of(mandate(organisation=JOINT, validity=UNTIL_2016), *known) is True


def test_a_mandate_does_not_pass_to_somebody_else() -> None:
    taken = mandate(version=2, worker="v1." + "b" * 26)
    assert code_of(taken, ORGANISATION, mandate()) == "mandate.subject_changed"


@pytest.mark.parametrize("record", [population(municipality="999"), population(municipality="174", year_end=2017)])
def test_a_population_of_a_municipality_that_is_not_there_is_refused(record: Record) -> None:
    assert code_of(record) == "population.municipality"


def test_a_negative_population_is_refused_even_past_the_contract() -> None:
    assert code_of(population().model_copy(update={"inhabitants": -1})) == "population.negative"


def test_a_refusal_says_what_why_and_what_to_do() -> None:
    outcome = judge(State(), organisation(name_fi=""))
    assert isinstance(outcome, ChangeRefused)
    assert str(outcome).startswith("organisation 9000297-3 version 1: A name is missing. Give the name")


def test_later_changes_of_a_list_build_on_earlier_ones_and_a_refusal_stops_only_its_own() -> None:
    outcome = judge_all(State(), (ORGANISATION, ORGANISATION, population(municipality="999"), AGREEMENT))
    assert outcome.accepted == (ORGANISATION, AGREEMENT)
    assert outcome.unchanged == 1
    assert [refusal.code for refusal in outcome.refused] == ["population.municipality"]
