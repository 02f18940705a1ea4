"""One of the worker's roles may use the chosen purpose (the table in `shared.gate.tables`)."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import row_of
from shared.gate.mandates import roles_known
from shared.gate.refusals import refusal, unknown
from shared.gate.tables import groups_of_roles

NAME: Final = "purpose_of_role"
LAW: Final = "L 254/2015 23 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Roolisi ei oikeuta hakemaan tietoja tähän käyttötarkoitukseen.",
        sv="Din roll ger inte rätt att söka uppgifter för detta ändamål.",
        en="Your role does not allow searching for this purpose.",
    ),
    Text(
        fi="Valitse tehtäväsi mukainen käyttötarkoitus, tai pyydä rooli organisaatiosi pääkäyttäjältä.",
        sv="Välj ett ändamål som hör till din uppgift, eller be din organisations huvudanvändare om rollen.",
        en="Choose a purpose that belongs to your task, or ask your organisation's main user for the role.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a purpose that stands in no row for any of the worker's roles in force."""
    row = row_of(facts.function)
    if row is None:
        return UNKNOWN
    if not row.purposes:
        return None
    if facts.purpose is None or not roles_known(facts):
        return UNKNOWN
    return None if groups_of_roles(facts) else REFUSAL
