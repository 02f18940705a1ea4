"""Why an act on a claim is not done, though the gate lets it pass: texts in fi, sv, en."""

from typing import Final

from services.claims.domain.wording import Triple, refusal
from shared.contracts.base import Refusal
from shared.contracts.claims import ClaimState

_ADMINISTRATIVE: Final = "L 434/2003 33, 34, 45 §"
_CLAIMS: Final = "L 1412/1997 23 §, L 734/1992 14 §"
_REOPEN: Final = (
    "Avaa vaatimus uudelleen ja tee muutos sen uusimpaan versioon.",
    "Öppna kravet på nytt och gör ändringen i den nyaste versionen.",
    "Open the claim again and make the change to its newest version.",
)
_STATES: Final[dict[ClaimState, Triple]] = {
    ClaimState.DRAFT: ("luonnos", "utkast", "draft"),
    ClaimState.REGISTERED: ("rekisteröity", "registrerat", "registered"),
    ClaimState.WAITING: ("odottaa etuusratkaisua", "väntar på förmånsbeslut", "waiting for the benefit decision"),
    ClaimState.IN_HEARING: ("kuultavana", "hörande pågår", "in hearing"),
    ClaimState.ACCEPTED: ("hyväksytty", "godkänt", "accepted"),
    ClaimState.REJECTED: ("hylätty", "avslaget", "rejected"),
    ClaimState.ACTIVE: ("voimassa", "i kraft", "active"),
    ClaimState.SUSPENDED: ("keskeytetty", "avbrutet", "suspended"),
    ClaimState.ENDING: ("päättymässä", "på väg att upphöra", "ending"),
    ClaimState.ENDED: ("päättynyt", "upphört", "ended"),
    ClaimState.WITHDRAWN: ("peruutettu", "återtaget", "withdrawn"),
    ClaimState.EXPIRED: ("rauennut", "förfallet", "expired"),
}


def stale(version: int, state: ClaimState) -> Refusal:
    """Somebody was quicker: the newer version and where the claim stands now."""
    fi, sv, en = _STATES[state]
    return refusal(
        "V17",
        "claims.stale",
        "L 434/2003 7 §",
        reason=(
            f"Vaatimuksesta on jo versio {version}: {fi}.",
            f"Av kravet finns redan version {version}: {sv}.",
            f"There is already version {version} of the claim: {en}.",
        ),
        advice=_REOPEN,
    )


def _refusal(code: str, law: str, reason: Triple, advice: Triple, rule: str = "V16") -> Refusal:
    return refusal(rule, f"claims.{code}", law, reason=reason, advice=advice)


