"""V3: the benefit is one that Kela has on the day of arrival."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.finnish.benefits import benefits

REFUSAL: Final = refusal(
    "V3",
    "claim.benefit",
    "L 434/2003 16 §",
    reason=(
        "Etuus puuttuu, tai Kelalla ei ole sellaista etuutta.",
        "Förmånen saknas, eller FPA har ingen sådan förmån.",
        "The benefit is missing, or Kela has no such benefit.",
    ),
    advice=(
        "Valitse etuus luettelosta.",
        "Välj förmånen i förteckningen.",
        "Choose the benefit from the list.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a benefit that is unknown, or that does not exist on the day of arrival."""
    known = benefits().get(facts.claim.benefit)
    return None if known is not None and known.exists_on(facts.arrived) else REFUSAL
