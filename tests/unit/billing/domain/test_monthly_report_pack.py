"""The monthly pack: revenue three ways, all summing to the documents; what was not charged; use at no price."""

from datetime import date
from decimal import Decimal

from services.billing.domain.journal import Waiting, balances, journal
from services.billing.domain.rating import Count, MonthUsage
from services.billing.domain.report_pack import ReportPack, metered_at_zero, report_pack
from shared.clock.civil import Month
from tests.unit.billing.domain.test_accounting_journal import BOOKS, CHART, credit_note, invoice, model_of

WAITING = (
    Waiting("A-020", "KELMU-2017", "2017/1", Decimal("2.50"), waived=False, decided_on=date(2017, 3, 1)),
    Waiting("A-091", "KELMU-2017", "2017/2", Decimal("5.00"), waived=True, decided_on=date(2017, 12, 1)),
)


def pack() -> ReportPack:
    return report_pack(Month(2017, 1), model_of, [invoice(), credit_note()], WAITING, ())


def test_revenue_by_model_municipality_and_product_is_the_sum_of_the_documents() -> None:
    made = pack()
    assert made.revenue == Decimal("87.20")
    assert sum(row.total for row in made.municipalities) == Decimal("87.20")
    assert sum(row.amount for row in made.products) == Decimal("87.20")
    usage, population = made.models
    assert (usage.documents, usage.invoiced, usage.credited, usage.corrected) == (
        2,
        Decimal("90.00"),
        Decimal("-2.80"),
        Decimal("-2.80"),
    )
    assert (population.rolled_over, population.waived) == (Decimal("2.50"), Decimal("5.00"))


def test_revenue_is_what_the_journal_credits_to_income() -> None:
    made = pack()
    posted = balances(journal(CHART, model_of, made.documents))
    income = sum(one.balance for one in posted if CHART.account(one.account).type == "income")
    assert -income == made.revenue


def test_corrections_name_the_period_that_they_correct() -> None:
    assert [(row.document, row.line.charged.period, row.line.amount) for row in pack().corrections] == [
        ("H2017-00001", "2016-12", Decimal("-2.80"))
    ]


def test_use_at_no_price_is_counted_by_product_and_municipality() -> None:
    used = {
        "A-1": MonthUsage((Count("091", "QUERY_PERSON", 5), Count("049", "QUERY_PERSON", 2)), 1, {"091": 5, "049": 2}),
        "A-2": MonthUsage((Count("091", "CLAIM_REGISTER", 1),), 0, {}),
    }
    in_2017 = metered_at_zero(BOOKS.at(date(2017, 1, 1)), used)
    assert [(row.product, row.quantity, row.municipalities) for row in in_2017] == [
        ("CLAIM_REGISTER", 1, 1),
        ("QUERY_PERSON", 7, 2),
    ]
    in_2016 = metered_at_zero(BOOKS.at(date(2016, 12, 1)), used)
    assert [row.product for row in in_2016] == ["CLAIM_REGISTER"]
