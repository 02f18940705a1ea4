from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from shared.contracts.agreements import MandateChanged, Member, OrganisationChanged
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.contracts.requests import Actor
from shared.directory.facts import Moment, gather, municipality_on, read_code
from shared.directory.model import Directory
from shared.gate.facts import CodeForm, Facts, Function, Limits
from shared.gate.order import decide
from tests.harness.agreed import agreed

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
DAY = date(2016, 12, 31)
WORKER = "v1." + "a" * 26
SINCE_2016 = Validity(first=date(2016, 1, 1))
DIRECTORY = Directory(
    [
        OrganisationChanged(
            business_id="0171450-7",
            version=1,
            kind="municipality",
            municipality="297",
            name_fi="Kuopio",
            name_sv="Kuopio",
        ),
        agreed(
            id="A-297",
            party="0171450-7",
            validity=SINCE_2016,
            purposes=(Purpose.CHARGE,),
            data_groups=(DataGroup.PAYMENTS,),
            members=(Member(municipality="297", validity=SINCE_2016),),
        ),
        MandateChanged(
            id="M-1",
            version=1,
            worker=WORKER,
            organisation="0171450-7",
            member="297",
            roles=(Role.FEE_CLERK,),
            validity=SINCE_2016,
        ),
    ]
)
ACTOR = Actor(
    request=UUID(int=1),
    expires=NOW + timedelta(minutes=1),
    identity_code="010180-9015",
    name="Testi Työntekijä",
    signed_in=NOW - timedelta(minutes=10),
    organisation="0171450-7",
    member="297",
    roles=(Role.FEE_CLERK,),
    channel=Channel.UI,
)
MOMENT = Moment(day=DAY, time=NOW, now=NOW, audit_age=timedelta(seconds=1), agreements_age=timedelta(seconds=2))


def gathered(actor: Actor | None, worker: str | None = WORKER) -> Facts:
    return gather(DIRECTORY, actor, worker, function=Function.VIEW_PERSON, moment=MOMENT, limits=Limits())


def test_given_a_known_worker_then_every_fact_about_who_asks_is_there() -> None:
    facts = gathered(ACTOR)

    assert facts.actor_verified
    assert facts.bound_to_person
    assert facts.signed_in_for == timedelta(minutes=10)
    assert facts.organisation is not None
    assert facts.agreement is not None
    assert facts.agreement.id == "A-297"
    assert facts.mandates is not None
    assert [mandate.id for mandate in facts.mandates] == ["M-1"]
    assert facts.member is not None
    assert facts.member.exists
    assert (facts.audit_age, facts.agreements_age) == (timedelta(seconds=1), timedelta(seconds=2))


@pytest.mark.parametrize(
    ("forgotten", "rule"),
    [("0171450-7", "organisation_known"), ("A-297", "agreement_exists"), ("M-1", "mandate_of_worker")],
)
def test_given_a_record_held_as_unknown_then_the_gate_refuses_by_it(forgotten: str, rule: str) -> None:
    directory = Directory([*DIRECTORY.organisations(), *DIRECTORY.agreements(), *DIRECTORY.all_mandates()])

    def decided() -> str | None:
        asked = gather(directory, ACTOR, WORKER, function=Function.CLAIM_STATUS, moment=MOMENT, limits=Limits())
        refused = decide(asked)
        return None if refused is None else refused.rule

    assert decided() is None
    assert directory.forget(forgotten)
    assert decided() == rule


def test_given_no_verified_actor_then_nothing_is_known_of_anybody() -> None:
    facts = gathered(None)

    assert facts.actor_verified is False
    assert facts.organisation is None
    assert facts.mandates is None


def test_given_a_sub_id_then_it_is_bound_to_nobody_and_has_no_mandates() -> None:
    facts = gathered(ACTOR.model_copy(update={"identity_code": None}), worker=None)

    assert facts.bound_to_person is False
    assert facts.mandates is None


def test_given_no_member_chosen_then_neither_municipality_nor_agreement_is_guessed() -> None:
    facts = gathered(ACTOR.model_copy(update={"member": None}))

    assert facts.member is None
    assert facts.agreement is None


def test_g8_given_a_merged_municipality_then_its_successor_is_named_from_the_first_day_of_2017() -> None:
    assert municipality_on("174", date(2016, 12, 31)).exists
    after = municipality_on("174", date(2017, 1, 1))

    assert (after.exists, after.successor_fi) == (False, "Kuopio")
    assert municipality_on("000", DAY).exists is False


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("010180-9015", CodeForm.ARTIFICIAL),
        (" 010180-9015 ", CodeForm.ARTIFICIAL),
        ("010180-9016", CodeForm.INVALID),
        ("310280-9015", CodeForm.INVALID),
        ("", CodeForm.INVALID),
        ("Möttönen", CodeForm.INVALID),
    ],
)
def test_given_what_was_typed_then_its_form_is_told_and_a_code_comes_only_with_a_well_formed_one(
    typed: str, form: CodeForm
) -> None:
    told, code = read_code(typed)

    assert told is form
    assert (code is None) == (form is CodeForm.INVALID)
