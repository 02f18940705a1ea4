"""When a worker's account may be opened, locked and unlocked."""

from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Final

from services.agreements.domain.records import key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.state import State
from shared.contracts.agreements import UserChanged

_REASONS: Final = MappingProxyType(
    {"active": frozenset({"opened", "by_main_user"}), "locked": frozenset({"idle", "left", "by_main_user"})}
)
"""Why an account may stand as it does."""


def organisation_is_known(state: State, record: UserChanged) -> ChangeRefused | None:
    """The organisation must be known."""
    if state.organisation(record.organisation) is not None:
        return None
    return refuse(record, "user.organisation", say="organisation.unknown", organisation=record.organisation)


def id_names_both(state: State, record: UserChanged) -> ChangeRefused | None:
    """The id is the organisation and the worker, so that a worker has one account with each organisation."""
    del state
    if record.id == f"{record.organisation}/{record.worker}":
        return None
    return refuse(record, "user.id")


def reason_fits(state: State, record: UserChanged) -> ChangeRefused | None:
    """An account is opened or unlocked, or locked, for a reason that belongs to it."""
    before = state.current(key_of(record))
    first = before is None and (record.status, record.why) != ("active", "opened")
    again = before is not None and record.why == "opened"
    if record.why in _REASONS[record.status] and not first and not again:
        return None
    return refuse(record, "user.reason")


def time_runs_forward(state: State, record: UserChanged) -> ChangeRefused | None:
    """A later state does not begin before an earlier one: idle days are counted from it."""
    before = state.current(key_of(record))
    if not isinstance(before, UserChanged) or record.since >= before.since:
        return None
    return refuse(record, "user.since", day=before.since)


def begins_by_now(record: UserChanged, today: date) -> ChangeRefused | None:
    """A state does not begin after the day on which it is told: idle days would not be counted until then."""
    if record.since <= today:
        return None
    return refuse(record, "user.since_future", day=record.since)


USER_RULES: Final[tuple[Callable[[State, UserChanged], ChangeRefused | None], ...]] = (
    organisation_is_known,
    id_names_both,
    reason_fits,
    time_runs_forward,
)
