"""The agreement covers the chosen purpose."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import row_of
from shared.gate.refusals import refusal, unknown

NAME: Final = "purpose_covered"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiosi sopimus ei kata valittua käyttötarkoitusta.",
        sv="Din organisations avtal omfattar inte det valda användningsändamålet.",
        en="Your organisation's agreement does not cover the chosen purpose.",
    ),
    Text(
        fi="Valitse sopimuksen mukainen käyttötarkoitus, jos se vastaa sitä, mihin tarvitset tietoja.",
        sv="Välj ett ändamål som avtalet omfattar, om det svarar mot det som du behöver uppgifterna till.",
        en="Choose a purpose that the agreement covers, if it is what you need the data for.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a purpose outside the agreement; functions that show no data of the register need none."""
    row = row_of(facts.function)
    if row is None:
        return UNKNOWN
    if not row.purposes:
        return None
    if facts.agreement is None or facts.purpose is None:
        return UNKNOWN
    return None if facts.purpose in facts.agreement.purposes else REFUSAL
