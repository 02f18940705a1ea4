from datetime import UTC, datetime, timedelta

from services.audit.domain.freshness import MOST_SAMPLES, Coverage
from shared.freshness import NEVER

T0 = datetime(2026, 1, 1, tzinfo=UTC)
P0, P1 = ("access.events", 0), ("access.events", 1)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def test_nothing_is_covered_before_a_sampled_end_was_consumed() -> None:
    coverage = Coverage().sampled(at(0), {P0: 5, P1: 0}).consumed({P0: 4})
    assert coverage.until([P1, P0]) == {"access.events/0": NEVER, "access.events/1": NEVER}


def test_a_partition_is_covered_until_the_latest_sample_that_was_consumed() -> None:
    coverage = Coverage().sampled(at(0), {P0: 5}).sampled(at(1), {P0: 8}).sampled(at(2), {P0: 20})
    assert coverage.consumed({P0: 9}).until([P0]) == {"access.events/0": at(1)}
    assert coverage.consumed({P0: 20}).until([P0]) == {"access.events/0": at(2)}


def test_an_idle_partition_stays_covered_as_time_passes() -> None:
    coverage = Coverage().sampled(at(0), {P0: 0}).consumed({P0: 0})
    coverage = coverage.sampled(at(60), {P0: 0}).consumed({P0: 0})
    assert coverage.until([P0]) == {"access.events/0": at(60)}


def test_a_consumer_that_stands_still_is_not_covered_by_new_samples() -> None:
    coverage = Coverage().sampled(at(0), {P0: 3}).consumed({P0: 3})
    for second in range(1, 100):
        coverage = coverage.sampled(at(second), {P0: 3 + second}).consumed({P0: 3})
    assert coverage.until([P0]) == {"access.events/0": at(0)}


def test_a_partition_that_lost_its_records_is_no_longer_covered() -> None:
    coverage = Coverage().sampled(at(0), {P0: 9}).consumed({P0: 9})
    coverage = coverage.sampled(at(1), {P0: 2}).consumed({P0: 9})
    assert coverage.until([P0]) == {"access.events/0": at(0)}


def test_position_known_before_the_first_sample_shows_lost_records_too() -> None:
    coverage = Coverage().consumed({P0: 9}).sampled(at(1), {P0: 2}).consumed({P0: 9})
    assert coverage.until([P0]) == {"access.events/0": NEVER}


def test_a_long_backlog_is_remembered_in_bounded_space() -> None:
    coverage = Coverage()
    for second in range(4 * MOST_SAMPLES):
        coverage = coverage.sampled(at(second), {P0: second + 1})
    assert len(coverage.tracks[P0].pending) <= MOST_SAMPLES
    assert coverage.consumed({P0: 4 * MOST_SAMPLES}).until([P0]) == {"access.events/0": at(4 * MOST_SAMPLES - 1)}


def test_a_clock_that_went_back_leaves_nothing_covered_until_a_time_that_has_not_come() -> None:
    ahead = Coverage().sampled(at(3600), {P0: 3}).consumed({P0: 3})
    back = ahead.sampled(at(1), {P0: 4})
    assert back.consumed({P0: 3}).until([P0]) == {"access.events/0": NEVER}
    assert back.consumed({P0: 4}).until([P0]) == {"access.events/0": at(1)}
    waiting = Coverage().sampled(at(3600), {P0: 3}).sampled(at(1), {P0: 4})
    assert waiting.consumed({P0: 3}).until([P0]) == {"access.events/0": NEVER}
    assert waiting.consumed({P0: 4}).until([P0]) == {"access.events/0": at(1)}
