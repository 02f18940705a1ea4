"""Nobody looks up themselves: own data is asked of Kela as a citizen, not as a worker."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import needs_client
from shared.gate.kinship import SELF
from shared.gate.refusals import refusal, unknown

NAME: Final = "not_own_code"
LAW: Final = "L 434/2003 28 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Haettu henkilötunnus on omasi. Omia tietoja ei voi hakea työtehtävässä.",
        sv="Personbeteckningen är din egen. Egna uppgifter kan inte sökas i arbetet.",
        en="The identity code is your own. Your own data cannot be looked up at work.",
    ),
    Text(
        fi="Katso omat tietosi Kelan asiointipalvelussa, ja anna asia toisen työntekijän hoidettavaksi.",
        sv="Se dina egna uppgifter i FPA:s e-tjänst, och lämna ärendet till en annan anställd.",
        en="See your own data in Kela's service for customers, and hand the case to another worker.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse when the worker is the client."""
    if facts.client is None:
        return UNKNOWN if needs_client(facts) else None
    return REFUSAL if facts.client.kinship == SELF else None
