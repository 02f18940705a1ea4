"""First link of the mandate chain: the municipality has handed its social welfare to the organisation on the day.

A municipality that does its own social work is a member of its own agreement; one served by a joint authority
(kuntayhtymä) or by a host municipality (vastuukunta) is a member of that one's agreement, and must besides have
delegated it (valtuutus).
"""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import without_member
from shared.gate.refusals import refusal, unknown

NAME: Final = "mandate_of_municipality"
LAW: Final = "L 812/2000 20 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiosi ei hoida tämän kunnan sosiaalihuoltoa tänään.",
        sv="Din organisation sköter inte denna kommuns socialvård i dag.",
        en="Your organisation does not bear this municipality's social welfare today.",
    ),
    Text(
        fi="Valitse kunta, jonka puolesta organisaatiosi toimii.",
        sv="Välj en kommun som din organisation handlar för.",
        en="Choose a municipality for which your organisation acts.",
    ),
)
DELEGATION: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Kunta ei ole valtuuttanut organisaatiotasi toimimaan puolestaan tänään.",
        sv="Kommunen har inte gett din organisation fullmakt att handla för sin del i dag.",
        en="The municipality has not authorised your organisation to act in its name today.",
    ),
    Text(
        fi="Pyydä kunnan pääkäyttäjää antamaan valtuutus organisaatiollesi, tai valitse toinen kunta.",
        sv="Be kommunens huvudanvändare ge din organisation fullmakt, eller välj en annan kommun.",
        en="Ask the municipality's main user to authorise your organisation, or choose another municipality.",
    ),
    variant="delegation",
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a municipality that is no member on the day, or has not delegated an organisation other than itself."""
    if without_member(facts):
        return None
    organisation, agreement, member, day = facts.organisation, facts.agreement, facts.member, facts.day
    if organisation is None or agreement is None or member is None or day is None:
        return UNKNOWN
    if not any(row.municipality == member.code and row.validity.covers(day) for row in agreement.members):
        return REFUSAL
    if organisation.municipality == member.code:
        return None
    delegated = any(
        one.principal == member.code and one.agent == organisation.business_id and one.validity.covers(day)
        for one in facts.delegations
    )
    return None if delegated else DELEGATION
