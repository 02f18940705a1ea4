"""V14, golden R3: a ToTuL 23 claim says when the assistance was decided: its origin, which orders claims of 2016."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules.v03_period import EARLIEST
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground

RULE: Final = "V14"
LAW: Final = "L 1412/1997 23 §, L 815/2015"
MISSING: Final = refusal(
    RULE,
    "claim.decided.missing",
    LAW,
    reason=(
        "Toimeentulotukipäätöksen päivä puuttuu.",
        "Datum för beslutet om utkomststöd saknas.",
        "The day of the assistance decision is missing.",
    ),
    advice=(
        "Anna päivä, jona ennakkona annetusta toimeentulotuesta päätettiin.",
        "Ange den dag då utkomststödet som förskott beslutades.",
        "Give the day on which the assistance in advance was decided.",
    ),
)
IMPLAUSIBLE: Final = refusal(
    RULE,
    "claim.decided.implausible",
    LAW,
    reason=(
        "Toimeentulotukipäätöksen päivä on tulevaisuudessa tai liian kaukana.",
        "Datum för beslutet om utkomststöd ligger i framtiden eller för långt bort.",
        "The day of the assistance decision is in the future or too far away.",
    ),
    advice=("Tarkista päivä.", "Kontrollera datumet.", "Check the day."),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a ToTuL 23 claim without a believable day of decision."""
    if facts.ground is not Ground.TOTUL_23:
        return None
    decided = facts.claim.decided
    if decided is None:
        return MISSING
    return None if EARLIEST <= decided <= facts.arrived else IMPLAUSIBLE
