"""Changing a claim: other months, amounts or days, judged by the rules that judged its registration (V8-V11, V14).

Of a claim that is paid by, the client was heard about what it states (V15, L 434/2003 34 §): it comes to state less at
will, and never more. What is to be added is proposed (`widening.py`), heard and decided.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from services.claims.domain import act_refusals as refusals
from services.claims.domain.allocation import NOTHING, CareFee
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.lifecycle import HEARD
from services.claims.domain.payday import timing
from services.claims.domain.protected_share import ProtectedShares
from services.claims.domain.registration import Claim
from services.claims.domain.rules import (
    v07_advance_months,
    v08_advances,
    v09_assistance,
    v10_care,
    v11_fee,
    v14_origin,
)
from services.claims.domain.stated import Situation, Stated
from shared.clock.civil import Month, helsinki_date
from shared.contracts.asking import ClaimCommand, RegisterClaim
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground
from shared.finnish.claim_matrix import Policy
from shared.gate.facts import Facts

_ASSISTANCE: Final[Mapping[str, Literal["basic", "supplementary", "preventive"]]] = {
    "basic": "basic",
    "supplementary": "supplementary",
    "preventive": "preventive",
}
"""A stored word as the contract names it."""


def change(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """The claim with other months, amounts or days; once the client was heard, only with fewer or less (V15)."""
    return _restated(claim, stated, at, more=claim.state not in HEARD)


def widen(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """The claim with other months, amounts or days, more of them too: once the client was heard about them."""
    return _restated(claim, stated, at, more=True)


def _restated(claim: Claim, stated: Stated, at: Situation, *, more: bool) -> Claim | Refusal:
    if stated.last is None and not stated.advances and stated.care is None:
        return refusals.NOTHING_CHANGED
    changed = claim if stated.last is None else _until(claim, stated.last, at, more=more)
    if isinstance(changed, Refusal):
        return changed
    refused = _rests_on(changed, stated, at)
    if refused is not None:
        return refused
    if not more and _takes_more(claim, stated):
        return refusals.WIDENED
    changed = _with_care(replace(changed, advances={**claim.advances, **stated.advances}), stated)
    return _beyond(changed) or changed


def _until(claim: Claim, last: date, at: Situation, *, more: bool) -> Claim | Refusal:
    """The claim with another last day."""
    if last < claim.first:
        return refusals.OUTSIDE
    if _shortens(claim, last) and at.pays_beyond(last):
        return refusals.PAID
    if not more and not _shortens(claim, last) and last != claim.last:
        return refusals.WIDENED
    if any(other.overlaps(claim.first, last) for other in at.others):
        return refusals.OVERLAPS
    return replace(claim, last=last, timing=timing(claim.benefit, helsinki_date(claim.arrived), claim.first, last))


def _with_care(claim: Claim, stated: Stated) -> Claim:
    """The claim with another fee from a month on, and the last day of the care as it is stated with it."""
    if stated.care is None:
        return claim
    begins, fee = stated.care
    return replace(claim, care={**claim.care, begins: fee}, care_last=stated.care_last)


def _beyond(claim: Claim) -> Refusal | None:
    """V7, V10: whether the period has days without care, or a month without an advance."""
    if claim.care_last is not None and (claim.last is None or claim.care_last < claim.last):
        return v10_care.OUTSIDE
    return v07_advance_months.OUTSIDE if _without_advance(claim) else None


def _shortens(claim: Claim, last: date) -> bool:
    return claim.last is None or last < claim.last


def _takes_more(claim: Claim, stated: Stated) -> bool:
    """Whether a month comes to state more than the client was heard about."""
    if any(amount > claim.advances.get(month, NOTHING) for month, amount in stated.advances.items()):
        return True
    if stated.care is None:
        return False
    begins, fee = stated.care
    held = max((month for month in claim.care if month <= begins), default=None)
    return held is None or fee.fee - fee.others > claim.care[held].fee - claim.care[held].others


def unlawful(
    claim: Claim, command: ClaimCommand, access: Facts, policy: Policy, shares: ProtectedShares
) -> Refusal | None:
    """What the rules of a registration refuse in a changed claim (V8, V9, V10, V11, V14).

    Args:
        claim: As it would stand after the change.
        command: What states the change; its advances and care are judged as typed.
        access: The facts of the gate.
        policy: What may be claimed.
        shares: The table of the protected share.
    """
    if command.advances and (refused := v08_advances.check(command.advances)) is not None:
        return refused
    sent = RegisterClaim(
        idempotency_key=f"change-{claim.number}",
        identity_code="",
        benefit=claim.benefit,
        ground=claim.ground.value,
        first=claim.first,
        last=claim.last,
        amount="all",
        handler_name="",
        handler_phone="",
        account=claim.account,
        reference=claim.reference,
        assistance=_ASSISTANCE.get(claim.assistance or ""),
        decided=claim.origin,
        care=command.care,
    )
    facts = ClaimFacts(sent, helsinki_date(claim.arrived), access, policy, shares)
    if command.last is not None and (refused := v09_assistance.refuse(facts) or v14_origin.refuse(facts)) is not None:
        return refused
    care = command.care
    if care is None or care.first is None:
        return None
    if care.last is not None and care.last < care.first:
        return v10_care.PERIOD
    return v11_fee.check(facts, care, Month.of(care.first))


def _without_advance(claim: Claim) -> bool:
    """V7: whether a month of the period has no advance stated."""
    if claim.ground is not Ground.TOTUL_23 or claim.last is None:
        return False
    within = [month for month in claim.advances if claim.first <= month.last and month.first <= claim.last]
    months = (claim.last.year - claim.first.year) * 12 + claim.last.month - claim.first.month + 1
    return months > len(within)


def _rests_on(claim: Claim, stated: Stated, at: Situation) -> Refusal | None:
    """Months lie within the period, and none comes to state less than was paid for it."""
    paid: dict[Month, Decimal] = {}
    for one in at.paid:
        paid[one.month] = paid.get(one.month, NOTHING) + one.amount
    months = [*stated.advances, *([stated.care[0]] if stated.care else [])]
    if any(claim.last is not None and month.first > claim.last for month in months):
        return refusals.OUTSIDE
    if any(month.last < claim.first for month in months):
        return refusals.OUTSIDE
    lowered = any(amount < paid.get(month, NOTHING) for month, amount in stated.advances.items())
    return refusals.PAID if lowered or (stated.care is not None and _below_paid(claim, *stated.care, paid)) else None


def _below_paid(claim: Claim, begins: Month, care: CareFee, paid: Mapping[Month, Decimal]) -> bool:
    """Whether a fee that holds from a month on is below what was paid for one of its months."""
    until = min((month for month in claim.care if month > begins), default=None)
    held = (amount for month, amount in paid.items() if month >= begins and (until is None or month < until))
    return any(care.fee - care.others < amount for amount in held)
