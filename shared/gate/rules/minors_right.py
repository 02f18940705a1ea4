"""A minor's own right: what a minor forbade to be told to the guardian is not used to charge the guardian.

L 812/2000 11 § lets a minor who is mature enough forbid that data be given to the guardian. A fee decision goes to
the guardian, so that the purpose of determining a charge is refused then: an assumed reading.
"""

from datetime import date
from typing import Final

from shared.contracts.base import Purpose, Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import needs_client
from shared.gate.refusals import refusal, unknown

NAME: Final = "minors_right"
LAW: Final = "L 812/2000 11 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Alaikäinen on kieltänyt tietojensa antamisen huoltajalle, eikä niitä saa käyttää maksun määräämiseen.",
        sv="Den minderåriga har förbjudit att uppgifterna ges till vårdnadshavaren; de får inte användas för avgift.",
        en="The minor has forbidden giving the data to the guardian; it may not be used to determine a charge.",
    ),
    Text(
        fi="Hae huoltajan omat tiedot maksua varten, tai keskustele alaikäisen kanssa.",
        sv="Sök vårdnadshavarens egna uppgifter för avgiften, eller tala med den minderåriga.",
        en="Look up the guardian's own data for the charge, or talk with the minor.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)
_OF_AGE: Final = 18


def refuse(facts: Facts) -> Refusal | None:
    """Refuse determining a charge by the data of a minor who forbade it; a birth of the future is not believed."""
    client, day = facts.client, facts.day
    if client is None:
        return UNKNOWN if needs_client(facts) else None
    if day is None or client.born > day:
        return UNKNOWN
    forbidden = client.minor_forbids and age(client.born, day) < _OF_AGE
    return REFUSAL if forbidden and facts.purpose is Purpose.CHARGE else None


def age(born: date, day: date) -> int:
    """Full years on the day; who was born on the 29th of February is older from the 1st of March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
