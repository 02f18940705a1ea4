"""Accounts that nobody uses: locked after 45 idle days, and what a sign-in does to an account."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.contracts.agreements import UserChanged

IDLE_DAYS: Final = 45
"""Accounts idle for longer are locked: Suwinet's standard of account management (domain.md 6), assumed for Kelmu."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a sign-in does.

    Attributes:
        change: The account's next version; None when it stays as it is.
        noted: Whether the day counts as one on which the account was used.
        account: The account as it stands afterwards.
    """

    change: UserChanged | None
    noted: bool
    account: UserChanged


def idle_days(user: UserChanged, last: date | None, day: date) -> int:
    """Days since the account was last used, or since it stands as it does when that is later."""
    return (day - max(user.since, last or user.since)).days


def is_idle(user: UserChanged, last: date | None, day: date) -> bool:
    """Whether an active account was left unused for too long."""
    return user.status == "active" and idle_days(user, last, day) > IDLE_DAYS


def first_day_in_use(day: date) -> date:
    """An account used on this day or later is not idle on `day`."""
    return day - timedelta(days=IDLE_DAYS)


def lock(user: UserChanged, day: date) -> UserChanged:
    """The account's next version, locked because it was idle."""
    return user.model_copy(update={"version": user.version + 1, "status": "locked", "why": "idle", "since": day})


def sign_in(user: UserChanged | None, last: date | None, *, organisation: str, worker: str, day: date) -> SignIn:
    """What the worker's sign-in does: opens a first account, keeps one in use, locks one that comes too late.

    Args:
        user: The account as it stands; None before the first sign-in.
        last: Last day of use.
        organisation: Business id.
        worker: Pseudonym.
        day: Helsinki day of the business clock.
    """
    if user is None:
        opened = UserChanged(
            id=f"{organisation}/{worker}",
            version=1,
            worker=worker,
            organisation=organisation,
            status="active",
            why="opened",
            since=day,
        )
        return SignIn(opened, noted=True, account=opened)
    if is_idle(user, last, day):
        locked = lock(user, day)
        return SignIn(locked, noted=False, account=locked)
    return SignIn(None, noted=user.status == "active", account=user)
