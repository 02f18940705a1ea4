"""There is a client relation (asiakassuhde) between the client and the municipality (`shared.gate.relation`).

It is asked of somebody whom the register does not know as of anybody else, so that trying codes teaches nothing. A
protected client's home (turvakielto) makes no relation for whoever may not see it: no outcome tells where they live.
"""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.functions import needs_client
from shared.gate.refusals import refusal, unknown
from shared.gate.relation import relation_of

NAME: Final = "client_relation"
LAW: Final = "L 812/2000 20 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Kela ei tiedä henkilön asiakassuhteesta kuntaan.",
        sv="FPA känner inte till att personen är klient hos kommunen.",
        en="Kela knows of no client relation between the person and the municipality.",
    ),
    Text(
        fi="Tarkista henkilötunnus. Jos henkilö on asiakkaasi, ilmoita asiakassuhde ja asian viite, ja hae uudelleen.",
        sv="Kontrollera personbeteckningen. Om personen är din klient, ange klientrelationen och ärendets referens.",
        en="Check the identity code. If the person is your client, state the relation and the case reference.",
    ),
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a client whom nothing relates to the municipality."""
    if facts.client is None:
        return UNKNOWN if needs_client(facts) else None
    return REFUSAL if relation_of(facts) is None else None
