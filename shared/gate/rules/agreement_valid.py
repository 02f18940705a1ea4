"""The agreement is in force on the business day."""

from datetime import date
from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import without_member
from shared.gate.refusals import finnish_date, refusal, unknown

NAME: Final = "agreement_valid"
LAW: Final = "L 812/2000 21 §"
_ADVICE: Final = Text(
    fi="Pyydä organisaatiosi sopimuksen yhteyshenkilöä olemaan yhteydessä Kelaan.",
    sv="Be kontaktpersonen för din organisations avtal kontakta FPA.",
    en="Ask the contact person of your organisation's agreement to contact Kela.",
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse before the agreement's first day and after its last."""
    if without_member(facts):
        return None
    if facts.agreement is None or facts.day is None:
        return UNKNOWN
    validity = facts.agreement.validity
    if facts.day < validity.first:
        return not_begun(validity.first)
    if validity.last is not None and facts.day > validity.last:
        return ended(validity.last)
    return None


def not_begun(first: date) -> Refusal:
    """The refusal before the first day."""
    day = finnish_date(first)
    return refusal(
        NAME,
        LAW,
        Text(
            fi=f"Organisaatiosi sopimus alkaa vasta {day}.",
            sv=f"Din organisations avtal börjar först {day}.",
            en=f"Your organisation's agreement does not begin until {day}.",
        ),
        _ADVICE,
        variant="not_begun",
    )


def ended(last: date) -> Refusal:
    """The refusal after the last day."""
    day = finnish_date(last)
    return refusal(
        NAME,
        LAW,
        Text(
            fi=f"Organisaatiosi sopimus on päättynyt {day}.",
            sv=f"Din organisations avtal upphörde {day}.",
            en=f"Your organisation's agreement ended on {day}.",
        ),
        _ADVICE,
        variant="ended",
    )