UNKNOWN: Final = _refusal(
    "unknown",
    "L 812/2000 20 §",
    (
        "Organisaatiollasi ei ole tällaista vaatimusta tässä kunnassa.",
        "Din organisation har inget sådant krav för denna kommun.",
        "Your organisation has no such claim for this municipality.",
    ),
    (
        "Tarkista numero, tai avaa vaatimus luettelosta.",
        "Kontrollera numret, eller öppna kravet från listan.",
        "Check the number, or open the claim from the list.",
    ),
    "V18",
)
DISQUALIFIED: Final = _refusal(
    "own_code",
    "L 434/2003 28 §",
    (
        "Vaatimus koskee sinua itseäsi: olet asiassa esteellinen.",
        "Kravet gäller dig själv: du är jävig.",
        "The claim concerns yourself: you are disqualified.",
    ),
    (
        "Pyydä toista käsittelijää hoitamaan asia.",
        "Be en annan handläggare sköta ärendet.",
        "Ask another handler to take the matter.",
    ),
    "V18",
)
KEY_REUSED: Final = _refusal(
    "idempotency_key",
    "L 434/2003 17 §",
    (
        "Samalla lähetystunnuksella on jo tehty toinen toimi.",
        "Med samma sändningskod har redan en annan åtgärd gjorts.",
        "Another act has already been done with the same sending key.",
    ),
    _REOPEN,
    "V19",
)
AMOUNT: Final = _refusal(
    "amount",
    _CLAIMS,
    (
        "Jokin rahamäärä tai kuukausi ei ole kelvollinen.",
        "Något belopp eller någon månad är inte giltig.",
        "An amount or a month is not valid.",
    ),
    (
        "Anna eurot enintään kahdella desimaalilla, suurempina kuin nolla, ja kuukaudet muodossa 2017-01.",
        "Ange euro med högst två decimaler, större än noll, och månader som 2017-01.",
        "Give euros with at most two decimals, above zero, and months as 2017-01.",
    ),
    "V3",
)
CARE: Final = _refusal(
    "care",
    "L 734/1992 14 §",
    (
        "Hoitomaksun muutoksen alkupäivä puuttuu.",
        "Den första dagen för ändringen av vårdavgiften saknas.",
        "The first day of the changed care fee is missing.",
    ),
    (
        "Anna päivä, josta alkaen maksu on voimassa.",
        "Ange den dag från vilken avgiften gäller.",
        "Give the day from which the fee holds.",
    ),
    "V10",
)
OTHER_GROUND: Final = _refusal(
    "other_ground",
    _CLAIMS,
    (
        "Ennakot kuuluvat toimeentulotuen vaatimukseen ja hoitomaksu asiakasmaksun vaatimukseen.",
        "Förskott hör till krav för utkomststöd och vårdavgiften till krav för klientavgift.",
        "Advances belong to a claim for social assistance, and the care fee to one for a client fee.",
    ),
    (
        "Muuta vain sitä, mihin vaatimus perustuu.",
        "Ändra endast det som kravet grundar sig på.",
        "Change only what the claim rests on.",
    ),
    "V1",
)
NOTHING_CHANGED: Final = _refusal(
    "nothing_changed",
    "L 434/2003 16 §",
    ("Muutos on tyhjä.", "Ändringen är tom.", "The change is empty."),
    (
        "Anna uusi viimeinen päivä, kuukausia tai rahamääriä.",
        "Ange en ny sista dag, månader eller belopp.",
        "Give a new last day, months or amounts.",
    ),
)
OUTSIDE: Final = _refusal(
    "outside_period",
    _CLAIMS,
    (
        "Päivä tai kuukausi ei ole vaatimuksen jaksolla.",
        "Dagen eller månaden ligger inte inom kravets period.",
        "The day or month does not lie within the claim's period.",
    ),
    (
        "Tarkista jakso. Jos vaatimusta ei olisi pitänyt tehdä, peruuta se.",
        "Kontrollera perioden. Om kravet inte borde ha gjorts, återta det.",
        "Check the period. If the claim should not have been made, withdraw it.",
    ),
    "V7",
)
PAID: Final = _refusal(
    "paid_already",
    _CLAIMS,
    (
        "Tältä ajalta on jo maksettu kunnalle, eikä maksettua erää muuteta jälkikäteen.",
        "För denna tid har redan betalats till kommunen, och en betald post ändras inte i efterhand.",
        "The municipality has been paid for this time already, and a paid instalment is not changed afterwards.",
    ),
    (
        "Ilmoita päättyminen seuraavasta maksamattomasta erästä ja palauta liikaa maksettu Kelalle oikaisuna.",
        "Meddela att kravet upphör från nästa obetalda post och återbetala det överbetalda till FPA som rättelse.",
        "End it from the next unpaid instalment, and return what was paid too much to Kela as a correction.",
    ),
)
WIDENED: Final = _refusal(
    "widened",
    "L 434/2003 34 §, L 568/2007 63 §",
    (
        "Muutos ottaisi asiakkaan etuudesta enemmän kuin mistä häntä on kuultu ja mitä on päätetty.",
        "Ändringen skulle ta mer av klientens förmån än vad klienten har hörts om och vad som har beslutats.",
        "The change would take more of the client's benefit than the client was heard about and was decided.",
    ),
    (
        "Ehdota laajennusta: Kela kuulee siitä asiakasta ja päättää, ja vaatimus jatkuu siihen asti ennallaan.",
        "Föreslå en utvidgning: FPA hör klienten om den och avgör, och kravet fortsätter till dess som förut.",
        "Propose a widening: Kela hears the client about it and decides, and the claim goes on as it was until then.",
    ),
    "V15",
)
OVERLAPS: Final = _refusal(
    "overlaps",
    _CLAIMS,
    (
        "Muutettu jakso menisi päällekkäin organisaatiosi toisen vaatimuksen kanssa.",
        "Den ändrade perioden skulle överlappa ett annat krav av din organisation.",
        "The changed period would overlap another claim of your organisation.",
    ),
    ("Rajaa jakso.", "Begränsa perioden.", "Limit the period."),
    "V17",
)
DEADLINE: Final = _refusal(
    "deadline",
    _ADMINISTRATIVE,
    (
        "Kuulemisen määräaika puuttuu tai ei ole kohtuullinen (7-90 päivää).",
        "Tidsfristen för hörandet saknas eller är inte skälig (7-90 dagar).",
        "The deadline of the hearing is missing or not reasonable (7-90 days).",
    ),
    ("Anna uusi määräpäivä.", "Ange en ny tidsfrist.", "Give another deadline."),
    "V15",
)
NOT_HEARD: Final = _refusal(
    "not_heard",
    _ADMINISTRATIVE,
    (
        "Asiakas ei ole vielä vastannut kuulemiseen, eikä määräaika ole kulunut.",
        "Klienten har ännu inte svarat på hörandet och tidsfristen har inte löpt ut.",
        "The client has not answered yet, and the deadline of the hearing has not passed.",
    ),
    (
        "Kirjaa asiakkaan vastaus tai odota määräajan päättymistä.",
        "Anteckna klientens svar eller vänta tills fristen löpt ut.",
        "Record the client's answer, or wait for the deadline to pass.",
    ),
    "V15",
)
REASONS: Final = _refusal(
    "reasons",
    _ADMINISTRATIVE,
    ("Päätöksen perustelut puuttuvat.", "Beslutets motivering saknas.", "The decision has no reasons."),
    (
        "Kirjoita perustelut: ne tulevat kirjalliseen päätökseen.",
        "Skriv motiveringen: den ingår i det skriftliga beslutet.",
        "Write the reasons: they stand in the written decision.",
    ),
    "V15",
)
IN_TIME_ALREADY: Final = _refusal(
    "in_time_already",
    "L 1412/1997 23 §",
    (
        "Vaatimus vaikuttaa jo neljäätoista päivää lähempiin maksuihin.",
        "Kravet gäller redan betalningar närmare än fjorton dagar.",
        "The claim bites already on payments nearer than fourteen days.",
    ),
    _REOPEN,
    "V6",
)
