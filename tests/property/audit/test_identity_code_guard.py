"""Invariant 5: the quick look that spares most leaves the slow one never misses a code."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.audit.domain.leaf import may_hold_identity_code
from shared.finnish.identity_code import IdentityCode, contains_identity_code

SIGNS = {1800: "+", 1900: "-YXWVU", 2000: "ABCDEF"}
text = st.text(alphabet='019-+AaYy.,"{}: _äL', max_size=12)


@st.composite
def codes(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1850, 1, 1), date(2029, 12, 31)))
    sign = draw(st.sampled_from(SIGNS[born.year // 100 * 100]))
    code = IdentityCode.artificial(born, draw(st.integers(900, 999)), sign=sign).reveal()
    return draw(st.sampled_from([code, code.lower()]))


@given(text, codes(), text)
def test_whatever_holds_a_code_is_looked_at(before: str, code: str, after: str) -> None:
    content = f"{before}{code}{after}".encode()
    assert may_hold_identity_code(content) or not contains_identity_code(content)


@given(codes())
def test_a_code_between_quotes_is_always_found(code: str) -> None:
    content = f'{{"a":"{code}"}}'.encode()
    assert may_hold_identity_code(content)
    assert contains_identity_code(content)


def test_an_ordinary_leaf_is_spared() -> None:
    assert not may_hold_identity_code(b'{"member":"091","organisation":"0201256-6","time":"2016-12-31T21:59:30Z"}')
