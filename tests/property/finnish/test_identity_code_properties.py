from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.finnish.errors import FormatError
from shared.finnish.identity_code import IdentityCode, contains_identity_code, redact

births = st.dates(date(1800, 1, 1), date(2099, 12, 31))
SIGNS = {18: "+", 19: "-YXWVU", 20: "ABCDEF"}


def _read(text: str) -> IdentityCode | None:
    try:
        return IdentityCode.parse(text, allow_artificial=True)
    except FormatError:
        return None


@st.composite
def codes(draw: st.DrawFn) -> IdentityCode:
    born = draw(births)
    sign = draw(st.sampled_from(SIGNS[born.year // 100]))
    return IdentityCode.artificial(born, draw(st.integers(900, 999)), sign=sign)


@given(codes())
def test_made_codes_read_back(code: IdentityCode) -> None:
    again = IdentityCode.parse(code.reveal().lower(), allow_artificial=True)
    assert again == code
    assert again.birth_date == code.birth_date
    assert again.is_artificial


@given(codes(), st.text(alphabet=st.characters(categories=["Z", "P", "Cc"], exclude_characters="-+"), max_size=9))
def test_every_code_is_found_and_redaction_removes_it(code: IdentityCode, around: str) -> None:
    text = f"{around}{code.reveal()}{around}"
    assert contains_identity_code(text)
    assert contains_identity_code(text.encode())
    assert not contains_identity_code(redact(text))
    assert code.reveal() not in repr(code) + str(code)


@given(codes(), st.integers(0, 10), st.sampled_from("0123456789ABCDEFHJKLMNPRSTUVWXY"))
def test_one_wrong_character_is_never_taken_for_the_same_person(code: IdentityCode, at: int, other: str) -> None:
    genuine = code.reveal()
    wrong = genuine[:at] + other + genuine[at + 1 :]
    if wrong == genuine:
        return
    assert _read(wrong) != code


@given(st.text(max_size=14))
def test_any_text_is_read_or_refused_with_a_code(text: str) -> None:
    read = _read(text)
    assert read is None or read.reveal() == text.strip().upper()


@given(births, st.integers(900, 999))
def test_without_permission_no_artificial_code_passes(born: date, number: int) -> None:
    with pytest.raises(FormatError):
        IdentityCode.parse(IdentityCode.artificial(born, number).reveal())
