"""The agreement covers payment claims (maksuvaatimukset), when a claim is what is wanted."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import row_of
from shared.gate.refusals import refusal, unknown

NAME: Final = "claims_covered"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiosi sopimus ei kata maksuvaatimusten rekisteröintiä.",
        sv="Din organisations avtal omfattar inte registrering av betalningskrav.",
        en="Your organisation's agreement does not cover the registration of payment claims.",
    ),
    Text(
        fi="Tee maksuvaatimus kirjallisesti, tai pyydä sopimuksen yhteyshenkilöä laajentamaan sopimusta.",
        sv="Gör betalningskravet skriftligen, eller be avtalets kontaktperson utvidga avtalet.",
        en="Make the claim in writing, or ask the agreement's contact person to extend it.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse claim functions under an agreement without claims; other functions pass."""
    row = row_of(facts.function)
    if row is not None and not row.member:
        return None
    if row is None or facts.agreement is None:
        return UNKNOWN
    return REFUSAL if row.claims and not facts.agreement.covers_claims else None
