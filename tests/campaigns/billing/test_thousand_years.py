"""A thousand random years cost what a second, slow rater finds from the raw events."""

import pytest

from tests.property.billing.years import check

YEARS = 1_000
ROUNDS = 4


@pytest.mark.parametrize("part", range(ROUNDS))
def test_a_thousand_random_years_cost_what_the_slow_rater_says(part: int) -> None:
    for year in range(part, YEARS, ROUNDS):
        check(year)
