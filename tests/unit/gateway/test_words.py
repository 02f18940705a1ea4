"""The catalogues: the same keys and places in three languages, nothing untranslated, plural forms by count."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from services.gateway.words import FOLDER, LANGUAGES, Words, catalogue, key_of, words
from shared.contracts.base import Language

_PLACE = re.compile(r"\{(\w+)\}")


@cache
def _catalogue(language: Language) -> Catalog:
    return catalogue(language)


@cache
def _forms(language: Language) -> dict[str, tuple[str, ...]]:
    """Every form of every key."""
    return {
        key_of(message.id): (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        for message in _catalogue(language)
        if message.id
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_key_and_no_other(language: Language) -> None:
    english = sorted(_forms("en"))
    assert english
    assert sorted(_forms(language)) == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_uncertain_or_obsolete(language: Language) -> None:
    whole = _catalogue(language)
    assert [key_of(message.id) for message in whole if message.id and message.fuzzy] == []
    assert [key for key, forms in _forms(language).items() if not all(form.strip() for form in forms)] == []
    for path in (FOLDER / language / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            assert list(read_po(file).obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_values_have_a_place_in_each_language(language: Language) -> None:
    english = {key: set(_PLACE.findall(" ".join(forms))) for key, forms in _forms("en").items()}
    wrong = {key for key, forms in _forms(language).items() if set(_PLACE.findall(" ".join(forms))) != english[key]}
    assert wrong == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_forms_its_plurals_by_its_own_rule(language: Language) -> None:
    whole = _catalogue(language)
    plural = {key_of(message.id): len(message.string or ()) for message in whole if not isinstance(message.id, str)}
    assert plural
    assert set(plural.values()) == {whole.num_plurals}
    assert plural.keys() == {key_of(one.id) for one in _catalogue("en") if not isinstance(one.id, str)}


def test_files_of_one_area_are_called_the_same_in_each_language() -> None:
    names = [sorted(path.name for path in (FOLDER / one / "LC_MESSAGES").glob("*.po")) for one in LANGUAGES]
    assert names[0] == names[1] == names[2]
    assert "kelmu.po" in names[0]


def test_one_and_many_are_said_as_the_language_says_them() -> None:
    assert words("en")("hand_over.done", count=1) == "1 claim handed over"
    assert words("en")("hand_over.done", count=2) == "2 claims handed over"
    assert words("fi")("hand_over.done", count=1) == "Siirretty 1 vaatimus"
    assert words("fi")("hand_over.done", count=0) == "Siirretty 0 vaatimusta"


def test_words_that_nobody_wrote_are_a_fault_and_a_newer_value_stands_for_itself() -> None:
    t = words("en")
    with pytest.raises(KeyError):
        t("frame.no_such_words")
    with pytest.raises(KeyError):
        t("hand_over.done")
    assert t.of("role", "viewer") == "viewer"
    assert t.of("role", "newer_than_this") == "newer_than_this"
    assert t.has("frame.skip")
    assert not t.has("frame")


def test_a_percent_sign_and_a_brace_in_a_value_stay_as_they_are() -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("share", "{part} % of {whole}")
    assert Words("en", catalogue)("share", part="{whole}", whole="<b>") == "{whole} % of <b>"


def test_the_same_key_in_two_files_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr("services.gateway.words.FOLDER", tmp_path)
    (folder / "kelmu.po").write_text('msgid "a"\nmsgstr "text"\n')
    (folder / "more.po").write_text('msgid "a"\nmsgstr "other"\n')
    with pytest.raises(ValueError, match=r"more.po repeats the key 'a'"):
        catalogue("en")


def test_nobody_translates_words_that_no_page_says() -> None:
    pages = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(FOLDER.parent.rglob("*"))
        if path.suffix in {".html", ".py"} and "node_modules" not in path.parts
    )
    said = set(re.findall(r"[\w.]+", pages))
    begun = tuple(
        {
            *re.findall(r'"([\w.]+[._])" ~', pages),
            *(f"{table}." for table in re.findall(r'\.of\(\s*"([\w.]+)"', pages)),
            *re.findall(r'f"([a-z_.]+\.[a-z_]*)\{', pages),
        }
    )
    assert begun
    assert [key for key in sorted(words("en").keys()) if key not in said and not key.startswith(begun)] == []
