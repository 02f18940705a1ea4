"""Random years against the slow rater; a thousand of them are tried by `tests/campaigns/billing`."""

import pytest

from tests.property.billing.years import check

YEARS = 120
ROUNDS = 2


@pytest.mark.parametrize("part", range(ROUNDS))
def test_random_years_cost_what_the_slow_rater_says(part: int) -> None:
    for year in range(part, YEARS, ROUNDS):
        check(year)
