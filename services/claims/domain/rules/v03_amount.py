"""V3: the amount is a positive sum of euros with at most two decimals, or all of the benefit."""

from typing import Final

from services.claims.domain.amount import parse
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.money import MoneyError

LAW: Final = "L 1412/1997 23 §, L 734/1992 14 §"
MISSING: Final = refusal(
    "V3",
    "claim.amount.missing",
    LAW,
    reason=("Vaadittava määrä puuttuu.", "Det krävda beloppet saknas.", "The amount claimed is missing."),
    advice=(
        "Anna määrä euroina, tai valitse koko etuus.",
        "Ange beloppet i euro, eller välj hela förmånen.",
        "Give the amount in euros, or choose the whole benefit.",
    ),
)
INVALID: Final = refusal(
    "V3",
    "claim.amount.invalid",
    LAW,
    reason=(
        "Määrä ei ole euromäärä, jossa on enintään kaksi desimaalia.",
        "Beloppet är inte ett eurobelopp med högst två decimaler.",
        "The amount is not a sum of euros with at most two decimals.",
    ),
    advice=("Kirjoita esimerkiksi 120,50.", "Skriv till exempel 120,50.", "Write for example 120.50."),
)
NOT_POSITIVE: Final = refusal(
    "V3",
    "claim.amount.not_positive",
    LAW,
    reason=(
        "Määrän on oltava suurempi kuin nolla.",
        "Beloppet ska vara större än noll.",
        "The amount must be greater than zero.",
    ),
    advice=(
        "Anna määrä, jonka kunta vaatii.",
        "Ange det belopp som kommunen kräver.",
        "Give the amount that the municipality claims.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a missing, malformed or non-positive amount."""
    typed = facts.claim.amount
    if typed is None or not typed.strip():
        return MISSING
    try:
        amount = parse(typed)
    except MoneyError:
        return INVALID
    return NOT_POSITIVE if amount is not None and amount <= 0 else None
