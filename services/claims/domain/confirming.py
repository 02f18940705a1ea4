"""Golden R6: once an awaited benefit is granted, the municipality confirms what it gave as an advance, month by month.

Until then the task stands. A confirmation may change amounts and add months, in a new version, as far as a change may.
"""

from dataclasses import replace

from services.claims.domain import work_refusals
from services.claims.domain.changing import change
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Situation, Stated
from shared.contracts.base import Refusal


def ask(claim: Claim, _: Stated, at: Situation) -> Claim:
    """The claim with the task, since the day of the act."""
    return replace(claim, amounts_asked=at.day)


def confirm(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """The claim with its amounts confirmed, changed first where something is stated with it."""
    if claim.amounts_asked is None:
        return work_refusals.NOT_ASKED
    changes = stated.last is not None or stated.advances or stated.care is not None
    changed = change(claim, stated, at) if changes else claim
    return changed if isinstance(changed, Refusal) else replace(changed, amounts_asked=None)
