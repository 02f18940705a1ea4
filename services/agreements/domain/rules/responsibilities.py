"""When it may be stated who is responsible for a municipality's social welfare (golden.md, facts to add)."""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.territory import existence, existence_fault
from services.agreements.domain.spans import DAY, is_reversed
from services.agreements.domain.state import State
from services.agreements.domain.words import FORMS
from shared.contracts.agreements import Bearer, ResponsibilityChanged
from shared.contracts.base import Validity


def municipality_existed(state: State, record: ResponsibilityChanged) -> ChangeRefused | None:
    """The municipality is known, and its days end with it: a merged one (174, 442) has nothing left to bear."""
    del state
    if not record.bearers:
        return refuse(record, "responsibility.empty")
    whole = Validity(first=record.bearers[0].validity.first, last=record.bearers[-1].validity.last)
    return existence_fault(record, record.municipality, whole, "responsibility")


def days_follow_each_other(state: State, record: ResponsibilityChanged) -> ChangeRefused | None:
    """Exactly one body on each day: in order, without a gap and without an overlap."""
    del state
    for bearer in record.bearers:
        if is_reversed(bearer.validity):
            return refuse(record, "responsibility.days", say="/reversed", organisation=bearer.organisation)
    for one, two in pairwise(record.bearers):
        last = one.validity.last
        if last is None or last + DAY != two.validity.first:
            return refuse(
                record,
                "responsibility.days",
                say="/gap",
                organisation=two.organisation,
                before=one.organisation,
            )
    return None


def does_not_stop(state: State, record: ResponsibilityChanged) -> ChangeRefused | None:
    """The last body bears until further notice, or until the municipality's own last day."""
    del state
    own, last = existence(record.municipality), record.bearers[-1].validity
    if own is None or last.last == own.last:
        return None
    return refuse(record, "responsibility.days", say="/stops", days=last)


def organisations_are_known(state: State, record: ResponsibilityChanged) -> ChangeRefused | None:
    """Every body is a known organisation."""
    unknown = [one.organisation for one in record.bearers if state.organisation(one.organisation) is None]
    if not unknown:
        return None
    return refuse(record, "responsibility.organisation", say="organisation.unknown", organisation=unknown[0])


def forms_fit(state: State, record: ResponsibilityChanged) -> ChangeRefused | None:
    """Own: the municipality itself; joint authority: a kuntayhtymä; host municipality (vastuukunta): another one."""
    wrong = next((one for one in record.bearers if one.form != _form(state, record, one)), None)
    if wrong is None:
        return None
    return refuse(
        record,
        "responsibility.form",
        organisation=wrong.organisation,
        needed=FORMS[_form(state, record, wrong)],
        given=FORMS[wrong.form],
    )


def _form(state: State, record: ResponsibilityChanged, bearer: Bearer) -> str:
    if state.organisation_of(record.municipality) == bearer.organisation:
        return "own"
    organisation = state.organisation(bearer.organisation)
    joint = organisation is not None and organisation.kind == "joint_authority"
    return "joint_authority" if joint else "host_municipality"


RESPONSIBILITY_RULES: Final[tuple[Callable[[State, ResponsibilityChanged], ChangeRefused | None], ...]] = (
    municipality_existed,
    days_follow_each_other,
    does_not_stop,
    organisations_are_known,
    forms_fit,
)
