"""The journal: every voucher and the whole balance to the cent, by hand-made figures."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.billing.book_files import load_prices
from services.billing.domain.accounts import Chart, JournalError, Model, parse_chart
from services.billing.domain.composing import ExtraLine, Heading, extra_invoice, month_heading, usage_invoice
from services.billing.domain.faults import FileError
from services.billing.domain.invoice import Charged, Invoice, Numbering, Payer
from services.billing.domain.journal import Entry, Payment, Waiting, balances, journal
from services.billing.domain.rating import Count, MonthUsage, rate_month
from services.billing.reporting import load_chart
from shared.clock.civil import Month
from shared.contracts.base import Text

BOOKS = load_prices().books
CHART = load_chart()
BOOK = BOOKS.at(date(2016, 12, 1))
ISSUED = datetime(2017, 1, 2, 8, tzinfo=UTC)
PAYER = Payer(
    business_id="0171450-7",
    name="Kuopio",
    language="fi",
    e_invoice_address=None,
    intermediary=None,
    billing_reference=None,
    street="Tulliportinkatu 31",
    postal_code="70100",
    town="Kuopio",
)


def model_of(book: str) -> Model:
    return "usage" if BOOKS.get(book).usage else "population"


def invoice() -> Invoice:
    """Golden G8: 1,000 queries and 10 users are 80.00 and 10.00."""
    used = MonthUsage((Count("297", "QUERY_PERSON", 1000), Count("297", "QUERY_NOHIT", 4)), 10, {"297": 1000})
    heading = month_heading(Numbering("usage_month", 2017, 1), PAYER, "A-297", BOOK, Month(2016, 12), ISSUED)
    return usage_invoice(heading, rate_month(BOOK, used))


def credit_note(amount: str = "-2.80") -> Invoice:
    heading = Heading(
        numbering=Numbering("credit_note", 2017, 1),
        payer=PAYER,
        agreement="A-297",
        book=BOOK,
        period="2016-12",
        first_day=date(2016, 12, 1),
        last_day=date(2016, 12, 31),
        issued_at=datetime(2017, 2, 10, 8, tzinfo=UTC),
        due=date(2017, 3, 10),
        credits="K2017-00001",
    )
    line = ExtraLine(
        charged=Charged(agreement="A-297", price_book=BOOK.id, period="2016-12"),
        why="correction",
        text=Text(fi="Korjaus", sv="Korrigering", en="Correction"),
        calculation="87.20 - 90.00",
        amount=Decimal(amount),
        parts={"297": Decimal(amount)},
        book=BOOK,
    )
    return extra_invoice(heading, [line])


def rows(entry: Entry) -> list[tuple[str, str, str]]:
    return [(row.account, str(row.debit), str(row.credit)) for row in entry.postings]


def test_an_invoice_debits_the_receivable_and_credits_income_line_by_line() -> None:
    (entry,) = journal(CHART, model_of, [invoice()])
    assert rows(entry) == [("1710", "90.00", "0.00"), ("3010", "0.00", "80.00"), ("3010", "0.00", "10.00")]
    assert (entry.voucher, entry.day, entry.vat) == ("K2017-00001", date(2017, 1, 2), "outside_scope_public_law")


def test_a_credit_note_is_posted_the_other_way_round() -> None:
    (entry,) = journal(CHART, model_of, [credit_note()])
    assert rows(entry) == [("1710", "0.00", "2.80"), ("3010", "2.80", "0.00")]


def test_what_is_waived_was_earned_and_what_is_rolled_over_is_a_memo() -> None:
    waived = Waiting("A-020", "KELMU-2017", "2017/2", Decimal("5.00"), waived=True, decided_on=date(2017, 12, 1))
    rolled = Waiting("A-020", "KELMU-2017", "2017/1", Decimal("2.50"), waived=False, decided_on=date(2017, 3, 1))
    memo, left = journal(CHART, model_of, [], [waived, rolled])
    assert (rows(memo), memo.memo) == ([], Decimal("2.50"))
    assert rows(left) == [("3090", "5.00", "0.00"), ("3020", "0.00", "5.00")]


@pytest.mark.parametrize(("amount", "debited"), [("87.20", "1910"), ("-87.20", "1710")])
def test_a_payment_moves_the_receivable_to_the_bank_and_one_taken_back_returns_it(amount: str, debited: str) -> None:
    payment = Payment("PAYMENT 1", "K2017-00001", "A-297", "0171450-7", date(2017, 2, 1), Decimal(amount))
    (entry,) = journal(CHART, model_of, [], payments=[payment])
    assert [row.account for row in entry.postings if row.debit] == [debited]
    assert entry.debit == entry.credit == Decimal("87.20")


def test_the_accounts_of_an_invoice_its_credit_note_and_its_payment_come_out_even() -> None:
    payment = Payment("PAYMENT 1", "K2017-00001", "A-297", "0171450-7", date(2017, 2, 20), Decimal("87.20"))
    entries = journal(CHART, model_of, [invoice(), credit_note()], payments=[payment])
    assert {one.account: one.balance for one in balances(entries)} == {
        "1710": Decimal("0.00"),
        "1910": Decimal("87.20"),
        "3010": Decimal("-87.20"),
    }


def test_a_voucher_that_does_not_balance_is_refused() -> None:
    (entry,) = journal(CHART, model_of, [invoice()])
    with pytest.raises(JournalError, match=r"debits 90\.00 are not credits 80\.00"):
        Entry("X", entry.day, entry.kind, None, "A-297", None, entry.vat, entry.postings[:2])


def chart_with(**changes: object) -> object:
    return {**CHART.model_dump(mode="json"), **changes}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (chart_with(roles={**CHART.roles.model_dump(), "bank": "1999"}), "accounts.account"),
        (chart_with(accounts=[*CHART.model_dump()["accounts"], CHART.model_dump()["accounts"][0]]), "accounts.twice"),
        (chart_with(vat=[]), "accounts.invalid"),
    ],
    ids=["a role without its account", "an account opened twice", "no treatment of value added tax"],
)
def test_a_faulty_chart_is_refused_with_its_fault(content: object, code: str) -> None:
    with pytest.raises(FileError) as caught:
        parse_chart("accounts.yaml", content)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_the_chart_says_that_it_is_assumed_and_from_where() -> None:
    assert CHART.assumed
    assert CHART.source
    assert isinstance(CHART, Chart)
    assert all(one.law and one.source for one in CHART.vat)
