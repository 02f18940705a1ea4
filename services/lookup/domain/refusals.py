"""Why something with a notice, a list or a remark is not done, though the gate lets it pass: texts in fi, sv, en."""

from datetime import date
from functools import partial
from typing import Final

from shared.clock.civil import Month
from shared.contracts.base import Refusal, Text
from shared.refusals import refusal

NOTICES_LAW: Final = "ToTuL (L 1412/1997) 10, 14, 14 a, 18 a, 18 b §"
REMARKS_LAW: Final = "L 159/2007 5, 11 §"
_REFRESH: Final = Text(
    fi="Päivitä ilmoituslista ja avaa ilmoitus uudelleen.",
    sv="Uppdatera listan och öppna meddelandet på nytt.",
    en="Refresh the list and open the notice again.",
)
_ASK_MAIN_USER: Final = Text(
    fi="Pyydä organisaatiosi pääkäyttäjää tarkistamaan roolisi ja sopimuksen tietoryhmät ja etuudet.",
    sv="Be organisationens huvudanvändare kontrollera din roll och avtalets uppgiftsgrupper och förmåner.",
    en="Ask your organisation's main user to check your role and the data groups and benefits of the agreement.",
)
_STATES: Final = {
    "open": Text(fi="avoin", sv="öppet", en="open"),
    "taken": Text(fi="otettu käsittelyyn", sv="taget till behandling", en="taken"),
    "done": Text(fi="käsitelty", sv="behandlat", en="done"),
}
_of_notice = partial(refusal, law=NOTICES_LAW)
_of_remark = partial(refusal, law=REMARKS_LAW)

UNKNOWN: Final = _of_notice(
    "notice.unknown",
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
CLIENT_UNKNOWN: Final = _of_notice(
    "notice.client_unknown",
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
ALREADY_TAKEN: Final = _of_notice(
    "notice.already_taken",
    Text(
        fi="Ilmoitus on jo otettu käsittelyyn.",
        sv="Meddelandet har redan tagits till behandling.",
        en="The notice has been taken already.",
    ),
    _REFRESH,
)
ALREADY_DONE: Final = _of_notice(
    "notice.already_done",
    Text(
        fi="Ilmoitus on jo merkitty käsitellyksi, eikä sitä voi enää muuttaa.",
        sv="Meddelandet är redan markerat som behandlat och kan inte längre ändras.",
        en="The notice is done already and cannot be changed any more.",
    ),
    _REFRESH,
)
NOT_TAKEN: Final = _of_notice(
    "notice.not_taken",
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
NO_SUCH_MUNICIPALITY: Final = _of_notice(
    "notice.no_such_municipality",
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
MOVED_NOWHERE: Final = _of_notice(
    "notice.own_municipality",
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
KEY_REUSED: Final = _of_notice(
    "notice.key_reused",
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
PERIOD: Final = _of_notice(
    "notice.period",
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
NO_SUCH_PAGE: Final = _of_notice(
    "notice.page",
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
NOT_COVERED: Final = _of_notice(
    "notice.not_covered",
    Text(
        fi="Roolisi tai kuntasi sopimus ei kata sen tietoryhmän tietoja, johon ilmoitus kuuluu.",
        sv="Din roll eller din kommuns avtal omfattar inte den uppgiftsgrupp som meddelandet hör till.",
        en="Your role or your municipality's agreement does not cover the data group that the notice belongs to.",
    ),
    _ASK_MAIN_USER,
)
REMARK_UNKNOWN: Final = _of_remark(
    "remark.unknown_look_up",
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
REMARK_KEY_REUSED: Final = _of_remark("remark.key_reused", KEY_REUSED.reason, KEY_REUSED.advice)


def stale(version: int, state: str) -> Refusal:
    """The notice was changed meanwhile; the newer version and state are told."""
    words = _STATES[state]
    return _of_notice(
        "notice.stale",
        Text(
            fi=f"Ilmoitus on muuttunut sillä välin: versio on nyt {version} ja tila {words.fi}.",
            sv=f"Meddelandet har ändrats under tiden: versionen är nu {version} och läget {words.sv}.",
            en=f"The notice has changed meanwhile: its version is now {version} and its state {words.en}.",
        ),
        _REFRESH,
    )


def move_not_yet(first: date) -> Refusal:
    """Notices cannot be moved yet; the day from which on they can is told."""
    day = f"{first.day}.{first.month}.{first.year}"
    return _of_notice(
        "notice.move_not_yet",
        Text(
            fi=f"Ilmoituksen voi siirtää toiseen kuntaan vasta {day} alkaen.",
            sv=f"Ett meddelande kan flyttas till en annan kommun först från och med {day}.",
            en=f"A notice can be moved to another municipality from {day} on.",
        ),
        Text(
            fi="Ota yhteys Kelan yhteyshenkilöösi, jos ilmoitus kuuluu toiselle kunnalle.",
            sv="Kontakta din kontaktperson vid FPA om meddelandet hör till en annan kommun.",
            en="Turn to your contact at Kela if the notice belongs to another municipality.",
        ),
    )


def list_purpose(law: str) -> Refusal:
    """Another purpose than the list's own was chosen."""
    return refusal(
        "list.purpose",
        Text(
            fi="Valittu käyttötarkoitus ei avaa tätä listaa.",
            sv="Det valda användningsändamålet öppnar inte denna lista.",
            en="The chosen purpose does not open this list.",
        ),
        Text(
            fi="Valitse listan oma käyttötarkoitus: työmarkkinatukilista tai laskun henkilölista.",
            sv="Välj listans eget ändamål: arbetsmarknadsstödslista eller fakturans personlista.",
            en="Choose the list's own purpose: labour market support list or the invoice's person list.",
        ),
        law=law,
    )


def list_not_covered(law: str) -> Refusal:
    """The list's benefit or data group is not open to the worker's roles and the agreement."""
    return refusal(
        "list.not_covered",
        Text(
            fi="Roolisi tai kuntasi sopimus ei kata listan etuutta tai tietoryhmää.",
            sv="Din roll eller din kommuns avtal omfattar inte listans förmån eller uppgiftsgrupp.",
            en="Your role or your municipality's agreement does not cover the list's benefit or data group.",
        ),
        _ASK_MAIN_USER,
        law=law,
    )


def list_month(law: str, first: Month) -> Refusal:
    """The month is missing, needless, before the list's first or not yet begun."""
    return refusal(
        "list.month",
        Text(
            fi="Laskutuskuukausi puuttuu, se ei kuulu tähän listaan, tai siltä kuukaudelta listaa ei ole.",
            sv="Faktureringsmånaden saknas, hör inte till denna lista, eller så finns ingen lista för månaden.",
            en="The invoicing month is missing, does not belong to this list, or there is no list of that month.",
        ),
        Text(
            fi=f"Laskun henkilölistalle valitaan alkanut kuukausi, aikaisintaan {first}. Muilla listoilla ei ole sitä.",
            sv=f"För fakturans personlista väljs en påbörjad månad, tidigast {first}. Andra listor har ingen månad.",
            en=f"For the invoice's person list choose a month that has begun, not before {first}; others have none.",
        ),
        law=law,
    )
