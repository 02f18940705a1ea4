"""The golden cases of registration, whole: G1 fourteen days, G2 overlap, G7 lapsilisä (`golden.md`)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.claims.domain.facts import ClaimFacts, Granted, RegisterFacts
from services.claims.domain.payday import Notice
from services.claims.domain.registration import Claim, register
from services.claims.domain.rules import order
from shared.clock.civil import helsinki_date
from shared.contracts.asking import CareStated
from tests.unit.claims.conftest import CARE, MANDATE, advances

Make = Callable[..., ClaimFacts]
MONTHS_OF_2017 = tuple(f"2017-{month:02}" for month in range(1, 13))
CHILD = RegisterFacts(granted=(Granted(to_client=False, first=date(2010, 1, 1)),))


def registered(facts: ClaimFacts) -> Claim:
    """The claim, which every rule lets pass."""
    refusal = order.first_refusal(facts)
    assert refusal is None, refusal
    client = "v1." + "c" * 26
    arrived = datetime(2016, 1, 1, tzinfo=UTC)
    return register(facts, id=UUID(int=1), number="MV-1", arrived=arrived, worker=MANDATE.worker, client=client)


def whole_year(facts: Make, arrived: date, **claim: object) -> ClaimFacts:
    period = {"first": date(2017, 1, 1), "last": date(2017, 12, 31), "advances": advances(*MONTHS_OF_2017)}
    return facts(**{**period, "arrived": arrived, "decided": date(2016, 11, 10), **claim})


@pytest.mark.parametrize(
    ("arrived", "effective"),
    [
        (datetime(2016, 12, 22, 21, 59, 59, tzinfo=UTC), date(2017, 1, 5)),
        (datetime(2016, 12, 22, 22, 30, tzinfo=UTC), date(2017, 2, 7)),
        (datetime(2016, 12, 24, 12, 0, tzinfo=UTC), date(2017, 2, 7)),
    ],
)
def test_g1_given_a_national_pension_then_the_actual_payday_fourteen_days_away_counts(
    facts: Make, arrived: datetime, effective: date
) -> None:
    assert registered(whole_year(facts, helsinki_date(arrived))).timing.effective == effective


@pytest.mark.parametrize(
    ("arrived", "effective"),
    [
        (date(2017, 1, 12), date(2017, 1, 26)),
        (date(2017, 1, 13), date(2017, 2, 24)),
        (date(2017, 6, 8), date(2017, 6, 22)),
        (date(2017, 6, 9), date(2017, 7, 26)),
    ],
)
def test_g1_given_child_benefit_then_its_moved_paydays_count(facts: Make, arrived: date, effective: date) -> None:
    assert registered(whole_year(facts, arrived, benefit="lapsilisa")).timing.effective == effective


def test_g2_given_a_period_that_no_reachable_payday_overlaps_then_accepted_with_the_warning(facts: Make) -> None:
    made = facts(
        arrived=date(2016, 12, 23), first=date(2017, 1, 1), last=date(2017, 1, 31), advances=advances("2017-01")
    )
    claim = registered(made)
    assert claim.timing.effective is None
    assert Notice.TOO_LATE in claim.timing.notices
    assert "ei ehdi" in claim.receipt("fi").warnings[0]


def test_g2_given_care_from_march_then_the_march_payday(facts: Make) -> None:
    made = facts(**CARE, arrived=date(2016, 12, 23), first=date(2017, 3, 1), last=None)
    assert registered(made).timing.effective == date(2017, 3, 7)


@pytest.mark.parametrize("ground", ["lll_11", "aml_14"])
@pytest.mark.parametrize(
    ("arrived", "payday", "shown"),
    [(date(2016, 11, 11), "2016-11-25", "25.11.2016"), (date(2016, 11, 14), "2016-12-23", "23.12.2016")],
)
def test_g7_given_a_child_in_care_then_refused_with_form_ll2_and_from_when(
    facts: Make, ground: str, arrived: date, payday: str, shown: str
) -> None:
    """In care from 10.10.2016: November at the earliest, if the care lasts beyond a month."""
    made = facts(**{**CARE, "ground": ground}, benefit="lapsilisa", arrived=arrived, register=CHILD, last=None)
    refusal = order.first_refusal(made)
    assert refusal is not None
    assert refusal.rule == {"lll_11": "V1", "aml_14": "V4"}[ground]
    advice = refusal.advice
    assert all("LL2" in text for text in (advice.fi, advice.sv, advice.en))
    assert all(day in advice.fi for day in ("1.11.2016", shown))
    assert all(day in advice.sv for day in ("1.11.2016", shown))
    assert all(day in advice.en for day in ("2016-11-01", payday))


def test_g7_given_the_payee_in_care_then_accepted_without_a_month_shift(facts: Make) -> None:
    care = CareStated(first=date(2016, 11, 1), fee="50", income="600", unit="Koivukoti")
    made = facts(ground="aml_14", benefit="lapsilisa", care=care, arrived=date(2016, 11, 11), first=date(2016, 11, 1))
    assert registered(made).timing.effective == date(2016, 11, 25)


def test_g7_given_the_identity_code_of_the_child_then_refused_by_v4(facts: Make) -> None:
    refusal = order.first_refusal(facts(benefit="lapsilisa", register=CHILD))
    assert refusal is not None
    assert (refusal.rule, refusal.code) == ("V4", "claim.not_payee")
