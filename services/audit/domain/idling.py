"""Accounts that nobody uses, by organisation and municipality, at the end of a month."""

from collections.abc import Collection
from datetime import date, timedelta

from shared.contracts.agreements import MandateChanged
from shared.directory.model import Directory
from shared.gate.mandates import KELA


def idle_accounts(
    directory: Directory, active: Collection[tuple[str, str]], day: date, days: int
) -> dict[tuple[str, str], int]:
    """How many accounts are idle; every organisation and municipality with a mandate on the day has a count.

    Kela's own staff have none: a member says nothing in their mandates.

    An account is one worker's mandate for the municipality. It is idle when nothing was tried under the organisation's
    name for more than so many days, nor was it opened or unlocked since; or when it is locked for being idle.

    Args:
        directory: What the agreements service had published by then.
        active: Who tried anything in those days, by organisation and pseudonym.
        day: The last day of the month.
        days: How many days without use make an account idle.
    """
    workers: dict[tuple[str, str], set[str]] = {}
    idle: dict[tuple[str, str], set[str]] = {}
    for mandate in directory.all_mandates():
        if mandate.organisation != KELA and mandate.validity.covers(day):
            key = mandate.organisation, mandate.member
            workers.setdefault(key, set()).add(mandate.worker)
            if _is_idle(directory, mandate, active, day, days):
                idle.setdefault(key, set()).add(mandate.worker)
    return {key: len(idle.get(key, ())) for key in workers}


def _is_idle(
    directory: Directory, mandate: MandateChanged, active: Collection[tuple[str, str]], day: date, days: int
) -> bool:
    account = directory.user(mandate.organisation, mandate.worker)
    if account is not None and account.status == "locked":
        return account.why == "idle"
    opened = mandate.validity.first if account is None else max(mandate.validity.first, account.since)
    return (mandate.organisation, mandate.worker) not in active and opened < day - timedelta(days=days)
