"""Kela's own claim by ToTuL 23 §, as it is registered at its desk: judged by the rules that judge a municipality's.

What a municipality alone states has no say: account, reference, handler and type of assistance. Of the rest the same
holds, and what the intake of `claims.kela` cannot share out is refused before it gets there.
"""

from typing import Final

from services.claims.domain import work_refusals
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules import (
    v02_matrix,
    v03_benefit,
    v03_identity_code,
    v03_period,
    v04_deceased,
    v04_payee,
    v05_in_payment,
    v07_advance_months,
    v07_open_end,
    v07_reversed,
    v08_advances,
    v14_origin,
    v18_own_code,
)
from services.claims.domain.rules.order import Rule, first_refusal
from services.claims.domain.sharing import period_fault
from shared.contracts.asking import RegisterClaim, RegisterKelaClaim
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground

STATED: Final[tuple[Rule, ...]] = (
    v03_identity_code.refuse,
    v18_own_code.refuse,
    v03_benefit.refuse,
    v02_matrix.refuse,
    v03_period.refuse,
    v07_reversed.refuse,
    v07_open_end.refuse,
    v14_origin.refuse,
    v08_advances.refuse,
    v07_advance_months.refuse,
)
"""What the claim says of itself."""
KNOWN: Final[tuple[Rule, ...]] = (
    v04_payee.refuse,
    v04_deceased.refuse,
    v05_in_payment.refuse,
)
"""What is known of the client."""


def as_claim(sent: RegisterKelaClaim) -> RegisterClaim:
    """The same as the rules read it."""
    return RegisterClaim(
        idempotency_key=sent.idempotency_key,
        identity_code=sent.identity_code,
        benefit=sent.benefit,
        ground=Ground.TOTUL_23.value,
        first=sent.first,
        last=sent.last,
        amount="all",
        handler_name="",
        handler_phone="",
        account="",
        reference="",
        decided=sent.decided,
        advances=sent.advances,
    )


def refuse_stated(facts: ClaimFacts) -> Refusal | None:
    """What the claim's own words refuse it by, before anything of the client is read."""
    refused, sent = first_refusal(facts, STATED), facts.claim
    if refused is not None or sent.first is None or sent.decided is None:
        return refused
    fault = period_fault(sent.benefit, sent.first, sent.last, sent.decided)
    return None if fault is None else v03_period.IMPLAUSIBLE


def refuse_known(facts: ClaimFacts) -> Refusal | None:
    """What is known of the client refuses it. Municipalities' claims are no obstacle: the order settles it (R3).

    Kela's own earlier ones are: the same months would be taken twice (V17).
    """
    first = facts.claim.first
    met = first is not None and any(
        one.benefit == facts.claim.benefit and one.overlaps(first, facts.claim.last) for one in facts.existing
    )
    return first_refusal(facts, KNOWN) or (work_refusals.KELA_DUPLICATE if met else None)
