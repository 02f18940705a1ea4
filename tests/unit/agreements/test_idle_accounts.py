"""An account is locked after more than 45 idle days, by the timer or by the sign-in that comes too late."""

from datetime import date, timedelta

import pytest

from services.agreements.domain.idle import IDLE_DAYS, first_day_in_use, idle_days, is_idle, lock, sign_in
from services.agreements.domain.validity import holds_on
from shared.contracts.agreements import UserChanged
from tests.unit.agreements.made import (
    ALWAYS,
    FROM_2017,
    KUOPIO,
    UNTIL_2016,
    WORKER,
    agreement,
    bearer,
    delegation,
    mandate,
    organisation,
    path,
    population,
    responsibility,
    user,
)

SINCE = date(2016, 10, 1)
FORTY_FIVE = SINCE + timedelta(days=45)
FORTY_SIX = SINCE + timedelta(days=46)
EVE, NEW_YEAR = date(2016, 12, 31), date(2017, 1, 1)


@pytest.mark.parametrize(
    ("last", "day", "idle"),
    [
        (None, FORTY_FIVE, False),
        (None, FORTY_SIX, True),
        (SINCE - timedelta(days=9), FORTY_FIVE, False),
        (SINCE + timedelta(days=1), FORTY_SIX, False),
        (SINCE + timedelta(days=1), FORTY_SIX + timedelta(days=1), True),
    ],
)
def test_idle_days_count_from_the_later_of_last_use_and_last_change(
    last: date | None, day: date, *, idle: bool
) -> None:
    assert is_idle(user(), last, day) is idle
    assert (max(SINCE, last or SINCE) < first_day_in_use(day)) is idle


def test_a_locked_account_is_not_locked_again() -> None:
    locked = lock(user(), FORTY_SIX)
    assert (locked.version, locked.status, locked.why, locked.since) == (2, "locked", "idle", FORTY_SIX)
    assert not is_idle(locked, None, date(2020, 1, 1))
    assert idle_days(locked, None, FORTY_SIX) == 0
    assert IDLE_DAYS == 45


def came(known: UserChanged | None, last: date | None, day: date) -> tuple[int | None, bool, str]:
    found = sign_in(known, last, organisation=KUOPIO, worker=WORKER, day=day)
    return (found.change.version if found.change else None), found.noted, found.account.status


def test_a_first_sign_in_opens_the_account() -> None:
    found = sign_in(None, None, organisation=KUOPIO, worker=WORKER, day=SINCE)
    assert found.change == user(since=SINCE)
    assert found.noted


@pytest.mark.parametrize(
    ("known", "last", "day", "outcome"),
    [
        (user(), None, FORTY_FIVE, (None, True, "active")),
        (user(), SINCE, FORTY_SIX, (2, False, "locked")),
        (user(version=2, status="locked", why="left"), None, SINCE, (None, False, "locked")),
        (user(version=3, why="by_main_user", since=EVE), SINCE, NEW_YEAR, (None, True, "active")),
    ],
    ids=["in use", "too late", "locked before", "unlocked"],
)
def test_a_sign_in_keeps_the_account_or_locks_it(
    known: UserChanged, last: date | None, day: date, outcome: tuple[int | None, bool, str]
) -> None:
    assert came(known, last, day) == outcome


def test_records_hold_on_their_days() -> None:
    moved = responsibility(bearer(KUOPIO, "own", UNTIL_2016))
    for record in (
        agreement(validity=UNTIL_2016),
        mandate(validity=UNTIL_2016),
        delegation(validity=UNTIL_2016),
        moved,
    ):
        assert (holds_on(record, EVE), holds_on(record, NEW_YEAR)) == (True, False)
    assert not holds_on(user(since=NEW_YEAR), EVE)
    assert all(holds_on(record, EVE) for record in (organisation(), population(), path(), agreement(validity=ALWAYS)))
    assert not holds_on(mandate(validity=FROM_2017), EVE)
