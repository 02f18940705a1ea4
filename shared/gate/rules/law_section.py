"""The agreement names the section of law on which the right rests; without it there is no right."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import without_member
from shared.gate.refusals import refusal, unknown

NAME: Final = "law_section"
LAW: Final = "L 621/1999 29.3 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Sopimukseen ei ole kirjattu lainkohtaa, johon tiedonsaantioikeus perustuu.",
        sv="I avtalet anges inte det lagrum som rätten att få uppgifter grundar sig på.",
        en="The agreement does not name the section of law on which the right to data rests.",
    ),
    Text(
        fi="Pyydä organisaatiosi sopimuksen yhteyshenkilöä täydentämään sopimus Kelan kanssa.",
        sv="Be kontaktpersonen för din organisations avtal komplettera avtalet med FPA.",
        en="Ask the contact person of your organisation's agreement to complete it with Kela.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse under an agreement without a law section."""
    if without_member(facts):
        return None
    if facts.agreement is None:
        return UNKNOWN
    return None if facts.agreement.law.strip() else REFUSAL
