"""V3: who handles the claim in the municipality, by name and phone number, so that Kela can ask."""

import re
from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal

LONGEST_NAME: Final = 200
_PHONE: Final = re.compile(r"\(?\+?[0-9](?:[ \-/()]{0,2}[0-9]){4,19}", re.ASCII)

NAME: Final = refusal(
    "V3",
    "claim.handler.name",
    "L 434/2003 16 §",
    reason=(
        "Käsittelijän nimi puuttuu tai siinä on vääriä merkkejä.",
        "Handläggarens namn saknas eller innehåller felaktiga tecken.",
        "The handler's name is missing or holds wrong characters.",
    ),
    advice=(
        "Anna sen henkilön nimi, joka vastaa vaatimuksesta kunnassa.",
        "Ange namnet på den som ansvarar för kravet i kommunen.",
        "Give the name of the person responsible for the claim in the municipality.",
    ),
)
PHONE: Final = refusal(
    "V3",
    "claim.handler.phone",
    "L 434/2003 16 §",
    reason=(
        "Käsittelijän puhelinnumero puuttuu tai on virheellinen.",
        "Handläggarens telefonnummer saknas eller är felaktigt.",
        "The handler's phone number is missing or not valid.",
    ),
    advice=(
        "Anna numero, josta käsittelijän tavoittaa.",
        "Ange ett nummer där handläggaren kan nås.",
        "Give a number at which the handler can be reached.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a claim without a readable name or a phone number of 5-20 digits."""
    name = facts.claim.handler_name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return NAME
    return None if _PHONE.fullmatch(facts.claim.handler_phone.strip()) else PHONE
