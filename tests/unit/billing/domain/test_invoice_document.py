"""What an invoice says, and that it always adds up."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from services.billing.book_files import load_prices
from services.billing.domain.composing import Heading, instalment_invoice, month_heading, usage_invoice
from services.billing.domain.instalments import Membership, instalment, year_fee
from services.billing.domain.invoice import Invoice, Numbering, Payer, digest_of, issue_year, rectification_until
from services.billing.domain.rating import Count, MonthUsage, rate_month
from shared.clock.civil import Month
from shared.finnish.reference import parse_reference, parse_rf

BOOKS = load_prices().books
ISSUED = datetime(2017, 1, 2, 8, tzinfo=UTC)
PAYER = Payer(
    business_id="0171450-7",
    name="Kuopio",
    language="fi",
    e_invoice_address=None,
    intermediary=None,
    billing_reference="Sosiaalitoimi 12",
    street="Tulliportinkatu 31",
    postal_code="70100",
    town="Kuopio",
)


def december() -> Invoice:
    used = MonthUsage((Count("174", "QUERY_PERSON", 30), Count("297", "QUERY_NOHIT", 4)), 1, {"174": 30})
    book = BOOKS.at(date(2016, 12, 1))
    heading = month_heading(Numbering("usage_month", 2017, 12), PAYER, "A-1", book, Month(2016, 12), ISSUED)
    return usage_invoice(heading, rate_month(book, used))


def first_instalment() -> Invoice:
    book = BOOKS.at(date(2017, 1, 1))
    assert book.population is not None
    fee = year_fee(book, 2017, [Membership("297", 6667, date(2017, 1, 1), date(2017, 12, 31))])
    numbering = Numbering("population_instalment", 2017, 1)
    days = (date(2017, 1, 1), date(2017, 12, 31))
    heading = Heading(numbering, PAYER, "A-1", book, "2017/1", *days, ISSUED, date(2017, 3, 31))
    return instalment_invoice(heading, fee, instalment(book.population, 1, fee, {}), 1, 2)


def test_it_carries_what_the_law_asks_for() -> None:
    """L 150/1992 11 a and 11 b sections."""
    invoice = december()
    assert all(line.law.startswith("L 150/1992") for line in invoice.lines)
    assert all(line.calculation for line in invoice.lines)
    assert "11 b §" in invoice.rectification.fi
    assert invoice.rectification_until == date(2017, 7, 2)
    assert invoice.delivery == "paper"


@pytest.mark.parametrize(
    ("issued", "due"),
    [
        (datetime(2017, 1, 3, 8, tzinfo=UTC), date(2017, 2, 2)),
        # 30 days later is a Saturday, the first of May, and Good Friday with Easter behind it.
        (datetime(2017, 1, 5, 8, tzinfo=UTC), date(2017, 2, 6)),
        (datetime(2017, 4, 1, 8, tzinfo=UTC), date(2017, 5, 2)),
        (datetime(2017, 3, 15, 8, tzinfo=UTC), date(2017, 4, 18)),
    ],
)
def test_a_month_is_due_thirty_days_after_its_issue_or_on_the_next_banking_day(issued: datetime, due: date) -> None:
    book = BOOKS.at(date(2016, 12, 1))
    heading = month_heading(Numbering("usage_month", 2017, 1), PAYER, "A-1", book, Month(2016, 12), issued)
    assert heading.due == due


def test_every_line_names_its_price_row_and_that_the_price_is_assumed() -> None:
    invoice = december()
    assert [line.price_row for line in invoice.lines] == [
        "KELMU-2016 QUERY_NOHIT",
        "KELMU-2016 QUERY_PERSON",
        "KELMU-2016 USER_MONTH",
        "KELMU-2016 MINIMUM_INVOICE",
    ]
    assert all(line.assumed and line.source for line in invoice.lines)
    assert invoice.assumed
    assert invoice.price_notice.fi == "Hinta on oletus."
    assert invoice.price_notice.sv == "Priset är ett antagande."


def test_number_and_references_belong_together() -> None:
    invoice = december()
    assert invoice.number == "K2017-00012"
    assert parse_reference(invoice.reference)[:-1] == "2017100012"
    assert parse_rf(invoice.reference_rf) == invoice.reference_rf


def test_the_instalment_explains_its_calculation() -> None:
    invoice = first_instalment()
    assert invoice.lines[0].calculation == "2017: 6667 \u00d7 0.0500 = 333.35; 1/2"
    assert invoice.total == Decimal("166.68")
    assert invoice.members[0].counts == {"DAYS": 365, "INHABITANTS": 6667}


def test_equal_documents_give_equal_bytes_and_survive_reading() -> None:
    invoice = december()
    assert invoice.canonical() == december().canonical()
    read = Invoice.model_validate_json(invoice.canonical())
    assert read.canonical() == invoice.canonical()
    assert digest_of(read.canonical()) == digest_of(invoice.canonical())
    assert list(json.loads(invoice.canonical())) == sorted(json.loads(invoice.canonical()))


@pytest.mark.parametrize("change", [{"total": "7.01"}, {"members": []}, {"lines": []}])
def test_a_document_that_does_not_add_up_cannot_exist(change: dict[str, object]) -> None:
    content = december().model_dump(mode="json") | change
    if change == {"members": []}:
        content["members"] = [{"municipality": "174", "name": "Juankoski", "counts": {}, "amount": "1.00"}]
    with pytest.raises(ValidationError):
        Invoice.model_validate(content)


def test_the_number_is_of_the_finnish_year_of_issue() -> None:
    assert issue_year(datetime(2016, 12, 31, 22, 30, tzinfo=UTC)) == 2017


def test_rectification_ends_within_the_month_when_the_day_is_missing() -> None:
    assert rectification_until(date(2017, 8, 31)) == date(2018, 2, 28)
