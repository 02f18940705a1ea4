"""What people are told of a refused record: complete in every language, and no sentence that nobody says."""

import ast
from pathlib import Path
from string import Formatter

import pytest

import services.agreements
from services.agreements.domain.changes import judge
from services.agreements.domain.refusals import ChangeRefused
from services.agreements.domain.state import State
from services.agreements.domain.words import Words, table
from shared.contracts.agreements import AgreementChanged, AgreementPath
from shared.contracts.base import Text
from tests.unit.agreements.made import (
    TODAY,
    agreement,
    days,
    mandate,
    member,
    organisation,
    path,
)

SOURCES = Path(services.agreements.__file__).parent
FORMATS = {"business_id.form", "business_id.check_digit", "ovt.form", "iban.country", "iban.invalid"}
"""Told by the formats themselves."""
HEIRS = {f"municipality.ended/{kind}" for kind in ("agreement", "mandate", "delegation", "responsibility")}


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", table())
def test_given_any_refusal_then_it_is_told_alike_in_three_languages(key: str) -> None:
    words: Words = table()[key]
    for text in (words.reason, words.advice):
        assert names(text.fi) == names(text.sv) == names(text.en)
        assert all(one.strip().endswith(".") for one in (text.fi, text.sv, text.en))
        assert len({text.fi, text.sv, text.en}) == 3


def said() -> set[str]:
    """Every key of words that the code asks for."""
    found = set(FORMATS) | HEIRS
    for source in SOURCES.rglob("*.py"):
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in {"refuse", "_fault"}:
                continue
            texts = [one.value for one in call.args[1:2] if isinstance(one, ast.Constant)]
            code = str(texts[0]) if texts else ""
            variants = [
                str(one.value)
                for keyword in call.keywords
                if keyword.arg == "say"
                for one in ast.walk(keyword.value)
                if isinstance(one, ast.Constant) and one.value is not None and one.value != code
            ]
            found |= {f"{code}{one}" if one.startswith("/") else one for one in variants} or {code}
    return found - {""}


def test_given_the_code_then_it_says_every_sentence_of_the_table_and_no_other() -> None:
    variants = {"/unknown", "/ended"}
    asked = said() | {f"population.municipality{one}" for one in variants} | {"municipality.ended"}

    assert asked - set(table()) <= {"population.municipality", "municipality.ended/"}
    assert set(table()) <= asked


def test_given_days_in_a_refusal_then_each_language_writes_them_its_own_way() -> None:
    late = mandate(validity=days("2016-01-01"), member="174")
    refused = judge(State((organisation(),)), late, today=TODAY)

    assert isinstance(refused, ChangeRefused)
    assert refused.reason == Text(
        fi="Kuntaa 174 ei ole olemassa 1.1.2017 alkaen.",
        sv="Kommunen 174 finns inte från och med 1.1.2017.",
        en="Municipality 174 does not exist from 1.1.2017.",
    )
    assert refused.advice.fi == "Päätä valtuus ajoissa ja anna uusi kunnalle 297."
    assert str(refused).startswith("mandate V-1 version 1: Municipality 174 does not exist from 1.1.2017.")


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (agreement(law=" ", members=()), "agreement.incomplete"),
        (agreement(suspensions=(days("2016-12-31", "2016-01-01"),)), "agreement.suspension"),
        (agreement(members=(member("999"),)), "municipality.unknown"),
        (path("signed", 2), "path.step"),
        (path("statement_given", 2, signatory="Virtanen Olli"), "path.signatory"),
        (path("statement_given", 2, municipalities=()), "path.incomplete"),
        (path("statement_given", 2, agreement="S-297"), "path.agreement"),
    ],
)
def test_given_a_reason_with_values_then_no_brace_is_left(record: AgreementChanged | AgreementPath, code: str) -> None:
    refused = judge(State((organisation(), path())), record, today=TODAY)

    assert isinstance(refused, ChangeRefused)
    assert refused.code == code
    assert "{" not in refused.reason.fi + refused.reason.sv + refused.reason.en
