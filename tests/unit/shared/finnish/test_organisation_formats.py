import pytest

from shared.finnish.business_id import Ovt, ovt_code, parse_business_id, parse_ovt
from shared.finnish.errors import FormatError
from shared.finnish.iban import bic_of, format_iban, parse_iban
from shared.finnish.reference import (
    format_reference,
    format_rf,
    make_reference,
    make_rf,
    parse_reference,
    parse_rf,
)


@pytest.mark.parametrize("business_id", ["0246246-0", "1234567-1", "9999991-7"])
def test_valid_business_ids_are_read_with_and_without_hyphen(business_id: str) -> None:
    assert parse_business_id(business_id) == business_id
    assert parse_business_id(f" {business_id.replace('-', '')} ") == business_id


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "business_id.form"),
        ("246246-0", "business_id.form"),
        ("FI02462460", "business_id.form"),
        ("0246246\u20130", "business_id.form"),
        ("\u0660246246-0", "business_id.form"),
        ("0246246-1", "business_id.check_digit"),
        ("0000001-1", "business_id.check_digit"),
    ],
)
def test_what_is_no_business_id_is_refused(text: str, code: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_business_id(text)
    assert caught.value.code == code


def test_ovt_code_is_the_einvoice_address_of_a_business_id() -> None:
    assert ovt_code("0246246-0") == "003702462460"
    assert ovt_code("0246246-0", "KELA1") == "003702462460KELA1"
    assert parse_ovt("003702462460KELA1") == Ovt("0246246-0", "KELA1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("003802462460", "ovt.form"),
        ("003702462461", "business_id.check_digit"),
        ("003702462460ABCDEF", "ovt.form"),
    ],
)
def test_what_is_no_ovt_code_is_refused(text: str, code: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_ovt(text)
    assert caught.value.code == code


def test_a_suffix_of_other_characters_is_refused() -> None:
    with pytest.raises(FormatError) as caught:
        ovt_code("0246246-0", "a-1")
    assert caught.value.code == "ovt.suffix"


@pytest.mark.parametrize(
    ("base", "reference", "rf"),
    [
        ("1234", "12344", "RF0812344"),
        ("2017000011", "20170000114", "RF3920170000114"),
        ("201700001234", "2017000012348", "RF242017000012348"),
    ],
)
def test_references_get_their_check_digits(base: str, reference: str, rf: str) -> None:
    assert make_reference(base) == make_reference(int(base)) == reference
    assert parse_reference(f"000{reference}") == reference
    assert make_rf(reference) == parse_rf(rf) == rf


def test_references_are_printed_in_groups() -> None:
    assert format_reference("12344") == "12344"
    assert format_reference("2017000012348") == "201 70000 12348"
    assert format_rf("RF242017000012348") == "RF24 2017 0000 1234 8"
    assert parse_reference("201 70000\u00a012348") == "2017000012348"
    assert parse_rf("rf24 2017 0000 1234 8") == "RF242017000012348"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12345", "reference.check_digit"),
        ("123", "reference.length"),
        ("0000", "reference.length"),
        ("1" * 21, "reference.length"),
        ("RF0812344", "reference.form"),
        ("", "reference.form"),
        ("\uff112344", "reference.form"),
    ],
)
def test_what_is_no_reference_is_refused(text: str, code: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_reference(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("12344", "rf.form"), ("RF0912344", "rf.check_digits"), ("RF18539007547034", "reference.check_digit")],
)
def test_what_is_no_finnish_rf_reference_is_refused(text: str, code: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_rf(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("base", "code"), [("12", "reference.length"), ("A12", "reference.form"), (-5, "reference.form")]
)
def test_a_reference_is_made_only_of_enough_digits(base: str | int, code: str) -> None:
    with pytest.raises(FormatError) as caught:
        make_reference(base)
    assert caught.value.code == code


def test_a_finnish_account_is_read_and_printed() -> None:
    assert parse_iban(" fi21 1234 5600 0007 85 ") == "FI2112345600000785"
    assert format_iban("FI2112345600000785") == "FI21 1234 5600 0007 85"
    assert bic_of("FI2112345600000785") == "NDEAFIHH"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FI2112345600000786", "iban.invalid"),
        ("FI2112345600000", "iban.invalid"),
        ("FI21123456000007X5", "iban.invalid"),
        ("123456-785", "iban.invalid"),
        ("", "iban.invalid"),
        ("SE4550000000058398257466", "iban.country"),
    ],
)
def test_another_account_is_refused(text: str, code: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_iban(text)
    assert caught.value.code == code
