"""V18: nobody claims in a matter of their own; who is an interested party is disqualified (esteellisyys)."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal

REFUSAL: Final = refusal(
    "V18",
    "claim.own_code",
    "L 434/2003 28 §",
    reason=(
        "Vaatimusta ei voi tehdä omalla henkilötunnuksella: olet asiassa esteellinen.",
        "Ett krav kan inte göras med din egen personbeteckning: du är jävig.",
        "A claim cannot be made on your own identity code: you are disqualified.",
    ),
    advice=(
        "Pyydä toista käsittelijää tekemään vaatimus.",
        "Be en annan handläggare göra kravet.",
        "Ask another handler to make the claim.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse the worker's own code, and one of which it is not known whose it is."""
    return None if facts.own is False else REFUSAL
