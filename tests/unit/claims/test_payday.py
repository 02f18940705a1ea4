"""Golden G1 and G2, and what stands around them."""

from datetime import UTC, date, datetime, time

import pytest

from services.claims.data_files import policy
from services.claims.domain.payday import WORDING, Notice, timing
from shared.clock.civil import at_helsinki, helsinki_date
from shared.contracts.base import Text
from shared.finnish.errors import FormatError

OPEN = None


@pytest.mark.parametrize(
    ("arrived", "payday"),
    [
        (at_helsinki(date(2016, 12, 22), time(23, 59, 59)), date(2017, 1, 5)),
        (datetime(2016, 12, 22, 22, 30, tzinfo=UTC), date(2017, 2, 7)),
        (datetime(2016, 12, 24, 10, 0, tzinfo=UTC), date(2017, 2, 7)),
    ],
)
def test_g1_kansanelake_of_january(arrived: datetime, payday: date) -> None:
    assert timing("kansanelake", helsinki_date(arrived), date(2016, 12, 1), OPEN).effective == payday


@pytest.mark.parametrize(
    ("arrived", "payday"),
    [
        (date(2017, 1, 12), date(2017, 1, 26)),
        (date(2017, 1, 13), date(2017, 2, 24)),
        (date(2017, 6, 8), date(2017, 6, 22)),
        (date(2017, 6, 9), date(2017, 7, 26)),
    ],
)
def test_g1_lapsilisa(arrived: date, payday: date) -> None:
    assert timing("lapsilisa", arrived, date(2017, 1, 1), OPEN).effective == payday


def test_g2_a_claim_for_january_that_arrives_on_23_december_is_too_late() -> None:
    result = timing("kansanelake", date(2016, 12, 23), date(2017, 1, 1), date(2017, 1, 31))
    assert result.effective is None
    assert result.missed == (date(2017, 1, 5),)
    assert result.notices == (Notice.TOO_LATE, Notice.MISSES_PAYDAYS)


def test_g2_care_from_1_march_bites_on_7_march() -> None:
    result = timing("kansanelake", date(2016, 12, 23), date(2017, 3, 1), OPEN)
    assert result.effective == date(2017, 3, 7)
    assert result.missed == ()
    assert result.notices == ()


@pytest.mark.parametrize(
    "benefit", ["tyomarkkinatuki", "peruspaivaraha", "sairauspaivaraha", "vanhempainpaivaraha", "kuntoutusraha"]
)
def test_a_benefit_without_a_fixed_day_gets_an_earliest_day_and_no_payday(benefit: str) -> None:
    result = timing(benefit, date(2016, 12, 20), date(2016, 12, 1), date(2016, 12, 31))
    assert (result.effective, result.earliest) == (None, date(2017, 1, 3))
    assert (result.missed, result.notices) == ((), ())


def test_general_housing_allowance_is_paid_on_the_first_banking_day() -> None:
    result = timing("yleinen_asumistuki", date(2016, 12, 19), date(2016, 12, 1), date(2017, 1, 31))
    assert result.effective == date(2017, 1, 2)


def test_a_claim_of_a_month_long_past_is_too_late() -> None:
    assert timing("kansanelake", date(2017, 3, 1), date(2016, 1, 1), date(2016, 12, 31)).notices == (Notice.TOO_LATE,)


def test_a_payday_before_the_claims_first_day_counts_when_it_pays_that_month() -> None:
    assert timing("kansanelake", date(2016, 12, 1), date(2017, 1, 20), date(2017, 1, 31)).effective == date(2017, 1, 5)


def test_an_unknown_benefit_is_refused_and_not_guessed() -> None:
    with pytest.raises(FormatError):
        timing("pension", date(2017, 1, 1), date(2017, 1, 1), OPEN)


@pytest.mark.parametrize("day", [date(2016, 11, 1), date(2017, 6, 1)])
def test_every_claimable_benefit_has_a_timing(day: date) -> None:
    for benefit, _ in policy().pairs(day):
        result = timing(benefit, day, day, OPEN)
        assert (result.effective is None) != (result.earliest is None)


@pytest.mark.parametrize("notice", list(Notice))
def test_every_notice_has_words(notice: Notice) -> None:
    words = WORDING[notice]
    assert isinstance(words, Text)
    assert words.fi
    assert words.sv
    assert words.en
