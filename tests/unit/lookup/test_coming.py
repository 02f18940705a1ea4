from datetime import date

import pytest

from services.lookup.domain.coming import coming
from services.lookup.domain.found import Recorded
from services.lookup.domain.scope import Filter
from shared.contracts.answers import ComingPayment
from shared.contracts.register import Decision, Interruption
from tests.unit.lookup.samples import decision, paid

DAY = date(2016, 12, 20)
JANUARY, FEBRUARY = date(2017, 1, 5), date(2017, 2, 7)


def pays(payday: date | None, amount: str | None = "100.00", benefit: str = "kansanelake") -> ComingPayment:
    return ComingPayment(benefit=benefit, payday=payday, amount=amount)


def test_given_a_monthly_benefit_in_force_then_its_paydays_of_the_next_two_months_come() -> None:
    assert coming([decision()], [], DAY) == (pays(JANUARY), pays(FEBRUARY))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (decision(result="refused"), ()),
        (decision(last=date(2016, 12, 31)), ()),
        (decision(first=date(2017, 2, 1)), (pays(FEBRUARY),)),
        (decision(last=date(2017, 1, 10)), (pays(JANUARY, None),)),
        (decision(first=date(2017, 1, 2), last=date(2017, 1, 31)), (pays(JANUARY, None),)),
        (decision(amount=None), (pays(JANUARY, None), pays(FEBRUARY, None))),
        (decision(first=None, decided=date(2017, 2, 1)), (pays(FEBRUARY),)),
    ],
)
def test_given_the_decisions_days_then_a_payday_pays_its_month_and_a_part_of_one_an_amount_not_known_yet(
    changed: Recorded[Decision], expected: tuple[ComingPayment, ...]
) -> None:
    assert coming([changed], [], DAY) == expected


def test_given_interruptions_then_what_they_cover_whole_does_not_come_and_what_they_touch_has_no_amount() -> None:
    whole = Interruption(first=date(2016, 12, 1), last=date(2017, 1, 31), reason="laitoshoito")
    part = Interruption(first=date(2017, 2, 20), reason="laitoshoito")

    assert coming([decision(interruptions=(whole,))], [], DAY) == (pays(FEBRUARY),)
    assert coming([decision(interruptions=(whole, part))], [], DAY) == (pays(FEBRUARY, None),)


def test_given_a_payment_in_the_register_with_a_payday_ahead_then_it_comes_once_as_it_stands() -> None:
    ahead = paid(JANUARY, date(2017, 1, 1), date(2017, 1, 31), gross="97.00")
    behind = paid(date(2016, 12, 7), date(2016, 12, 1), date(2016, 12, 31))

    assert coming([decision()], [behind, ahead], DAY) == (pays(JANUARY, "97.00"), pays(FEBRUARY))


def test_given_a_month_that_was_paid_already_then_its_payday_brings_nothing_more() -> None:
    early = paid(date(2016, 12, 19), date(2016, 12, 1), date(2017, 1, 31))

    assert coming([decision()], [early], DAY) == (pays(FEBRUARY),)


def test_given_a_payment_of_another_decision_then_it_takes_nothing_away() -> None:
    other = paid(JANUARY, date(2017, 1, 1), date(2017, 1, 31), gross="50.00", of="D-2")

    assert coming([decision()], [other], DAY) == (pays(JANUARY, "50.00"), pays(JANUARY), pays(FEBRUARY))


def test_given_a_benefit_without_a_fixed_payday_then_it_comes_without_a_day_and_last() -> None:
    unemployed = decision("D-2", benefit="tyomarkkinatuki")

    assert coming([unemployed, decision()], [], DAY)[-1] == pays(None, None, "tyomarkkinatuki")


def test_given_it_is_interrupted_over_or_its_next_payment_is_known_then_nothing_comes_without_a_day() -> None:
    away = Interruption(first=DAY, last=DAY, reason="kurssi")
    ahead = paid(date(2016, 12, 27), date(2016, 12, 1), date(2016, 12, 14), benefit="tyomarkkinatuki", gross="9.00")

    def of(changed: Recorded[Decision]) -> tuple[ComingPayment, ...]:
        return coming([changed], [], DAY)

    assert of(decision(benefit="tyomarkkinatuki", interruptions=(away,))) == ()
    assert of(decision(benefit="tyomarkkinatuki", last=date(2016, 12, 19))) == ()
    assert coming([decision(benefit="tyomarkkinatuki")], [ahead], DAY) == (
        pays(date(2016, 12, 27), "9.00", "tyomarkkinatuki"),
    )


def test_given_a_benefit_paid_once_then_it_comes_until_it_is_paid() -> None:
    grant = decision(benefit="aitiysavustus")
    done = paid(date(2016, 12, 1), date(2016, 12, 1), date(2016, 12, 1), benefit="aitiysavustus")

    assert coming([grant], [], DAY) == (pays(None, None, "aitiysavustus"),)
    assert coming([grant], [done], DAY) == ()


def test_given_a_payday_that_depends_on_the_surname_then_without_one_there_is_no_day() -> None:
    pension = decision(benefit="perhe_elake")

    known = coming([pension], [], DAY, surname="Ääkkönen")

    assert [row.payday for row in known] == [date(2016, 12, 22), date(2017, 1, 20)]
    assert coming([pension], [], DAY) == (pays(None, None, "perhe_elake"),)


def test_given_basic_assistance_of_2017_then_december_2016_knows_its_first_payday() -> None:
    found = coming([decision(benefit="perustoimeentulotuki", first=date(2017, 1, 1))], [], DAY)

    assert [row.payday for row in found] == [date(2017, 1, 2), date(2017, 2, 1)]


def test_given_a_period_asked_for_then_paydays_outside_it_stay_out() -> None:
    assert coming([decision()], [], DAY, chosen=Filter(last=date(2017, 1, 31))) == (pays(JANUARY),)
