"""A purpose (käyttötarkoitus) is chosen for each search; none is ever assumed."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import row_of
from shared.gate.refusals import refusal, unknown

NAME: Final = "purpose_chosen"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Haulle ei ole valittu käyttötarkoitusta.",
        sv="Inget användningsändamål har valts för sökningen.",
        en="No purpose has been chosen for the search.",
    ),
    Text(
        fi="Valitse käyttötarkoitus ja tee haku uudestaan.",
        sv="Välj ett användningsändamål och gör sökningen igen.",
        en="Choose a purpose and search again.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a search without a purpose; functions that show no data of the register need none."""
    row = row_of(facts.function)
    if row is None:
        return UNKNOWN
    return REFUSAL if row.purposes and facts.purpose is None else None
