from datetime import date
from decimal import Decimal

from services.lookup.domain.income import LONGEST_MONTHS, Share, deal, spread, summarise, weight
from shared.clock.civil import Month
from shared.contracts.answers import IncomeMonth
from tests.unit.lookup.samples import paid


def shares(found: list[Share]) -> dict[str, tuple[str, str, str, str]]:
    return {str(s.month): (f"{s.gross}", f"{s.tax}", f"{s.recovered}", f"{s.net}") for s in found}


def nets(found: list[Share]) -> dict[str, str]:
    return {str(share.month): f"{share.net}" for share in found}


def test_g5_a_monthly_benefit_counts_calendar_days() -> None:
    part = weight("kansanelake", date(2017, 1, 10), date(2017, 1, 31))
    whole = weight("kansanelake", date(2017, 1, 1), date(2017, 1, 31))

    assert Decimal("620.00") * part / whole == Decimal("440.00")


def test_g5_a_daily_benefit_counts_its_benefit_days() -> None:
    first, last, from_the_10th = date(2017, 1, 2), date(2017, 1, 15), date(2017, 1, 10)

    assert weight("tyomarkkinatuki", first, last) == 10  # the 6th counts
    assert Decimal("260.00") * weight("tyomarkkinatuki", from_the_10th, last) / 10 == Decimal("104.00")
    assert weight("sairauspaivaraha", first, last) == 11  # the 6th does not count, Saturdays do
    assert Decimal("275.00") * weight("sairauspaivaraha", from_the_10th, last) / 11 == Decimal("125.00")


def test_g6_a_retro_payment_is_spread_over_the_months_that_it_is_for() -> None:
    retro = paid(date(2017, 1, 12), date(2016, 10, 1), date(2017, 1, 31), gross="1520.00")

    assert nets(spread(retro)) == {"2016-10": "380.00", "2016-11": "380.00", "2016-12": "380.00", "2017-01": "380.00"}


def test_given_a_retro_payment_that_begins_within_a_month_then_that_month_has_its_share_of_days() -> None:
    retro = paid(date(2017, 2, 7), date(2016, 12, 22), date(2017, 1, 31), gross="820.00")

    assert nets(spread(retro)) == {"2016-12": "200.00", "2017-01": "620.00"}  # 10/31 and the whole


def test_given_a_daily_benefit_over_a_month_end_then_benefit_days_divide_it() -> None:
    allowance = paid(
        date(2017, 2, 10), date(2017, 1, 30), date(2017, 2, 10), benefit="tyomarkkinatuki", gross="320.00", tax="64.00"
    )

    assert shares(spread(allowance)) == {
        "2017-01": ("64.00", "12.80", "0.00", "51.20"),
        "2017-02": ("256.00", "51.20", "0.00", "204.80"),
    }


def test_given_days_without_any_benefit_day_then_calendar_days_divide_it() -> None:
    weekend = paid(date(2017, 10, 3), date(2017, 9, 30), date(2017, 10, 1), benefit="tyomarkkinatuki", gross="10.00")

    assert nets(spread(weekend)) == {"2017-09": "5.00", "2017-10": "5.00"}


def test_given_a_benefit_paid_once_then_it_is_income_of_its_paydays_month() -> None:
    grant = paid(date(2017, 3, 3), date(2016, 1, 1), date(2016, 12, 31), benefit="aitiysavustus", gross="140.00")

    assert nets(spread(grant)) == {"2017-03": "140.00"}


def test_given_a_period_beyond_belief_then_it_is_income_of_its_paydays_month() -> None:
    first = date(1900, 1, 1)
    last = Month.of(first).plus(LONGEST_MONTHS).last

    assert nets(spread(paid(date(2017, 3, 3), first, last, gross="1.00"))) == {"2017-03": "1.00"}


def test_given_cents_that_do_not_divide_then_they_sum_and_no_months_net_is_below_nothing() -> None:
    all_kept = paid(
        date(2017, 4, 7), date(2017, 1, 1), date(2017, 3, 31), gross="300.02", tax="150.01", recovered="150.01"
    )

    found = spread(all_kept)

    assert sum(share.gross for share in found) == Decimal("300.02")
    assert sum(share.tax for share in found) == sum(share.recovered for share in found) == Decimal("150.01")
    assert [share.net for share in found] == [Decimal("0.00")] * 3


def test_given_a_payment_taken_back_then_its_months_mirror_it() -> None:
    back = paid(date(2017, 4, 7), date(2017, 1, 1), date(2017, 2, 28), gross="-100.01", tax="0.00")

    assert nets(spread(back)) == {"2017-01": "-50.01", "2017-02": "-50.00"}


def test_given_payments_then_the_summary_sums_them_by_month_newest_first() -> None:
    pension = paid(date(2016, 12, 7), date(2016, 12, 1), date(2016, 12, 31), tax="20.00")
    retro = paid(
        date(2017, 1, 12),
        date(2016, 12, 1),
        date(2017, 1, 31),
        benefit="elatustuki",
        gross="300.00",
        recovered="100.00",
    )

    assert summarise([pension, retro]) == (
        IncomeMonth(
            month="2017-01", gross="150.00", tax="0.00", recovered="50.00", net="100.00", benefits=("elatustuki",)
        ),
        IncomeMonth(
            month="2016-12",
            gross="770.00",
            tax="20.00",
            recovered="50.00",
            net="700.00",
            benefits=("elatustuki", "kansanelake"),
        ),
    )
    assert summarise([]) == ()


def test_given_nothing_to_deal_then_everybody_gets_nothing_even_where_nobody_weighs_anything() -> None:
    assert deal(0, [0, 0]) == [0, 0]
    assert deal(5, [1, 1]) == [3, 2]
