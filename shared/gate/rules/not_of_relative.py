"""Nobody looks up a near one (läheinen): the worker is disqualified (esteellinen), beyond the household too."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import needs_client
from shared.gate.kinship import SELF
from shared.gate.refusals import refusal, unknown

NAME: Final = "not_of_relative"
LAW: Final = "L 434/2003 28 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Olet esteellinen: asiakas on läheisesi.",
        sv="Du är jävig: klienten är närstående till dig.",
        en="You are disqualified: the client is close to you.",
    ),
    Text(
        fi="Anna asia toisen työntekijän hoidettavaksi ja kerro siitä esihenkilöllesi.",
        sv="Lämna ärendet till en annan anställd och meddela din chef.",
        en="Hand the case to another worker and tell your manager.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse any kinship; being the client oneself is the rule before this one."""
    if facts.client is None:
        return UNKNOWN if needs_client(facts) else None
    return None if facts.client.kinship in {None, SELF} else REFUSAL
