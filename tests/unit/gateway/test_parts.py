"""The parts of pages: what a macro writes, and that a hostile value stays text."""

import re

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.gateway.rendering import TEMPLATES
from services.gateway.words import words

HOSTILE = "\"><script>alert('x')</script>"
CALLS = (
    ("forms", "field", "name='a', label=bad, value=bad, hint=bad, error=bad"),
    ("forms", "area", "name='a', label=bad, value=bad, hint=bad, error=bad"),
    ("forms", "pick", "name='a', label=bad, choices=[(bad, bad)], value=bad, hint=bad, error=bad, nothing=bad"),
    ("forms", "radios", "name='a', legend=bad, choices=[(bad, bad, bad)], error=bad"),
    ("forms", "tick", "name='a', label=bad, hint=bad, value=bad"),
    ("forms", "button", "label=bad, name='a', value=bad"),
    ("forms", "error_summary", "errors=[('a', bad), ('', bad)], title=bad"),
    ("tables", "definitions", "rows=[(bad, bad)]"),
    ("tables", "pager", "action='/lists', after=bad, label=bad, asked={'state': bad}"),
    ("tables", "bar", "value=3, most=4, text=bad"),
    ("telling", "state", "words=bad"),
    ("telling", "tabs", "label=bad, views=[('/a', bad, true)]"),
)


ENVIRONMENT = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)


def written(source: str, **values: object) -> str:
    context = {"t": words("en"), "frame": {"form_token": "T"}, "euros": str, "bad": HOSTILE}
    return ENVIRONMENT.from_string(source).render(**context, **values)


def part(file: str, macro: str, arguments: str) -> str:
    return written(f"{{% from 'parts/{file}.html' import {macro} with context %}}{{{{ {macro}({arguments}) }}}}")


@pytest.mark.parametrize(("file", "macro", "arguments"), CALLS, ids=[macro for _, macro, _ in CALLS])
def test_a_hostile_value_stays_text(file: str, macro: str, arguments: str) -> None:
    shown = part(file, macro, arguments)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert not re.search(r"\sstyle=|\son\w+=", shown)


def test_a_field_is_tied_to_its_label_hint_and_error() -> None:
    shown = part("forms", "field", "'amount', 'Amount', hint='In euros', error='Not a number', required=true")
    assert '<label class="hds-text-input__label" for="amount">Amount</label>' in shown
    assert 'aria-describedby="amount-hint amount-fault"' in shown
    assert 'aria-invalid="true"' in shown
    assert " required" in shown
    plain = part("forms", "field", "'amount', 'Amount'")
    assert "aria-" not in plain
    assert " required" not in plain


def test_the_summary_of_errors_leads_to_each_field() -> None:
    shown = part("forms", "error_summary", "[('amount', 'Amount'), ('', 'Send it again')]")
    assert 'role="alert"' in shown
    assert '<a href="#amount">Amount</a>' in shown
    assert "<li>Send it again</li>" in shown
    assert part("forms", "error_summary", "[]").strip() == ""


def test_a_table_has_its_name_and_headers_and_says_in_words_that_it_is_empty() -> None:
    call = (
        "{% from 'parts/tables.html' import table, money with context %}"
        "{% call table('Payments', [('Day', ''), ('Net', 'number'), ('', '')], rows=rows, empty='No payments.') %}"
        "{% for row in rows %}<tr><th scope='row'>{{ row }}</th>{{ money('1.00') }}<td></td></tr>{% endfor %}"
        "{% endcall %}"
    )
    full = written(call, rows=["7.12."])
    assert '<caption class="hds-table__caption visually-hidden">Payments</caption>' in full
    assert '<th scope="col">Day</th><th scope="col" class="number">Net</th><td></td>' in full
    assert '<td class="number">1.00</td>' in full
    empty = written(call, rows=[])
    assert "<table" not in empty
    assert "No payments." in empty


def test_a_bar_says_nothing_without_its_figure_and_never_leaves_its_room() -> None:
    assert 'width="75.0%"' in part("tables", "bar", "3, 4, '3'")
    assert 'width="0%"' in part("tables", "bar", "3, 0, '3'")
    assert 'width="100.0%"' in part("tables", "bar", "5, 4, '5'")
    assert "aria-hidden" in part("tables", "bar", "3, 4, '3'")


def test_definitions_without_a_value_are_left_out() -> None:
    shown = part("tables", "definitions", "[('Address', none), ('Phone', ''), ('Sum', 0)]")
    assert re.findall(r"<dt>(\w+)</dt><dd>(\w+)</dd>", shown) == [("Sum", "0")]


def test_no_next_page_no_button() -> None:
    assert "<form" not in part("tables", "pager", "'/lists', none, 'Next'")


def test_a_notice_has_its_role_and_its_words() -> None:
    imported = "{% from 'parts/telling.html' import notice with context %}"
    shown = written(imported + "{% call notice('Note', 'error', 'alert') %}x{% endcall %}")
    assert 'role="alert"' in shown
    assert "hds-notification--error" in shown
    assert ">Note</h2>" in shown
