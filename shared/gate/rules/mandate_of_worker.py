"""Last link of the mandate chain: the organisation has mandated this worker for this municipality today.

A municipality's own system holds no mandate: its agreement names it and says what it may do. Kela's officers hold
mandates of Kela (`shared.gate.mandates`).
"""

from typing import Final

from shared.contracts.base import Channel, Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import about_oneself, without_member
from shared.gate.mandates import mandates_in_force, system_named
from shared.gate.refusals import refusal, unknown

NAME: Final = "mandate_of_worker"
LAW: Final = "L 812/2000 20 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Sinulla ei ole voimassa olevaa valtuutta toimia tämän kunnan puolesta.",
        sv="Du har ingen gällande fullmakt att handla för denna kommun.",
        en="You have no valid mandate to act on behalf of this municipality.",
    ),
    Text(
        fi="Valitse kunta, johon sinulla on valtuus, tai pyydä valtuus organisaatiosi pääkäyttäjältä.",
        sv="Välj en kommun som du har fullmakt för, eller be din organisations huvudanvändare om fullmakt.",
        en="Choose a municipality that you have a mandate for, or ask your organisation's main user for one.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a worker without a mandate of the organisation for the member on the day; about oneself none is needed."""
    if about_oneself(facts):
        return None
    if facts.organisation is None or facts.day is None or (facts.member is None and not without_member(facts)):
        return UNKNOWN
    if facts.channel is Channel.INTERFACE:
        return None if system_named(facts) else REFUSAL
    if facts.mandates is None:
        return UNKNOWN
    return None if mandates_in_force(facts) else REFUSAL
