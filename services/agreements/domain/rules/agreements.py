"""When an agreement (sopimus) may be written: who it is with, whom it bears, on which days."""

from collections.abc import Callable
from datetime import date
from typing import Final

from services.agreements.domain.records import key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.accounts import accounts_are_valid
from services.agreements.domain.rules.openings import path_is_signed
from services.agreements.domain.rules.systems import systems_are_unique, systems_prove_themselves
from services.agreements.domain.rules.territory import existence, existence_ended, successor
from services.agreements.domain.rules.windows import benefits_are_known, suspensions_lie_within
from services.agreements.domain.spans import DAY, is_reversed, missing, overlap
from services.agreements.domain.state import Bearing, State, bearings_of
from services.agreements.domain.words import PARTS, listed
from shared.contracts.agreements import AgreementChanged
from shared.contracts.base import Validity


def party_is_known(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """The party is a known organisation and stays the same: history must not change hands."""
    before = state.current(key_of(record))
    if isinstance(before, AgreementChanged) and before.party != record.party:
        return refuse(record, "agreement.party_changed")
    if state.organisation(record.party) is not None:
        return None
    return refuse(record, "agreement.party", say="organisation.unknown", organisation=record.party)


def validity_runs_forward(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """No last day lies before its first, neither the agreement's nor a member's."""
    del state
    if not any(is_reversed(span) for span in (record.validity, *(m.validity for m in record.members))):
        return None
    return refuse(record, "agreement.validity")


def content_is_complete(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """The section of law, purposes, data groups, channels and members are all named (domain 5.1)."""
    del state
    parts = {
        "law": record.law.strip(),
        "purposes": record.purposes,
        "data_groups": record.data_groups,
        "channels": record.channels,
        "members": record.members,
    }
    absent = [PARTS[name] for name, content in parts.items() if not content]
    if not absent:
        return None
    return refuse(record, "agreement.incomplete", absent=listed(absent))


def termination_has_an_end(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """A terminated agreement says its last day; else it would bear its members for ever."""
    del state
    if record.status != "terminated" or record.validity.last is not None:
        return None
    return refuse(record, "agreement.termination")


def members_existed(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """Members exist on their days; after a merger the successor's agreement alone may bear what was merged.

    An ended municipality's inhabitants of an earlier year end still count (golden R10, G8: 112,153 + 4,770),
    so the agreement that bears the successor lists it as a member from the day of the merger.
    """
    del state
    bearings = bearings_of(record)
    faults = (_existence_fault(record, bearing, bearings) for bearing in bearings)
    return next((fault for fault in faults if fault is not None), None)


def _existence_fault(record: AgreementChanged, bearing: Bearing, bearings: tuple[Bearing, ...]) -> ChangeRefused | None:
    code = bearing.municipality
    days = existence(code)
    if days is None:
        return refuse(record, "municipality.unknown", code=code)
    heir = successor(code)
    inherited = (other.days for other in bearings if other.municipality == heir)
    after = _after(days.last)
    heirs_days = (shared for own in inherited if after is not None and (shared := overlap(own, after)) is not None)
    gap = missing(bearing.days, (days, *heirs_days))
    if gap is None:
        return None
    return existence_ended(record, code, gap, heir, "agreement")


def members_lie_within(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """A membership has at least one day in common with the agreement."""
    del state
    outside = [m.municipality for m in record.members if overlap(m.validity, record.validity) is None]
    if not outside:
        return None
    return refuse(record, "agreement.member_outside", members=", ".join(outside))


def nobody_is_borne_twice(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """Exactly one agreement bears a municipality on any day: an overlap is refused (golden R10)."""
    own = bearings_of(record)
    for position, bearing in enumerate(own):
        others = (
            *own[:position],
            *(other for other in state.bearings(bearing.municipality) if other.agreement != record.id),
        )
        for other in others:
            days = overlap(bearing.days, other.days)
            if days is not None and other.municipality == bearing.municipality:
                return refuse(
                    record, "agreement.overlap", agreement=other.agreement, code=bearing.municipality, days=days
                )
    return None


def _after(last: date | None) -> Validity | None:
    return None if last is None else Validity(first=last + DAY)


AGREEMENT_RULES: Final[tuple[Callable[[State, AgreementChanged], ChangeRefused | None], ...]] = (
    party_is_known,
    validity_runs_forward,
    content_is_complete,
    termination_has_an_end,
    benefits_are_known,
    suspensions_lie_within,
    systems_prove_themselves,
    systems_are_unique,
    accounts_are_valid,
    members_lie_within,
    members_existed,
    nobody_is_borne_twice,
    path_is_signed,
)
