"""V4, V5: what the register says of the client; V12, V18: what is remarked on an accepted claim."""

from collections.abc import Callable
from datetime import date

import pytest

from services.claims.domain.facts import ClaimFacts, Granted, RegisterFacts
from services.claims.domain.payday import timing
from services.claims.domain.remarks import About, Remark, awaits, remarks
from services.claims.domain.rules import order
from shared.contracts.asking import CareStated
from shared.contracts.base import Validity
from tests.unit.claims.conftest import AGREEMENT, ARRIVED, CARE, GRANTED, advances

Make = Callable[..., ClaimFacts]
OWN, OTHERS = Granted(to_client=True), Granted(to_client=False)


def refused(facts: ClaimFacts) -> str | None:
    """The code of the first refusal."""
    refusal = order.first_refusal(facts)
    return None if refusal is None else refusal.code


def remarked(facts: ClaimFacts) -> tuple[Remark, ...]:
    """What is remarked on a claim that every rule lets pass."""
    assert refused(facts) is None
    first = facts.claim.first
    assert first is not None
    return remarks(facts, timing(facts.claim.benefit, facts.arrived, first, facts.claim.last))


@pytest.mark.parametrize(
    ("granted", "code"),
    [
        ((), None),
        ((OWN,), None),
        ((OTHERS,), "claim.not_payee"),
        ((OWN, OTHERS), None),
        ((Granted(to_client=False, last=date(2016, 11, 13)),), None),
        ((Granted(to_client=False, last=date(2016, 11, 14)),), "claim.not_payee"),
        ((Granted(to_client=True, last=date(2016, 11, 13)), OTHERS), "claim.not_payee"),
    ],
)
def test_v4_given_who_is_paid_then_the_code_is_the_payees(
    facts: Make, granted: tuple[Granted, ...], code: str | None
) -> None:
    assert refused(facts(benefit="elatustuki", register=RegisterFacts(granted))) == code


def test_v4_given_maintenance_of_a_child_in_care_then_form_lu1(facts: Make) -> None:
    made = facts(**CARE, benefit="elatustuki", register=RegisterFacts((OTHERS,)))
    refusal = order.first_refusal(made)
    assert refusal is not None
    assert "LU1" in refusal.advice.sv


@pytest.mark.parametrize(
    ("died", "code"), [(date(2016, 11, 30), "claim.deceased"), (date(2016, 12, 1), None), (None, None)]
)
def test_v4_given_a_death_then_a_period_after_it_is_refused(facts: Make, died: date | None, code: str | None) -> None:
    assert refused(facts(register=RegisterFacts(GRANTED.granted, died))) == code


@pytest.mark.parametrize(
    ("register", "code"),
    [
        (GRANTED, None),
        (None, "claim.not_in_payment"),
        (RegisterFacts(), "claim.not_in_payment"),
        (RegisterFacts((Granted(to_client=True, first=date(2016, 11, 15)),)), "claim.not_in_payment"),
        (RegisterFacts((Granted(to_client=True, last=date(2016, 11, 13)),)), "claim.not_in_payment"),
        (RegisterFacts((Granted(to_client=True, first=ARRIVED, last=ARRIVED),)), None),
    ],
)
def test_v5_given_child_benefit_then_it_must_be_in_payment_on_the_day_of_arrival(
    facts: Make, register: RegisterFacts | None, code: str | None
) -> None:
    assert refused(facts(benefit="lapsilisa", register=register)) == code


@pytest.mark.parametrize(
    ("register", "waits"),
    [
        (GRANTED, False),
        (None, True),
        (RegisterFacts(), True),
        (RegisterFacts((Granted(to_client=True, last=date(2016, 11, 30)),)), True),
        (RegisterFacts((Granted(to_client=True, first=date(2017, 1, 1)),)), True),
        (RegisterFacts((Granted(to_client=True, last=date(2016, 12, 1)),)), False),
    ],
)
def test_v5_given_another_benefit_then_it_may_be_awaited_and_that_is_remarked(
    facts: Make, register: RegisterFacts | None, *, waits: bool
) -> None:
    made = facts(register=register)
    assert awaits(made) is waits
    assert (Remark(About.NOT_GRANTED) in remarked(made)) is waits


