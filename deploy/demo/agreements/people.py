"""Invented people: names, and artificial identity codes that never repeat.

Workers take individual numbers 980-999; a synthetic register that stays below 980 never meets them.
"""

from datetime import date, timedelta
from typing import Final

from shared.finnish.identity_code import IdentityCode

_SURNAMES: Final = (
    *("Aalto", "Ahonen", "Anttila", "Eskola", "Hakala", "Heino", "Hiltunen", "Holopainen", "Jokela", "Järvinen"),
    *("Kallio", "Karjalainen", "Kettunen", "Kinnunen", "Koivisto", "Laakso", "Lahtinen", "Lehto", "Leppänen"),
    *("Manninen", "Mattila", "Mustonen", "Niemi", "Nurmi", "Ojala", "Pesonen", "Rantanen", "Rinne", "Saarinen"),
    *("Salo", "Savolainen", "Sjöberg", "Tuominen", "Turunen", "Vainio", "Väisänen", "Westerlund"),
)
_GIVEN: Final = (
    *("Aino", "Antti", "Eeva", "Elina", "Erik", "Hannu", "Heikki", "Helena", "Ilkka", "Jaana", "Johanna", "Jukka"),
    *("Katja", "Kirsi", "Lauri", "Leena", "Maria", "Markku", "Minna", "Mika", "Päivi", "Riikka", "Sanna", "Tero"),
    *("Tuula", "Ulla", "Veikko"),
)
_FIRST_BIRTH: Final = date(1955, 1, 1)
_BIRTH_DAYS: Final = 15_000
_STEP: Final = 977
"""Coprime with the number of days, so that the first 15,000 people have birthdays of their own."""
_NUMBERS: Final = 20
_FIRST_NUMBER: Final = 980


def artificial_code(ordinal: int, seed: int) -> str:
    """Return the identity code of the n-th person of this seed."""
    days = (seed * 7919 + ordinal * _STEP) % _BIRTH_DAYS
    number = _FIRST_NUMBER + (seed + ordinal) % _NUMBERS
    return IdentityCode.artificial(_FIRST_BIRTH + timedelta(days=days), number).reveal()


def invented_name(ordinal: int) -> str:
    """Return a name, surname first; unlike each other for the first 999 people."""
    return f"{_SURNAMES[ordinal % len(_SURNAMES)]} {_GIVEN[ordinal % len(_GIVEN)]}"
