"""At least one data group (tietoryhmä) is open to both the role and the agreement."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import row_of
from shared.gate.mandates import roles_known
from shared.gate.refusals import refusal, unknown
from shared.gate.tables import visible_groups

NAME: Final = "data_group_covered"
LAW: Final = "L 812/2000 20 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Organisaatiosi sopimus ei kata mitään niistä tiedoista, joita roolisi saa nähdä.",
        sv="Din organisations avtal omfattar inga av de uppgifter som din roll får se.",
        en="Your organisation's agreement covers none of the data that your role may see.",
    ),
    Text(
        fi="Pyydä organisaatiosi sopimuksen yhteyshenkilöä tarkistamaan sopimuksen tietoryhmät Kelan kanssa.",
        sv="Be kontaktpersonen för din organisations avtal gå igenom avtalets datagrupper med FPA.",
        en="Ask the contact person of your organisation's agreement to review its data groups with Kela.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a search whose roles and agreement have no data group in common."""
    row = row_of(facts.function)
    if row is None:
        return UNKNOWN
    if not row.purposes:
        return None
    if facts.agreement is None or facts.purpose is None or not roles_known(facts):
        return UNKNOWN
    return None if visible_groups(facts) else REFUSAL
