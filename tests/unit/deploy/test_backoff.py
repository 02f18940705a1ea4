import pytest

from deploy.local.backoff import Backoff


@pytest.mark.parametrize(("failures", "expected"), [(1, 0.1), (2, 0.2), (3, 0.4), (8, 10.0), (10_000, 10.0)])
def test_given_failures_in_a_row_then_the_longest_delay_doubles_up_to_the_cap(failures: int, expected: float) -> None:
    assert Backoff().delay(failures, chance=1.0) == pytest.approx(expected)


@pytest.mark.parametrize("failures", [1, 2, 5, 50])
def test_given_the_same_failures_then_jitter_spreads_the_delay_over_the_upper_half(failures: int) -> None:
    backoff = Backoff()
    longest = backoff.delay(failures, chance=1.0)
    drawn = {backoff.delay(failures) for _ in range(50)}
    assert backoff.delay(failures, chance=0.0) == pytest.approx(longest / 2)
    assert all(longest / 2 <= delay <= longest for delay in drawn)
    assert len(drawn) > 1
