"""Whatever was typed, no cell of a file begins a formula in any spreadsheet; ordinary texts stay as they are."""

import pytest

from shared.formula import plain


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
@pytest.mark.parametrize("before", ["", " ", "\t", "\r\n", "\u00a0"])
def test_a_formula_stands_behind_an_apostrophe_whatever_stands_before_it(before: str, sign: str) -> None:
    assert plain(f"{before}{sign}1").startswith("'")


@pytest.mark.parametrize("text", ["Oy;=1", "Oy; =1", "a\n+1", "a\t@x"])
def test_where_a_cell_may_end_no_formula_begins(text: str) -> None:
    sign = next(one for one in text if one in "=+@")
    assert plain(text) == text.replace(sign, f"'{sign}")


@pytest.mark.parametrize("text", ["", "Meikäläinen-Virtanen", "a=b", "2016-12", "1 + 1", "Oy; Ab"])
def test_an_ordinary_text_stays(text: str) -> None:
    assert plain(text) == text