@pytest.mark.parametrize(
    ("benefit", "began", "about", "day"),
    [
        ("lapsilisa", date(2016, 10, 10), About.CHILD_BENEFIT, date(2016, 11, 1)),
        ("lapsilisa", date(2015, 12, 31), About.CHILD_BENEFIT, date(2016, 1, 1)),
        ("elatustuki", date(2016, 10, 10), About.CHILD_MAINTENANCE, date(2016, 11, 1)),
        ("elatustuki", date(2015, 12, 31), About.CHILD_MAINTENANCE, date(2016, 8, 1)),
    ],
)
def test_v12_given_care_and_a_benefit_for_a_child_then_the_day_for_a_child_is_remarked(
    facts: Make, benefit: str, began: date, about: About, day: date
) -> None:
    care = CareStated(first=began, fee="50", income="600", unit="Koivukoti")
    made = facts(ground="aml_14", benefit=benefit, care=care)
    assert remarked(made) == (Remark(about, day),)


def test_v12_given_a_pension_then_nothing_is_remarked_of_children(facts: Make) -> None:
    assert remarked(facts(**CARE)) == ()


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (date(2016, 11, 15), True),
        (date(2016, 12, 6), True),
        (date(2016, 12, 7), False),
        (None, False),
    ],
)
def test_v18_given_an_agreement_that_ends_before_the_first_payday_then_accepted_and_the_day_is_remarked(
    facts: Make, ends: date | None, *, told: bool
) -> None:
    """A claim by a body whose agreement ends tomorrow: 14.11. arrived, 7.12. the first payday."""
    ending = AGREEMENT.model_copy(update={"validity": Validity(first=date(2016, 1, 1), last=ends)})
    expected = (Remark(About.AGREEMENT_ENDS, ends),) if told else ()
    assert remarked(facts(access={"agreement": ending})) == expected


def test_v18_given_a_member_that_leaves_the_agreement_then_that_day_counts(facts: Make) -> None:
    leaving = AGREEMENT.members[0].model_copy(
        update={"validity": Validity(first=date(2016, 1, 1), last=date(2016, 11, 30))}
    )
    made = facts(access={"agreement": AGREEMENT.model_copy(update={"members": (leaving,)})})
    assert remarked(made) == (Remark(About.AGREEMENT_ENDS, date(2016, 11, 30)),)


def test_v18_given_an_agreement_that_ended_yesterday_then_refused(facts: Make) -> None:
    ended = Validity(first=date(2016, 1, 1), last=date(2016, 11, 13))
    made = facts(access={"agreement": AGREEMENT.model_copy(update={"validity": ended})})
    assert refused(made) == "gate.agreement_valid.ended"


def test_v18_given_a_benefit_without_a_fixed_payday_then_the_earliest_day_counts(facts: Make) -> None:
    ending = AGREEMENT.model_copy(update={"validity": Validity(first=date(2016, 1, 1), last=date(2016, 11, 27))})
    made = facts(benefit="tyomarkkinatuki", advances=advances("2016-12"), access={"agreement": ending})
    assert remarked(made) == (Remark(About.AGREEMENT_ENDS, date(2016, 11, 27)),)


@pytest.mark.parametrize("about", list(About))
@pytest.mark.parametrize("day", [None, date(2017, 1, 31)])
def test_a_remark_is_stored_and_read_back(about: About, day: date | None) -> None:
    assert Remark.parse(str(Remark(about, day))) == Remark(about, day)


def test_a_remark_tells_its_day_as_its_reader_writes_it() -> None:
    remark = Remark(About.AGREEMENT_ENDS, date(2017, 1, 31))
    shown = [remark.in_language("fi"), remark.in_language("sv"), remark.in_language("en")]
    assert [day in text for day, text in zip(("31.1.2017", "31.1.2017", "2017-01-31"), shown, strict=True)] == [
        True
    ] * 3
