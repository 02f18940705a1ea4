"""Why something with a notice, a list or a remark is not done, though the gate lets it pass: texts in fi, sv, en."""

from typing import Final

from shared.contracts.base import Refusal, Text

NOTICES_LAW: Final = "ToTuL (L 1412/1997) 10, 14, 14 a, 18 a, 18 b §"
REMARKS_LAW: Final = "L 159/2007 5, 11 §"
_REFRESH: Final = Text(
    fi="Päivitä ilmoituslista ja avaa ilmoitus uudelleen.",
    sv="Uppdatera listan och öppna meddelandet på nytt.",
    en="Refresh the list and open the notice again.",
)
_STATES: Final = {
    "open": Text(fi="avoin", sv="öppet", en="open"),
    "taken": Text(fi="otettu käsittelyyn", sv="taget till behandling", en="taken"),
    "done": Text(fi="käsitelty", sv="behandlat", en="done"),
}


def business(code: str, law: str, reason: Text, advice: Text) -> Refusal:
    """A refusal that is not the gate's: its code is its rule."""
    return Refusal(code=code, rule=code, law=law, reason=reason, advice=advice)


UNKNOWN: Final = business(
    "notice.unknown",
    NOTICES_LAW,
    Text(
        fi="Kunnallasi ei ole tällaista ilmoitusta.",
        sv="Din kommun har inget sådant meddelande.",
        en="Your municipality has no such notice.",
    ),
    Text(
        fi="Avaa ilmoitus oman kuntasi ilmoituslistalta. Se on voitu siirtää toiseen kuntaan tai mitätöidä.",
        sv="Öppna meddelandet från din egen kommuns lista. Det kan ha flyttats till en annan kommun eller annullerats.",
        en="Open the notice from your own municipality's list. It may have been moved away or withdrawn.",
    ),
)
CLIENT_UNKNOWN: Final = business(
    "notice.client_unknown",
    NOTICES_LAW,
    Text(
        fi="Ilmoituksen asiakkaan tiedot eivät ole vielä saapuneet rekisteristä.",
        sv="Uppgifterna om meddelandets klient har ännu inte kommit från registret.",
        en="The register has not told yet who the notice's client is.",
    ),
    Text(
        fi="Avaa ilmoitus hetken kuluttua uudelleen. Jos tämä toistuu, ilmoita siitä Kelan asiakastukeen.",
        sv="Öppna meddelandet på nytt om en stund. Om detta upprepas, meddela FPA:s kundstöd.",
        en="Open the notice again in a moment. If this happens again, tell Kela's customer support.",
    ),
)
ALREADY_TAKEN: Final = business(
    "notice.already_taken",
    NOTICES_LAW,
    Text(
        fi="Ilmoitus on jo otettu käsittelyyn.",
        sv="Meddelandet har redan tagits till behandling.",
        en="The notice has been taken already.",
    ),
    _REFRESH,
)
ALREADY_DONE: Final = business(
    "notice.already_done",
    NOTICES_LAW,
    Text(
        fi="Ilmoitus on jo merkitty käsitellyksi, eikä sitä voi enää muuttaa.",
        sv="Meddelandet är redan markerat som behandlat och kan inte längre ändras.",
        en="The notice is done already and cannot be changed any more.",
    ),
    _REFRESH,
)
NOT_TAKEN: Final = business(
    "notice.not_taken",
    NOTICES_LAW,
    Text(
        fi="Ilmoitusta ei ole otettu käsittelyyn, joten sitä ei voi merkitä käsitellyksi.",
        sv="Meddelandet har inte tagits till behandling och kan därför inte markeras som behandlat.",
        en="The notice has not been taken, so it cannot be marked done.",
    ),
    Text(
        fi="Ota ilmoitus ensin käsittelyyn.",
        sv="Ta först meddelandet till behandling.",
        en="Take the notice first.",
    ),
)
NO_SUCH_MUNICIPALITY: Final = business(
    "notice.no_such_municipality",
    NOTICES_LAW,
    Text(
        fi="Kuntaa, johon ilmoitus siirrettäisiin, ei ole tänään olemassa.",
        sv="Kommunen som meddelandet skulle flyttas till finns inte i dag.",
        en="The municipality to which the notice would be moved does not exist today.",
    ),
    Text(
        fi="Valitse kunta luettelosta. Yhdistyneen kunnan tilalle valitaan uusi kunta.",
        sv="Välj kommunen ur förteckningen. I stället för en sammanslagen kommun väljs den nya kommunen.",
        en="Choose the municipality from the list; instead of a merged one, choose its successor.",
    ),
)
MOVED_NOWHERE: Final = business(
    "notice.own_municipality",
    NOTICES_LAW,
    Text(
        fi="Ilmoitus on jo tässä kunnassa.",
        sv="Meddelandet finns redan hos den här kommunen.",
        en="The notice is with this municipality already.",
    ),
    Text(
        fi="Valitse siirtoa varten toinen kunta.",
        sv="Välj en annan kommun för flytten.",
        en="Choose another municipality.",
    ),
)
KEY_REUSED: Final = business(
    "notice.key_reused",
    NOTICES_LAW,
    Text(
        fi="Samalla lähetystunnuksella on jo tehty toinen toimenpide.",
        sv="En annan åtgärd har redan utförts med samma sändningsnyckel.",
        en="Another command was sent with the same idempotency key already.",
    ),
    Text(
        fi="Tee toimenpide uudelleen uudella tunnuksella.",
        sv="Utför åtgärden på nytt med en ny nyckel.",
        en="Send the command again with a new key.",
    ),
)
PERIOD: Final = business(
    "notice.period",
    NOTICES_LAW,
    Text(
        fi="Tilaston ajanjakso päättyy ennen kuin se alkaa tai on yli viisi vuotta.",
        sv="Statistikens period slutar innan den börjar eller är längre än fem år.",
        en="The period of the statistics ends before it begins or is longer than five years.",
    ),
    Text(
        fi="Korjaa ajanjakson ensimmäinen ja viimeinen päivä.",
        sv="Rätta periodens första och sista dag.",
        en="Correct the first and the last day.",
    ),
)
NO_SUCH_PAGE: Final = business(
    "notice.page",
    NOTICES_LAW,
    Text(
        fi="Listan jatkokohtaa ei tunnisteta.",
        sv="Listans fortsättningspunkt känns inte igen.",
        en="Where the list should continue is not recognised.",
    ),
    Text(
        fi="Aloita lista alusta.",
        sv="Börja från listans början.",
        en="Start from the beginning of the list.",
    ),
)
REMARK_UNKNOWN: Final = business(
    "remark.unknown_look_up",
    REMARKS_LAW,
    Text(
        fi="Tällaista omaa hakuasi ei löydy.",
        sv="Ingen sådan egen sökning hittas.",
        en="You have no such look-up of your own.",
    ),
    Text(
        fi="Voit lisätä huomautuksen vain omaan hakuusi, enintään viikon kuluessa hausta.",
        sv="Du kan lägga till en anmärkning bara till din egen sökning, inom en vecka från sökningen.",
        en="You can remark only on a look-up of your own, within a week of it.",
    ),
)
REMARK_KEY_REUSED: Final = business("remark.key_reused", REMARKS_LAW, KEY_REUSED.reason, KEY_REUSED.advice)


def stale(version: int, state: str) -> Refusal:
    """The notice was changed meanwhile; the newer version and state are told."""
    words = _STATES[state]
    return business(
        "notice.stale",
        NOTICES_LAW,
        Text(
            fi=f"Ilmoitus on muuttunut sillä välin: versio on nyt {version} ja tila {words.fi}.",
            sv=f"Meddelandet har ändrats under tiden: versionen är nu {version} och läget {words.sv}.",
            en=f"The notice has changed meanwhile: its version is now {version} and its state {words.en}.",
        ),
        _REFRESH,
    )
