"""An emergency override (sosiaalipäivystys), where one is stated, is explained, of an emergency worker, and in time.

It opens the client relation and nothing else; `shared.gate.emergency` says what makes it valid.
"""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate import emergency
from shared.gate.facts import Facts
from shared.gate.mandates import roles_known
from shared.gate.refusals import refusal, unknown

NAME: Final = "emergency_override"
LAW: Final = "L 1301/2014 29 §"
NOT_EXPLAINED: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Päivystyshaun perustelu puuttuu tai on liian lyhyt.",
        sv="Motiveringen till joursökningen saknas eller är för kort.",
        en="The reason for the emergency search is missing or too short.",
    ),
    Text(
        fi="Kirjoita vähintään yhdellä lauseella, miksi tiedot tarvitaan heti. Lokivalvoja lukee perustelun.",
        sv="Skriv med minst en mening varför uppgifterna behövs genast. Loggövervakaren läser motiveringen.",
        en="Write in at least one sentence why the data is needed at once. The log supervisor reads the reason.",
    ),
    variant="reason",
)
NOT_ENTITLED: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Päivystyshaun tekee vain sosiaalipäivystäjä itse selaimella, henkilöhaussa tietojen tarkistamiseksi.",
        sv="Joursökning görs endast av den som har socialjour, själv i webbläsaren, för kontroll av uppgifter.",
        en="Only an emergency worker makes an emergency search: in person, in a browser look-up, to check data.",
    ),
    Text(
        fi="Hae ilman päivystysperustetta, tai pyydä päivystäjää tekemään haku.",
        sv="Sök utan jourgrund, eller be den som har jour att göra sökningen.",
        en="Search without the emergency, or ask the emergency worker to search.",
    ),
    variant="role",
)
NOT_IN_TIME: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Päivystysperusteen aika on päättynyt tai se ei ole vielä alkanut.",
        sv="Jourgrundens tid har gått ut eller har ännu inte börjat.",
        en="The time of the emergency has run out or has not begun yet.",
    ),
    Text(
        fi="Kirjaa uusi päivystysperuste, jos hätätilanne jatkuu; muuten kirjaa asiakkaan asian viite.",
        sv="Anteckna en ny jourgrund om nödläget fortsätter; annars ange referensen till klientens ärende.",
        en="State a new emergency if the danger goes on; otherwise give the reference of the client's case.",
    ),
    variant="time",
)
UNKNOWN: Final = unknown(NAME, LAW)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse an override that does not hold; a request without one passes."""
    if facts.function is None:
        return UNKNOWN
    if facts.emergency is None:
        return None
    if facts.time is None or not roles_known(facts):
        return UNKNOWN
    if not emergency.explained(facts):
        return NOT_EXPLAINED
    if not emergency.entitled(facts):
        return NOT_ENTITLED
    return None if emergency.in_time(facts) else NOT_IN_TIME
