"""Last link of the mandate chain: the organisation has mandated this worker for this municipality today."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts, mandates_for_member
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
    """Refuse a worker without a mandate of the organisation for the member, valid on the day."""
    if facts.mandates is None or facts.organisation is None or facts.member is None or facts.day is None:
        return UNKNOWN
    return None if mandates_for_member(facts) else REFUSAL
