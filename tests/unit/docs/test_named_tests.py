"""A README that names a test is only worth something while that test exists."""

import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
INVARIANTS = ROOT / "docs" / "invariants.md"
DOCUMENTS = sorted([*ROOT.glob("services/*/README.md"), *ROOT.glob("shared/**/README.md"), INVARIANTS])
QUOTED = re.compile(r"`([^`\n]+)`")
DEFINED = re.compile(r"^\s*(?:async )?(?:def|class) (\w+)", re.MULTILINE)


def names(text: str) -> list[str]:
    """What stands in backticks and speaks of tests."""
    return [name for name in QUOTED.findall(text) if name.startswith(("test_", "Test", "tests/"))]


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """Every function and class of tests, by name."""
    return frozenset(name for path in ROOT.glob("tests/**/*.py") for name in DEFINED.findall(path.read_text("utf-8")))


def exists(name: str) -> bool:
    return (ROOT / name).exists() if name.startswith("tests/") else name in known()


def named_by_invariant(text: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, row in re.findall(r"^\| (\d) ?(.*)$", text, re.MULTILINE):
        found.setdefault(int(number), []).extend(names(row))
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_test_that_a_document_names_exists(document: Path) -> None:
    missing = [name for name in names(document.read_text(encoding="utf-8")) if not exists(name)]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_tests_are_named_in_full(document: Path) -> None:
    """Half a name, such as one with an ellipsis or a file without its folder, could not be checked."""
    quoted = QUOTED.findall(document.read_text(encoding="utf-8"))
    unchecked = [name for name in quoted if "…" in name and "test" in name.lower()]
    unchecked += [name for name in quoted if "::" in name or re.fullmatch(r"test_\w+\.py", name)]
    assert unchecked == []


@pytest.mark.parametrize("number", range(1, 8))
def test_every_invariant_has_a_named_test(number: int) -> None:
    assert named_by_invariant(INVARIANTS.read_text(encoding="utf-8")).get(number)


def test_a_name_that_is_not_there_is_noticed() -> None:
    text = "| 1 x | y | `test_that_nobody_wrote`, `TestNothing`, `tests/unit/docs/test_named_tests.py` |"
    assert [exists(name) for name in names(text)] == [False, False, True]
    assert list(named_by_invariant(text)) == [1]
