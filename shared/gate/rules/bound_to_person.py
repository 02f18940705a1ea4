"""The identity is bound to a person: a sub-ID (alitunniste) has no identity code and may see nothing."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.refusals import refusal

NAME: Final = "bound_to_person"
LAW: Final = "L 523/1999 32 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Alitunnisteella ei voi käyttää palvelua, koska sitä ei ole sidottu henkilöön.",
        sv="Tjänsten kan inte användas med en underidentifikation: den är inte bunden till en person.",
        en="The service cannot be used with a sub-ID because it is not bound to a person.",
    ),
    Text(
        fi="Kirjaudu henkilökohtaisella, henkilötunnukseen sidotulla tunnisteella.",
        sv="Logga in med en personlig identifikation som är bunden till din personbeteckning.",
        en="Sign in with a personal identification that is bound to your identity code.",
    ),
)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse an identification behind which no person stands."""
    return None if facts.bound_to_person else REFUSAL
