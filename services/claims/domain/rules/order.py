"""All rules of a registration in their one order; the first refusal wins.

Who may claim at all comes first, then what the claim says of itself, then what is already known of the client:
nobody learns of another claim before the right to ask stands and the claim is complete.
"""

from collections.abc import Callable, Sequence
from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules import (
    v01_ground,
    v02_matrix,
    v03_account,
    v03_amount,
    v03_benefit,
    v03_handler,
    v03_identity_code,
    v03_period,
    v03_reference,
    v03_stray_identity_code,
    v04_deceased,
    v04_payee,
    v05_in_payment,
    v07_advance_months,
    v07_open_end,
    v07_reversed,
    v08_advances,
    v09_assistance,
    v10_care,
    v11_fee,
    v14_origin,
    v17_duplicate,
    v18_access,
    v18_own_code,
    v21_mediation,
)
from shared.contracts.base import Refusal

Rule = Callable[[ClaimFacts], Refusal | None]

STATED: Final[tuple[Rule, ...]] = (
    v18_access.refuse,
    v03_stray_identity_code.refuse,
    v03_identity_code.refuse,
    v18_own_code.refuse,
    v21_mediation.refuse,
    v01_ground.refuse,
    v03_benefit.refuse,
    v02_matrix.refuse,
    v03_period.refuse,
    v07_reversed.refuse,
    v07_open_end.refuse,
    v14_origin.refuse,
    v09_assistance.refuse,
    v08_advances.refuse,
    v07_advance_months.refuse,
    v10_care.refuse,
    v11_fee.refuse,
    v03_amount.refuse,
    v03_handler.refuse,
    v03_account.refuse,
    v03_reference.refuse,
)
"""Who may claim, and what the claim says of itself: decided before anything of the client is read."""

KNOWN: Final[tuple[Rule, ...]] = (
    v04_payee.refuse,
    v04_deceased.refuse,
    v05_in_payment.refuse,
    v17_duplicate.refuse,
)
"""What the register and earlier claims say of the client."""

ORDER: Final = (*STATED, *KNOWN)


def first_refusal(facts: ClaimFacts, rules: Sequence[Rule] = ORDER) -> Refusal | None:
    """Ask every rule in order: the first refusal, or None when the claim can be registered."""
    return next((refused for rule in rules if (refused := rule(facts)) is not None), None)
