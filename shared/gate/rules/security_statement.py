"""The security statement (tietosuojaselvitys) is accepted: the connection opens only after it."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import without_member
from shared.gate.refusals import refusal, unknown

NAME: Final = "security_statement"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiosi tietosuojaselvitystä ei ole hyväksytty.",
        sv="Din organisations dataskyddsutredning har inte godkänts.",
        en="Your organisation's data protection statement has not been accepted.",
    ),
    Text(
        fi="Pyydä organisaatiosi sopimuksen yhteyshenkilöä toimittamaan selvitys Kelaan.",
        sv="Be kontaktpersonen för din organisations avtal lämna utredningen till FPA.",
        en="Ask the contact person of your organisation's agreement to send the statement to Kela.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse until the statement is accepted."""
    if without_member(facts):
        return None
    if facts.agreement is None:
        return UNKNOWN
    return None if facts.agreement.security_statement else REFUSAL
