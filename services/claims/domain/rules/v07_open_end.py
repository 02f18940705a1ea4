"""V7, golden R5: a ToTuL 23 claim has a last day; care under AML 14 may be open-ended."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground

REFUSAL: Final = refusal(
    "V7",
    "claim.period.open",
    "L 1412/1997 23 §",
    reason=(
        "Ennakkona annetun toimeentulotuen vaatimuksella on oltava viimeinen päivä.",
        "Ett krav som gäller utkomststöd som förskott ska ha en sista dag.",
        "A claim for social assistance given as an advance must have a last day.",
    ),
    advice=(
        "Anna viimeinen päivä, jolta toimeentulotuki on annettu ennakkona.",
        "Ange den sista dag för vilken utkomststöd har getts som förskott.",
        "Give the last day for which the assistance was given as an advance.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse an open end on ToTuL 23."""
    return REFUSAL if facts.ground is Ground.TOTUL_23 and facts.claim.last is None else None
