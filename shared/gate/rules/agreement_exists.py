"""The organisation has an agreement (sopimus) with Kela."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import without_member
from shared.gate.refusals import refusal, unknown

NAME: Final = "agreement_exists"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiollasi ei ole Kelan kanssa sopimusta etuustietopalvelusta.",
        sv="Din organisation har inget avtal med FPA om förmånsdatasystemet.",
        en="Your organisation has no agreement with Kela on the benefit information service.",
    ),
    Text(
        fi="Pyydä esihenkilöäsi olemaan yhteydessä Kelaan sopimuksen tekemiseksi.",
        sv="Be din chef kontakta FPA för att ingå ett avtal.",
        en="Ask your manager to contact Kela to make an agreement.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse an organisation without any agreement, and by the agreement of another one."""
    if without_member(facts):
        return None
    if facts.agreement is None:
        return REFUSAL
    own = facts.organisation is not None and facts.agreement.party == facts.organisation.business_id
    return None if own else UNKNOWN
