"""The chosen purpose fits what is wanted: lists, notices and look-ups each have their own purposes."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import row_of
from shared.gate.refusals import refusal, unknown

NAME: Final = "purpose_fits_function"
LAW: Final = "L 523/1999 7 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Valittu käyttötarkoitus ei sovi tähän toimintoon.",
        sv="Det valda användningsändamålet passar inte för denna funktion.",
        en="The chosen purpose does not fit this function.",
    ),
    Text(
        fi="Valitse toimintoon kuuluva käyttötarkoitus, tai avaa toiminto, johon tarvitset tietoja.",
        sv="Välj ett ändamål som hör till funktionen, eller öppna den funktion som du behöver uppgifter för.",
        en="Choose a purpose that belongs to the function, or open the function that you need the data for.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a purpose that stands in another function's row; functions that show no data of the register need none."""
    row = row_of(facts.function)
    if row is None:
        return UNKNOWN
    if not row.purposes:
        return None
    if facts.purpose is None:
        return UNKNOWN
    return None if facts.purpose in row.purposes else REFUSAL
