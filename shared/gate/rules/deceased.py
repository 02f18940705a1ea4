"""The client has not been dead for more than a year: after that no social welfare case needs the data (assumed)."""

from datetime import date
from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import needs_client
from shared.gate.refusals import refusal, unknown

NAME: Final = "deceased"
LAW: Final = "L 812/2000 20 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Henkilö on kuollut yli vuosi sitten, eikä hänen tietojaan enää näytetä.",
        sv="Personen har avlidit för mer än ett år sedan och uppgifterna visas inte längre.",
        en="The person died more than a year ago and the data is no longer shown.",
    ),
    Text(
        fi="Jos tarvitset tietoja pesän asiassa, pyydä ne Kelasta kirjallisesti.",
        sv="Om du behöver uppgifter i ett ärende som gäller dödsboet, begär dem skriftligt av FPA.",
        en="If you need the data in a case of the estate, ask Kela for it in writing.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse from the day after the anniversary of death; a death of the future or before birth is not believed."""
    client, day = facts.client, facts.day
    if client is None:
        return UNKNOWN if needs_client(facts) else None
    if client.died is None:
        return None
    if day is None or not client.born <= client.died <= day:
        return UNKNOWN
    return REFUSAL if day > anniversary(client.died) else None


def anniversary(died: date) -> date:
    """The same day a year later; of the 29th of February the month's last (L 150/1930 3 §)."""
    last = died.day if (died.month, died.day) != (2, 29) else 28
    return date(died.year + 1, died.month, last)
