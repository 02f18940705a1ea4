"""Twenty-one thousand random changes to exports of the log: every one is found, and its line named."""

from collections import Counter
from pathlib import Path

import pytest

from tests.harness.tampering import CHANGES, tried

EACH = 1_750
PARTS = 12


@pytest.mark.parametrize("part", range(PARTS))
def test_every_random_change_to_an_export_is_found(part: int, tmp_path: Path) -> None:
    found = list(tried(range(part * EACH, (part + 1) * EACH), tmp_path / "export"))
    kinds = Counter(one.change for one in found)
    assert set(kinds) == {change.__name__ for change in CHANGES}
    assert [(one.seed, one.change, one.line, one.verdict.problems) for one in found if one.missed] == []
