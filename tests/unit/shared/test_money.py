from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.money import (
    Language,
    Money,
    MoneyError,
    UnitPrice,
    allocate,
    cents,
    format_money,
    parse_amount,
    split,
)

amounts = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2)


class Bill(BaseModel):
    total: Money
    price: UnitPrice = Decimal("0.0800")


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("37.1917", "37.19"), ("2.675", "2.68")],
)
def test_cents_round_half_up(exact: str, rounded: str) -> None:
    assert str(cents(Decimal(exact))) == rounded


def test_cents_never_gives_negative_zero() -> None:
    assert str(cents(Decimal("-0.001"))) == "0.00"


@pytest.mark.parametrize("bad", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e10")])
def test_cents_refuses_what_is_not_an_amount(bad: Decimal) -> None:
    with pytest.raises(MoneyError) as caught:
        cents(bad)
    assert caught.value.code == "money.range"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12.00"),
        ("12.5", "12.50"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        (" 7,00 ", "7.00"),
        ("\u22122,80", "-2.80"),
        ("-0", "0.00"),
    ],
)
def test_parse_amount_reads_how_people_write(text: str, value: str) -> None:
    assert str(parse_amount(text)) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1e3", "money.format"),
        ("1,234.56", "money.format"),
        ("12 34", "money.format"),
        ("", "money.format"),
        ("NaN", "money.format"),
        ("+5", "money.format"),
        ("٣", "money.format"),
        ("1.005", "money.decimals"),
        ("1,234", "money.decimals"),
        ("99999999999", "money.range"),
    ],
)
def test_parse_amount_refuses_with_a_code(text: str, code: str) -> None:
    with pytest.raises(MoneyError) as caught:
        parse_amount(text)
    assert caught.value.code == code
    assert caught.value.reason
    assert caught.value.advice


def test_parse_amount_with_four_decimals_keeps_a_price_exact() -> None:
    assert parse_amount("0.0375", decimals=4) == Decimal("0.0375")


def test_split_gives_the_extra_cent_to_the_first() -> None:
    assert split(Decimal("333.35"), 2) == [Decimal("166.68"), Decimal("166.67")]
    assert split(Decimal("333.30"), 2) == [Decimal("166.65"), Decimal("166.65")]
    assert split(Decimal("5846.15"), 2) == [Decimal("2923.08"), Decimal("2923.07")]


def test_allocate_divides_a_joint_bodys_instalment_by_population() -> None:
    populations = [6667, 1500, 100]
    assert allocate(Decimal("206.68"), populations) == [Decimal("166.68"), Decimal("37.50"), Decimal("2.50")]
    assert allocate(Decimal("206.67"), populations) == [Decimal("166.67"), Decimal("37.50"), Decimal("2.50")]


def test_allocate_breaks_ties_for_the_first() -> None:
    assert allocate(Decimal("0.02"), [1, 1, 1]) == [Decimal("0.01"), Decimal("0.01"), Decimal("0.00")]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 5]])
def test_allocate_refuses_weights_that_cannot_divide(weights: list[int]) -> None:
    with pytest.raises(MoneyError) as caught:
        allocate(Decimal("1.00"), weights)
    assert caught.value.code == "money.weights"


def test_allocate_refuses_a_fraction_of_a_cent() -> None:
    with pytest.raises(MoneyError) as caught:
        allocate(Decimal("0.015"), [1, 1])
    assert caught.value.code == "money.decimals"


@given(amounts, st.lists(st.integers(0, 10_000), min_size=1).filter(any))
def test_allocated_parts_sum_to_the_total_and_stay_within_a_cent(total: Decimal, weights: list[int]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < Decimal("0.01")


@given(amounts, st.integers(1, 60))
def test_split_parts_sum_and_differ_by_at_most_a_cent(total: Decimal, parts: int) -> None:
    pieces = split(total, parts)
    assert sum(pieces) == total
    assert max(pieces) - min(pieces) <= Decimal("0.01")


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("fi", "1\u00a0234\u00a0567,50\u00a0€"),
        ("sv", "1\u00a0234\u00a0567,50\u00a0€"),
        ("en", "€1,234,567.50"),
    ],
)
def test_format_money_speaks_the_readers_language(lang: Language, shown: str) -> None:
    assert format_money(Decimal("1234567.5"), lang) == shown


def test_format_money_marks_a_credit_with_a_minus() -> None:
    assert format_money(Decimal("-2.80"), "fi") == "\u22122,80\u00a0€"
    assert format_money(Decimal("-2.80"), "en") == "\u2212€2.80"


@given(amounts)
def test_finnish_amounts_read_back_as_written(amount: Decimal) -> None:
    assert parse_amount(format_money(amount, "fi").removesuffix("\u00a0€")) == amount


@pytest.mark.parametrize("raw", ["0.1", "true", "1e2", "null", '"1e2"', '"0.001"', '"NaN"'])
def test_money_field_refuses_json_that_is_not_an_exact_amount(raw: str) -> None:
    with pytest.raises(ValidationError):
        Bill.model_validate_json(f'{{"total": {raw}}}')


@pytest.mark.parametrize(("raw", "written"), [('"7"', "7.00"), ("7", "7.00"), ('"-0.00"', "0.00"), ('"1.5"', "1.50")])
def test_money_field_writes_a_canonical_string(raw: str, written: str) -> None:
    bill = Bill.model_validate_json(f'{{"total": {raw}}}')
    assert bill.model_dump(mode="json") == {"total": written, "price": "0.0800"}
    assert isinstance(bill.total, Decimal)


def test_money_field_schema_is_a_string_not_a_number() -> None:
    schema = Bill.model_json_schema()
    assert schema["properties"]["total"]["type"] == "string"


def test_money_field_takes_a_decimal_by_value_not_by_its_trailing_zeros() -> None:
    assert str(Bill(total=Decimal("1.5000")).total) == "1.50"
    with pytest.raises(ValidationError):
        Bill(total=Decimal("1.5001"))
