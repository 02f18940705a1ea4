"""V3: the period (ajanjakso) has a first day, and a believable one."""

from datetime import date
from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal

EARLIEST: Final = date(1993, 1, 1)
"""L 734/1992 came into force; no claim can rest on an earlier day."""
YEARS_AHEAD: Final = 5
"""Assumed: a first day further ahead is a slip of the pen."""

MISSING: Final = refusal(
    "V3",
    "claim.period.missing",
    "L 1412/1997 23 §, L 734/1992 14 §",
    reason=(
        "Vaatimuksen alkupäivä puuttuu.",
        "Kravets första dag saknas.",
        "The first day of the claim is missing.",
    ),
    advice=(
        "Anna päivä, josta alkaen etuutta vaaditaan.",
        "Ange den dag från vilken förmånen krävs.",
        "Give the day from which the benefit is claimed.",
    ),
)
IMPLAUSIBLE: Final = refusal(
    "V3",
    "claim.period.implausible",
    "L 1412/1997 23 §, L 734/1992 14 §",
    reason=(
        "Vaatimuksen alkupäivä on liian kaukana.",
        "Kravets första dag ligger för långt bort.",
        "The first day of the claim is too far away.",
    ),
    advice=("Tarkista vuosi.", "Kontrollera året.", "Check the year."),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a period without a first day, or with one before the law or years ahead."""
    first = facts.claim.first
    if first is None:
        return MISSING
    if first < EARLIEST or first.year > facts.arrived.year + YEARS_AHEAD:
        return IMPLAUSIBLE
    return None
