"""The agreement has not been terminated (irtisanottu)."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import without_member
from shared.gate.refusals import refusal, unknown

NAME: Final = "agreement_not_terminated"
LAW: Final = "L 812/2000 21 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiosi sopimus on irtisanottu.",
        sv="Din organisations avtal har sagts upp.",
        en="Your organisation's agreement has been terminated.",
    ),
    Text(
        fi="Palvelun käyttö edellyttää uutta sopimusta: pyydä esihenkilöäsi olemaan yhteydessä Kelaan.",
        sv="Tjänsten kräver ett nytt avtal: be din chef kontakta FPA.",
        en="Use needs a new agreement: ask your manager to contact Kela.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse under a terminated agreement, and under any status other than open and suspended."""
    if without_member(facts):
        return None
    if facts.agreement is None:
        return UNKNOWN
    return None if facts.agreement.status in {"open", "suspended"} else REFUSAL
