"""The identity is bound to a person: a sub-ID (alitunniste) has no identity code and may see nothing."""

from typing import Final

from shared.contracts.base import Channel, Refusal, Text
from shared.gate.facts import Facts
from shared.gate.mandates import system_named
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
SYSTEM: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Järjestelmää, joka kutsuu rajapintaa, ei ole nimetty organisaatiosi sopimuksessa tälle päivälle.",
        sv="Systemet som anropar gränssnittet nämns inte i din organisations avtal för denna dag.",
        en="The system that calls the interface is not named by your organisation's agreement for this day.",
    ),
    Text(
        fi="Pyydä sopimuksen teknistä yhteyshenkilöä lisäämään järjestelmä sopimukseen Kelan kanssa.",
        sv="Be avtalets tekniska kontaktperson lägga till systemet i avtalet med FPA.",
        en="Ask the agreement's technical contact person to add the system to the agreement with Kela.",
    ),
    variant="system",
)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse an identification behind which no person stands, and a system that no agreement names.

    Over the interface the municipality's system answers for its users: its agreement binds it.
    """
    if facts.channel is Channel.INTERFACE:
        return None if system_named(facts) else SYSTEM
    return None if facts.bound_to_person else REFUSAL
