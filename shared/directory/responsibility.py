"""Who pays basic social assistance (perustoimeentulotuki) in a municipality on a day: Kela, or the municipality."""

from datetime import date
from typing import Final

from shared.finnish.municipalities import municipalities

FIRST_DAY_AT_KELA: Final = date(2017, 1, 1)
"""Basic social assistance moved to Kela (L 1412/1997 as changed by L 815/2015)."""


def keeps_social_assistance(municipality: str, day: date) -> bool:
    """Whether the municipality itself decides all social assistance on the day.

    Every municipality did until the end of 2016; the 16 of Åland still do (golden.md, facts to add). An unknown
    municipality keeps nothing.
    """
    known = municipalities().get(municipality)
    if known is None or not known.exists_on(day):
        return False
    return day < FIRST_DAY_AT_KELA or known.is_in_aland


def basic_assistance_at_kela(municipality: str, day: date) -> bool:
    """Whether Kela decides basic social assistance there on the day.

    Only then does Kela send notices of basic assistance to the municipality, and only then has it "moved to Kela".
    """
    known = municipalities().get(municipality)
    return known is not None and known.exists_on(day) and not keeps_social_assistance(municipality, day)
