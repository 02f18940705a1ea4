"""The main user's review of accounts: who left, who is idle, whose mandates outlive their account. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from shared.contracts.agreements import MandateChanged, UserChanged

Finding = Literal[
    "left_with_mandates", "idle", "locked_with_mandates", "no_mandate", "no_end", "ends_soon", "no_account"
]
SOON: Final = timedelta(days=30)
"""How near a mandate's end is told (assumed)."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One worker of the organisation as a review sees them."""

    worker: str
    """Pseudonym."""
    account: UserChanged | None
    mandates: tuple[MandateChanged, ...]
    """Those in force or coming."""
    findings: tuple[Finding, ...]


def review(users: Iterable[UserChanged], mandates: Iterable[MandateChanged], day: date) -> tuple[Reviewed, ...]:
    """Every worker with an account or a mandate, those with something to do first."""
    accounts = {one.worker: one for one in users}
    held: dict[str, list[MandateChanged]] = {}
    for one in mandates:
        if one.validity.last is None or one.validity.last >= day:
            held.setdefault(one.worker, []).append(one)
    rows = (_reviewed(worker, accounts.get(worker), tuple(held.get(worker, ())), day) for worker in {*accounts, *held})
    return tuple(sorted(rows, key=lambda row: (not row.findings, row.worker)))


def _reviewed(worker: str, account: UserChanged | None, mandates: tuple[MandateChanged, ...], day: date) -> Reviewed:
    ordered = tuple(sorted(mandates, key=lambda one: (one.validity.first, one.id)))
    return Reviewed(worker, account, ordered, tuple(_findings(account, ordered, day)))


def _findings(account: UserChanged | None, mandates: tuple[MandateChanged, ...], day: date) -> Iterable[Finding]:
    if account is None:
        yield "no_account"
    elif account.status == "locked":
        if account.why == "idle":
            yield "idle"
        if mandates:
            yield "left_with_mandates" if account.why == "left" else "locked_with_mandates"
    elif not mandates:
        yield "no_mandate"
    if any(one.validity.last is None for one in mandates):
        yield "no_end"
    if any(one.validity.last is not None and one.validity.last <= day + SOON for one in mandates):
        yield "ends_soon"
