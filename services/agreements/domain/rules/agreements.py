"""When an agreement (sopimus) may be written: who it is with, whom it bears, on which days."""

from collections.abc import Callable
from datetime import date
from typing import Final

from services.agreements.domain.records import key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.accounts import accounts_are_valid
from services.agreements.domain.rules.openings import path_is_signed
from services.agreements.domain.rules.systems import systems_are_unique, systems_prove_themselves
from services.agreements.domain.rules.territory import existence, successor
from services.agreements.domain.rules.windows import benefits_are_known, suspensions_lie_within
from services.agreements.domain.spans import DAY, describe, is_reversed, missing, overlap
from services.agreements.domain.state import Bearing, State, bearings_of
from shared.contracts.agreements import AgreementChanged
from shared.contracts.base import Validity


def party_is_known(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """The party is a known organisation and stays the same: history must not change hands."""
    before = state.current(key_of(record))
    if isinstance(before, AgreementChanged) and before.party != record.party:
        return refuse(
            record,
            "agreement.party_changed",
            "An agreement cannot pass to another party.",
            "End this agreement and make a new one.",
        )
    if state.organisation(record.party) is not None:
        return None
    return refuse(
        record,
        "agreement.party",
        f"The organisation {record.party} is not known.",
        "Add the organisation first.",
    )


def validity_runs_forward(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """No last day lies before its first, neither the agreement's nor a member's."""
    del state
    if not any(is_reversed(span) for span in (record.validity, *(m.validity for m in record.members))):
        return None
    return refuse(
        record,
        "agreement.validity",
        "The agreement or a membership ends before it begins.",
        "Exchange or correct the dates.",
    )


def content_is_complete(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """The section of law, purposes, data groups, channels and members are all named (domain 5.1)."""
    del state
    parts = {
        "section of law": record.law.strip(),
        "purpose": record.purposes,
        "data group": record.data_groups,
        "way of use": record.channels,
        "member": record.members,
    }
    absent = [name for name, content in parts.items() if not content]
    if not absent:
        return None
    return refuse(
        record,
        "agreement.incomplete",
        f"The agreement names no {' and no '.join(absent)}.",
        "An agreement says on which section it rests, for what, what is shown, how and for whom.",
    )


def termination_has_an_end(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """A terminated agreement says its last day; else it would bear its members for ever."""
    del state
    if record.status != "terminated" or record.validity.last is not None:
        return None
    return refuse(
        record,
        "agreement.termination",
        "A terminated agreement has no last day.",
        "Give the last day of its validity.",
    )


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
        return refuse(
            record,
            "municipality.unknown",
            f"There is no municipality {code}.",
            "Look the number up in the list of municipalities.",
        )
    heir = successor(code)
    inherited = (other.days for other in bearings if other.municipality == heir)
    after = _after(days.last)
    heirs_days = (shared for own in inherited if after is not None and (shared := overlap(own, after)) is not None)
    gap = missing(bearing.days, (days, *heirs_days))
    if gap is None:
        return None
    return refuse(
        record,
        "municipality.ended",
        f"Municipality {code} does not exist {describe(gap)}.",
        f"From then on it belongs to the agreement that bears {heir}." if heir else "Correct the dates.",
    )


def members_lie_within(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """A membership has at least one day in common with the agreement."""
    del state
    outside = [m.municipality for m in record.members if overlap(m.validity, record.validity) is None]
    if not outside:
        return None
    return refuse(
        record,
        "agreement.member_outside",
        f"The membership of {', '.join(outside)} has no day within the agreement.",
        "Correct the dates of the membership or of the agreement.",
    )


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
                    record,
                    "agreement.overlap",
                    f"{other.agreement} already bears municipality {bearing.municipality} {describe(days)}.",
                    "Shorten that membership first, or begin this one on the day after it ends.",
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
