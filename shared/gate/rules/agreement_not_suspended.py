"""The agreement is not suspended (keskeytetty)."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import without_member
from shared.gate.refusals import refusal, unknown

NAME: Final = "agreement_not_suspended"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Kela on keskeyttänyt organisaatiosi sopimuksen mukaisen käytön.",
        sv="FPA har avbrutit användningen enligt din organisations avtal.",
        en="Kela has suspended the use under your organisation's agreement.",
    ),
    Text(
        fi="Pyydä organisaatiosi sopimuksen yhteyshenkilöä selvittämään keskeytys Kelan kanssa.",
        sv="Be kontaktpersonen för din organisations avtal reda ut avbrottet med FPA.",
        en="Ask the contact person of your organisation's agreement to settle the suspension with Kela.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse while the agreement is suspended, by its status or on days set beforehand."""
    if without_member(facts):
        return None
    agreement, day = facts.agreement, facts.day
    if agreement is None or day is None:
        return UNKNOWN
    suspended = agreement.status == "suspended" or any(days.covers(day) for days in agreement.suspensions)
    return REFUSAL if suspended else None
