"""One of the worker's roles for this member covers the function that is wanted."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import about_oneself, row_of
from shared.gate.mandates import roles_in_force, roles_known
from shared.gate.refusals import refusal, unknown

NAME: Final = "role_covers_function"
LAW: Final = "L 254/2015 23 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Roolisi ei oikeuta tähän toimintoon.",
        sv="Din roll ger inte rätt till denna funktion.",
        en="Your role does not cover this function.",
    ),
    Text(
        fi="Jos tarvitset toimintoa työssäsi, pyydä rooli organisaatiosi pääkäyttäjältä.",
        sv="Om du behöver funktionen i ditt arbete, be din organisations huvudanvändare om rollen.",
        en="If you need the function in your work, ask your organisation's main user for the role.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse when no role that is both stated and mandated covers the function; none is needed about oneself."""
    if about_oneself(facts):
        return None
    row = row_of(facts.function)
    if row is None or not roles_known(facts):
        return UNKNOWN
    return None if row.roles & roles_in_force(facts) else REFUSAL
