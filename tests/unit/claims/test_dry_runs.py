"""The threshold of dry runs as the data file states it, and its refusal."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.claims.data_files import dry_run_thresholds
from services.claims.domain.dry_runs import read_thresholds

DAY = date(2017, 1, 5)


def test_the_threshold_is_data_with_its_source_and_says_that_it_is_assumed() -> None:
    (row,) = dry_run_thresholds().rows
    assert (row.per_day, row.mark) == (200, "A")
    assert row.source


def test_past_the_threshold_the_refusal_says_why_and_what_to_do_in_three_languages() -> None:
    table = dry_run_thresholds()
    assert table.refuse(200, DAY) is None
    refusal = table.refuse(201, DAY)
    assert refusal is not None
    assert (refusal.code, refusal.rule) == ("claims.dry_runs", "dry_run_threshold")
    for text in (refusal.reason, refusal.advice):
        assert len({text.fi, text.sv, text.en}) == 3
    assert all("200" in text for text in (refusal.reason.fi, refusal.reason.sv, refusal.reason.en))


def test_a_day_without_a_threshold_lets_nothing_through() -> None:
    assert dry_run_thresholds().refuse(1, date(2013, 12, 31)) is not None


@pytest.mark.parametrize(
    "rows", [[], [{"first": DAY, "last": None, "per_day": 0, "refused_per_day": 1, "source": "x", "mark": "A"}]]
)
def test_a_wrong_table_does_not_load(rows: list[dict[str, object]]) -> None:
    with pytest.raises((ValidationError, ValueError)):
        read_thresholds(rows)


def test_past_its_own_threshold_a_refused_registration_says_why_in_three_languages() -> None:
    table = dry_run_thresholds()
    most = table.rows[0].refused_per_day
    assert table.bar(most - 1, DAY) is None
    refusal = table.bar(most, DAY)
    assert refusal is not None
    assert (refusal.code, refusal.rule) == ("claims.refused_registrations", "refused_registrations_threshold")
    for text in (refusal.reason, refusal.advice):
        assert len({text.fi, text.sv, text.en}) == 3
    assert all(str(most) in text for text in (refusal.reason.fi, refusal.reason.sv, refusal.reason.en))
    assert table.bar(0, date(2013, 12, 31)) is not None
