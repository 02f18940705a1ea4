from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from shared.finnish.errors import FormatError
from shared.finnish.reference import (
    format_reference,
    format_rf,
    make_reference,
    make_rf,
    parse_reference,
    parse_rf,
)

bases = st.integers(100, 10**19 - 1)


@given(bases)
def test_references_survive_printing_and_wrapping(base: int) -> None:
    reference = make_reference(base)
    assert parse_reference(format_reference(reference)) == reference
    rf = make_rf(reference)
    assert iso11649.is_valid(rf)
    assert parse_rf(format_rf(rf)) == rf
    assert rf[4:] == reference


@given(bases, st.data())
def test_one_wrong_digit_is_always_noticed(base: int, data: st.DataObject) -> None:
    reference = make_reference(base)
    at = data.draw(st.integers(1, len(reference) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != reference[at]]))
    wrong = reference[:at] + other + reference[at + 1 :]
    assert not _is_reference(wrong)


def _is_reference(text: str) -> bool:
    try:
        parse_reference(text)
    except FormatError:
        return False
    return True
