"""The organisation has an agreement (sopimus) with Kela."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.refusals import refusal

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


def refuse(facts: Facts) -> Refusal | None:
    """Refuse an organisation without any agreement."""
    return REFUSAL if facts.agreement is None else None
