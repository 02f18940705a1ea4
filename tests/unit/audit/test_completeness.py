"""Which hours are compared, and what is found of one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.audit.domain.completeness import (
    AUDIT,
    BILLING,
    HOUR,
    MOST_HOURS,
    OwnAccount,
    State,
    closed_before,
    compare,
    new_hours,
    reached,
    with_own,
)
from shared.counting import Held

NOON = datetime(2017, 1, 2, 12, tzinfo=UTC)
IDS = [UUID(int=n) for n in range(1, 4)]


def test_an_hour_closes_five_minutes_after_its_end() -> None:
    assert closed_before(NOON + timedelta(minutes=4, seconds=59)) == NOON - HOUR
    assert closed_before(NOON + timedelta(minutes=5)) == NOON


def test_every_closed_hour_is_entered_once_and_a_clock_moved_far_ahead_makes_no_thousands() -> None:
    now = NOON + timedelta(minutes=5)
    assert new_hours(None, now) == [NOON - HOUR]
    assert new_hours(NOON - HOUR, now) == []
    assert new_hours(NOON - 3 * HOUR, now) == [NOON - 2 * HOUR, NOON - HOUR]
    far = new_hours(NOON, NOON + timedelta(days=3650))
    assert (len(far), far[-1]) == (MOST_HOURS, NOON + timedelta(days=3650) - 2 * HOUR)


@pytest.mark.parametrize(
    ("audit", "billing", "state"),
    [
        (IDS, IDS, State.OK),
        (IDS, None, State.WAITING),
        (IDS[1:], None, State.GAP),
        (IDS, IDS[1:], State.GAP),
        ([], [], State.GAP),
    ],
)
def test_all_must_hold_the_same_and_billing_must_have_answered(
    audit: list[UUID], billing: list[UUID] | None, state: State
) -> None:
    held = {AUDIT: {"A-091": Held.of(audit)} if audit else {}}
    if billing is not None:
        held[BILLING] = {"A-091": Held.of(billing)} if billing else {}
    [found] = compare(NOON, {"A-091": IDS}, held)
    assert (found.agreement, found.published, found.state) == ("A-091", 3, state)


def test_the_event_that_is_missing_is_named() -> None:
    [found] = compare(NOON, {"A-091": IDS}, {AUDIT: {"A-091": Held.of(IDS[1:])}})
    assert found.missing == {AUDIT: (IDS[0],)}


def test_whoever_has_not_read_a_partition_has_not_reached_it() -> None:
    wanted = {("access.events", 0): 5, ("claims.events", 3): 0}
    assert reached({("access.events", 0): 5}, wanted)
    assert not reached({("access.events", 0): 4}, wanted)
    assert not reached({}, wanted)


@pytest.mark.parametrize(
    ("kept", "waits", "state", "untold"),
    [
        (IDS, False, State.OK, 0),
        (IDS, True, State.WAITING, 0),
        (IDS[1:], False, State.GAP, 0),
        ([*IDS, UUID(int=9)], False, State.GAP, 1),
        ([*IDS[1:], UUID(int=9)], True, State.GAP, 0),
    ],
)
def test_whoever_told_the_events_must_have_kept_just_those(
    kept: list[UUID],
    waits: bool,  # noqa: FBT001 - a column of the table
    state: State,
    untold: int,
) -> None:
    base = compare(NOON, {"A-091": IDS}, {AUDIT: {"A-091": Held.of(IDS)}, BILLING: {"A-091": Held.of(IDS)}})
    own = {"lookup": OwnAccount({"A-091": IDS}, {"A-091": Held.of(kept)})}
    [found] = with_own(NOON, base, own, waits=waits)
    assert (found.state, found.untold, found.held["lookup"]) == (state, untold, len(kept))


def test_what_only_its_teller_has_kept_is_found_where_nobody_else_holds_anything() -> None:
    [found] = with_own(NOON, [], {"claims": OwnAccount({}, {"A-049": Held.of(IDS[:1])})}, waits=False)
    assert (found.agreement, found.published, found.held) == ("A-049", 0, {AUDIT: 0, "claims": 1})
    assert found.extra == {"claims": (IDS[0],)}
