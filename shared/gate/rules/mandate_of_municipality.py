"""First link of the mandate chain: the municipality's social welfare is borne by the organisation on the day.

A municipality that does its own social work is a member of its own agreement; one served by a joint authority
(kuntayhtymä) is a member of that one's agreement for as long as it has mandated it.
"""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
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
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a municipality that is no member of the agreement on the day."""
    agreement, member, day = facts.agreement, facts.member, facts.day
    if agreement is None or member is None or day is None:
        return UNKNOWN
    borne = any(row.municipality == member.code and row.validity.covers(day) for row in agreement.members)
    return None if borne else REFUSAL
