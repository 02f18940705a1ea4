"""What can be closed, and when."""

from datetime import date, datetime, timedelta

import pytest

from services.billing.book_files import load_prices
from services.billing.domain.periods import BillingRefusedError, instalment_period, month_period
from shared.clock.civil import Month, at_helsinki

BOOKS = load_prices().books
LATER = at_helsinki(date(2018, 6, 1))


def test_a_month_can_be_closed_from_its_end_in_finland_on() -> None:
    month = Month(2016, 12)
    assert month_period(BOOKS, month, month.ends_before).book.id == "KELMU-2016"
    with pytest.raises(BillingRefusedError) as caught:
        month_period(BOOKS, month, month.ends_before - timedelta(microseconds=1))
    assert caught.value.code == "close.open_month"


@pytest.mark.parametrize(("month", "code"), [(Month(2017, 1), "close.not_usage"), (Month(2014, 12), "close.no_book")])
def test_a_month_that_is_not_charged_by_use_is_refused(month: Month, code: str) -> None:
    with pytest.raises(BillingRefusedError) as caught:
        month_period(BOOKS, month, LATER)
    assert caught.value.code == code
    assert caught.value.advice


def test_the_first_instalment_can_be_issued_on_the_first_of_march() -> None:
    assert str(instalment_period(BOOKS, "2017/1", at_helsinki(date(2017, 3, 1)))) == "2017/1"


@pytest.mark.parametrize(
    ("text", "now", "code"),
    [
        ("2017/1", at_helsinki(date(2017, 3, 1)) - timedelta(seconds=1), "instalment.too_early"),
        ("2017/3", LATER, "instalment.unknown"),
        ("2017-1", LATER, "instalment.form"),
        ("2016/1", LATER, "instalment.not_population"),
    ],
)
def test_an_instalment_that_cannot_be_issued_is_refused_with_its_reason(text: str, now: datetime, code: str) -> None:
    with pytest.raises(BillingRefusedError) as caught:
        instalment_period(BOOKS, text, now)
    assert caught.value.code == code
