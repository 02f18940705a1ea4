"""V7: the period does not end before it begins."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal

REFUSAL: Final = refusal(
    "V7",
    "claim.period.reversed",
    "L 1412/1997 23 §, L 734/1992 14 §",
    reason=(
        "Vaatimuksen viimeinen päivä on ennen ensimmäistä.",
        "Kravets sista dag infaller före den första.",
        "The last day of the claim is before the first.",
    ),
    advice=("Vaihda päivät.", "Byt plats på dagarna.", "Swap the days."),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a reversed period."""
    first, last = facts.claim.first, facts.claim.last
    return REFUSAL if first is not None and last is not None and last < first else None
