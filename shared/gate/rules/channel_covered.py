"""The agreement covers this way of use: the user interface, or a system's interface."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.refusals import refusal, unknown

NAME: Final = "channel_covered"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiosi sopimus ei kata tätä käyttötapaa.",
        sv="Din organisations avtal omfattar inte detta sätt att använda tjänsten.",
        en="Your organisation's agreement does not cover this way of use.",
    ),
    Text(
        fi="Käytä sopimuksen mukaista tapaa, tai pyydä sopimuksen yhteyshenkilöä laajentamaan sopimusta.",
        sv="Använd det sätt som avtalet anger, eller be avtalets kontaktperson utvidga avtalet.",
        en="Use the way that the agreement names, or ask its contact person to extend it.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a channel that the agreement does not name."""
    if facts.agreement is None or facts.channel is None:
        return UNKNOWN
    return None if facts.channel in facts.agreement.channels else REFUSAL
