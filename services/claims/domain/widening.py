"""V15: what takes more of the client's benefit than they were heard about waits for its own hearing and decision.

The proposal stands beside the claim, which goes on as it was decided: nothing of it holds back or pays anything. Once
it is accepted, the claim comes to state it, in a new version, judged anew by what was paid meanwhile; paid instalments
stay as they are, and what is open is shared out by the new terms. Rejected or taken back, it is gone.
"""

from dataclasses import replace

from services.claims.domain import act_refusals as refusals
from services.claims.domain import work_refusals
from services.claims.domain.changing import change, widen
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Situation, Stated
from services.claims.domain.terms import Widening
from shared.contracts.base import Refusal
from shared.contracts.claims import ClaimState


def propose(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """The claim with a proposed widening; one that could not hold today is refused at once."""
    if claim.widening is not None:
        return work_refusals.WIDENING_STANDS
    found = widen(claim, stated, at)
    if isinstance(found, Refusal):
        return found
    if not isinstance(change(claim, stated, at), Refusal):
        return work_refusals.WIDENING_NOT_MORE
    return replace(claim, widening=Widening(stated.last, dict(stated.advances), stated.care, stated.care_last))


def applied(claim: Claim, at: Situation) -> Claim | Refusal:
    """The claim as it would stand by what is proposed."""
    proposed = claim.widening
    if proposed is None:
        return work_refusals.WIDENING_NONE
    stated = Stated(last=proposed.last, advances=proposed.advances, care=proposed.care, care_last=proposed.care_last)
    found = widen(claim, stated, at)
    return found if isinstance(found, Refusal) else without(found)


def accept(claim: Claim, at: Situation) -> Claim | Refusal:
    """The claim by what was proposed, once the client was heard about it."""
    if claim.widening is not None and not claim.widening.heard:
        return refusals.NOT_HEARD
    return applied(claim, at)


def drop(claim: Claim, _: Stated, __: Situation) -> Claim | Refusal:
    """The claim without what is proposed, and without its hearing."""
    return work_refusals.WIDENING_NONE if claim.widening is None else without(claim)


def without(claim: Claim) -> Claim:
    """The same with nothing proposed and nobody heard about it."""
    return replace(claim, widening=None, hearing_deadline=None)


def lacking(claim: Claim) -> bool:
    """Whether a claim that is paid by has nothing to be heard about or decided."""
    return claim.state is ClaimState.ACTIVE and claim.widening is None
