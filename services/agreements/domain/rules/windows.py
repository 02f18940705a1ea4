"""What an agreement limits by name and by day: benefits, windows, suspensions."""

from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.spans import is_reversed, missing, overlap
from services.agreements.domain.state import State
from shared.contracts.agreements import AgreementChanged
from shared.contracts.base import Validity
from shared.finnish.benefits import benefits


def benefits_are_known(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """Benefits covered, and those with a window of their own, are benefits of Kela; a window is of a covered one."""
    del state
    named = (*(record.benefits or ()), *record.benefit_windows)
    unknown = [code for code in named if code not in benefits()]
    if unknown:
        return refuse(record, "agreement.benefit", benefit=unknown[0])
    outside = [] if record.benefits is None else [c for c in record.benefit_windows if c not in record.benefits]
    if not outside:
        return None
    return refuse(record, "agreement.window_outside", benefit=outside[0])


def suspensions_lie_within(state: State, record: AgreementChanged) -> ChangeRefused | None:
    """Suspensions run forward, lie within the agreement's days and do not overlap each other."""
    del state
    for position, span in enumerate(record.suspensions):
        if is_reversed(span):
            return refuse(record, "agreement.suspension", say="/reversed")
        if missing(span, (record.validity,)) is not None:
            return refuse(record, "agreement.suspension", say="/outside", days=span)
        twice = _overlap(span, record.suspensions[:position])
        if twice is not None:
            return refuse(record, "agreement.suspension", say="/twice", days=twice)
    return None


def _overlap(span: Validity, others: tuple[Validity, ...]) -> Validity | None:
    return next((shared for other in others if (shared := overlap(span, other)) is not None), None)
