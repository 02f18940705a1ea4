"""V3: the payment reference (viitenumero or RF) is whole, so that the municipality finds the payment."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.reference import parse
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.finnish.errors import FormatError

REFUSAL: Final = refusal(
    "V3",
    "claim.reference",
    "L 434/2003 16 §",
    reason=(
        "Viitenumero puuttuu tai sen tarkiste on väärä.",
        "Referensnumret saknas eller har fel kontrollsiffra.",
        "The payment reference is missing or its check digit is wrong.",
    ),
    advice=(
        "Tarkista viitenumero kunnan kirjanpidosta.",
        "Kontrollera referensnumret i kommunens bokföring.",
        "Check the reference in the municipality's accounts.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a reference that does not check."""
    try:
        parse(facts.claim.reference)
    except FormatError:
        return REFUSAL
    return None
