"""A list is open only from its first day: each one was switched on by its own date (golden, lists by date)."""

from datetime import date
from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts, Function
from shared.gate.refusals import finnish_date, refusal, unknown

NAME: Final = "list_date"
LAW: Final = "L 621/1999 29.3 §"
"""Lists do not rest on L 812/2000 21 §; which section opens each one is not public, the general one is assumed."""
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a list before its first day; a list whose first day is not known is never open."""
    if facts.function is None or facts.day is None:
        return UNKNOWN
    if facts.list_from is None:
        return UNKNOWN if facts.function is Function.VIEW_LIST else None
    return not_open(facts.list_from) if facts.list_from > facts.day else None


def not_open(first: date) -> Refusal:
    """The refusal before the list's first day."""
    day = finnish_date(first)
    return refusal(
        NAME,
        LAW,
        Text(
            fi=f"Luettelo on käytössä vasta {day} alkaen.",
            sv=f"Förteckningen är i bruk först från och med {day}.",
            en=f"The list is not in use before {day}.",
        ),
        Text(
            fi="Odota luettelon käyttöönottoa; yksittäisen asiakkaan tiedot voit hakea, jos roolisi sen sallii.",
            sv="Vänta tills förteckningen tas i bruk; en enskild klient kan du söka om din roll tillåter det.",
            en="Wait until the list opens; you can look up a single client if your role allows it.",
        ),
    )
