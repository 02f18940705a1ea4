"""A few of the campaign's changes, each kind among them (tests/campaigns tries many thousands)."""

from pathlib import Path

from tests.harness.tampering import CHANGES, tried


def test_random_changes_to_an_export_are_found(tmp_path: Path) -> None:
    found = list(tried(range(1_000_000, 1_000_200), tmp_path / "export"))
    assert {one.change for one in found} == {change.__name__ for change in CHANGES}
    assert [(one.seed, one.change, one.line, one.verdict.problems) for one in found if one.missed] == []
