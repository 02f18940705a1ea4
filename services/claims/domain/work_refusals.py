"""Why what a municipality or Kela does at its desk is not done: returns, confirmations, hand-overs. In fi, sv, en."""

from typing import Final

from services.claims.domain.wording import Triple, refusal
from shared.contracts.base import Refusal

_PAID_TOO_MUCH: Final = "L 1412/1997 23 §, L 734/1992 14 §"


def _refusal(code: str, law: str, reason: Triple, advice: Triple, rule: str) -> Refusal:
    return refusal(rule, f"claims.{code}", law, reason=reason, advice=advice)


_RETURN_ADVICE: Final = (
    "Anna palautettu määrä, maksun päivä ja viite sekä palautuksen syy.",
    "Ange det återbetalda beloppet, betalningens dag och referens samt orsaken till återbetalningen.",
    "Give the returned amount, the day and the reference of the payment, and the reason of the return.",
)
RETURN_MISSING: Final = _refusal(
    "return.missing",
    _PAID_TOO_MUCH,
    ("Palautuksen tiedot puuttuvat.", "Uppgifterna om återbetalningen saknas.", "The return is not stated."),
    _RETURN_ADVICE,
    "V16",
)
RETURN_REASON: Final = _refusal(
    "return.reason",
    _PAID_TOO_MUCH,
    ("Palautuksen syy puuttuu.", "Orsaken till återbetalningen saknas.", "The reason of the return is missing."),
    (
        "Kirjoita, miksi kunnalle oli maksettu liikaa.",
        "Skriv varför kommunen hade fått för mycket.",
        "Write why the municipality had been paid too much.",
    ),
    "V16",
)
RETURN_DAY: Final = _refusal(
    "return.day",
    _PAID_TOO_MUCH,
    (
        "Palautuksen maksupäivä puuttuu tai on tulevaisuudessa.",
        "Återbetalningens betalningsdag saknas eller ligger i framtiden.",
        "The day of the return is missing or in the future.",
    ),
    (
        "Kirjaa palautus, kun se on maksettu Kelalle.",
        "Anteckna återbetalningen när den har betalats till FPA.",
        "Record the return once it has been paid to Kela.",
    ),
    "V16",
)
RETURN_REFERENCE: Final = _refusal(
    "return.reference",
    _PAID_TOO_MUCH,
    (
        "Palautuksen viite on virheellinen: tarkistusnumero ei täsmää.",
        "Återbetalningens referens är felaktig: kontrollsiffran stämmer inte.",
        "The reference of the return is not valid: its check digit does not hold.",
    ),
    (
        "Tarkista viitenumero tai RF-viite.",
        "Kontrollera referensnumret eller RF-referensen.",
        "Check the reference number or the RF reference.",
    ),
    "V3",
)
RETURN_TOO_MUCH: Final = _refusal(
    "return.too_much",
    _PAID_TOO_MUCH,
    (
        "Palautus on suurempi kuin vaatimuksella on siihen päivään mennessä maksettu ja palauttamatta.",
        "Återbetalningen är större än vad som till den dagen har betalats på kravet och inte återbetalats.",
        "The return is larger than what the claim had been paid by that day and has not given back.",
    ),
    (
        "Tarkista määrä, päivä ja vaatimuksen numero. Pidätettyä osaa ei palauteta.",
        "Kontrollera beloppet, dagen och kravets nummer. En innehållen del återbetalas inte.",
        "Check the amount, the day and the number of the claim. A part that is held is not given back.",
    ),
    "V16",
)
REFUND_MISSING: Final = _refusal(
    "refund.missing",
    _PAID_TOO_MUCH,
    ("Hyvityksen tiedot puuttuvat.", "Uppgifterna om gottgörelsen saknas.", "The refund is not stated."),
    (
        "Anna kunnalle maksettu määrä, maksun päivä ja viite sekä syy.",
        "Ange det till kommunen betalda beloppet, betalningens dag och referens samt orsaken.",
        "Give the amount paid to the municipality, the day and the reference of the payment, and the reason.",
    ),
    "V16",
)
REFUND_TOO_MUCH: Final = _refusal(
    "refund.too_much",
    _PAID_TOO_MUCH,
    (
        "Kela ei ole kunnalle näin paljon velkaa, tai hyvityksen päivä on ennen viimeistä palautusta.",
        "FPA är inte skyldig kommunen så mycket, eller gottgörelsens dag är före den senaste återbetalningen.",
        "Kela does not owe the municipality so much, or the day of the refund is before the last return.",
    ),
    (
        "Hyvitettävää on se, minkä kunta on palauttanut yli sen, mitä korjausten jälkeen on maksettu.",
        "Gottgöras kan det som kommunen har återbetalat utöver vad som efter rättelserna har betalats.",
        "What can be refunded is what the municipality gave back beyond what it was paid after corrections.",
    ),
    "V16",
)
HAND_OVER_REASON: Final = _refusal(
    "hand_over.reason",
    "L 434/2003 33 §",
    ("Siirron syy puuttuu.", "Orsaken till överföringen saknas.", "The reason of the hand-over is missing."),
    (
        "Kirjoita, miksi vaatimukset siirtyvät toiselle.",
        "Skriv varför kraven överförs till en annan.",
        "Write why the claims go to somebody else.",
    ),
    "V18",
)
HAND_OVER_GIVER: Final = _refusal(
    "hand_over.giver",
    "L 434/2003 33 §",
    (
        "Luovuttajan henkilötunnus on virheellinen.",
        "Personbeteckningen för den som lämnar kraven är felaktig.",
        "The identity code of the worker who gives is not valid.",
    ),
    ("Tarkista tunnus.", "Kontrollera beteckningen.", "Check the code."),
    "V18",
)
HAND_OVER_TAKER: Final = _refusal(
    "hand_over.taker",
    "L 812/2000 20 §",
    (
        "Vastaanottajalla ei ole tänään voimassa olevaa valtuutta käsitellä tämän kunnan vaatimuksia.",
        "Mottagaren har inget mandat som gäller i dag för att behandla denna kommuns krav.",
        "The taker has no mandate that is valid today to handle this municipality's claims.",
    ),
    (
        "Tarkista tunnus ja nimi, tai anna ensin valtuus.",
        "Kontrollera beteckningen och namnet, eller ge först ett mandat.",
        "Check the code and the name, or give the mandate first.",
    ),
    "V18",
)
HAND_OVER_NAME: Final = _refusal(
    "hand_over.name",
    "L 434/2003 16 §",
    (
        "Vastaanottajan nimi tai puhelinnumero puuttuu.",
        "Mottagarens namn eller telefonnummer saknas.",
        "The name or the phone number of the taker is missing.",
    ),
    (
        "Anna molemmat: Kela ottaa yhteyttä vaatimuksen käsittelijään.",
        "Ange båda: FPA kontaktar den som handlägger kravet.",
        "Give both: Kela contacts the handler of the claim.",
    ),
    "V3",
)
KELA_DUPLICATE: Final = _refusal(
    "kela_duplicate",
    "L 1412/1997 23 §",
    (
        "Kelalla on jo vaatimus samasta etuudesta samalta ajalta.",
        "FPA har redan ett krav på samma förmån för samma tid.",
        "Kela already has a claim on the same benefit for the same time.",
    ),
    (
        "Rajaa jakso, tai muuta aiempaa vaatimusta Kelan omassa järjestelmässä.",
        "Begränsa perioden, eller ändra det tidigare kravet i FPA:s eget system.",
        "Limit the period, or change the earlier claim in Kela's own system.",
    ),
    "V17",
)
NOT_ASKED: Final = _refusal(
    "not_asked",
    "L 1412/1997 23 §",
    (
        "Vaatimuksessa ei ole vahvistettavia määriä.",
        "Kravet har inga belopp att bekräfta.",
        "The claim has no amounts to confirm.",
    ),
    (
        "Määrät vahvistetaan, kun odotettu etuus on myönnetty. Muuta vaatimusta, jos määrät ovat muuttuneet.",
        "Beloppen bekräftas när den väntade förmånen har beviljats. Ändra kravet om beloppen har ändrats.",
        "Amounts are confirmed once the awaited benefit is granted. Change the claim if the amounts have changed.",
    ),
    "V8",
)
_HEARING: Final = "L 434/2003 34, 45 §, L 568/2007 63 §"
WIDENING_STANDS: Final = _refusal(
    "widening.stands",
    _HEARING,
    (
        "Vaatimuksessa on jo ehdotettu laajennus, jota ei ole ratkaistu.",
        "I kravet finns redan en föreslagen utvidgning som inte är avgjord.",
        "The claim has a proposed widening already that is not decided.",
    ),
    (
        "Odota ratkaisua, tai peru ehdotus ja tee uusi.",
        "Vänta på avgörandet, eller återta förslaget och gör ett nytt.",
        "Wait for the decision, or take the proposal back and make a new one.",
    ),
    "V15",
)
WIDENING_NOT_MORE: Final = _refusal(
    "widening.not_more",
    _HEARING,
    (
        "Ehdotus ei laajenna vaatimusta.",
        "Förslaget utvidgar inte kravet.",
        "The proposal does not widen the claim.",
    ),
    (
        "Valitse Muuta: pienempi määrä tai lyhyempi jakso ei tarvitse kuulemista.",
        "Välj Ändra: ett mindre belopp eller en kortare period kräver inget hörande.",
        "Choose Change: a lower amount or a shorter period needs no hearing.",
    ),
    "V15",
)
WIDENING_NONE: Final = _refusal(
    "widening.none",
    _HEARING,
    (
        "Vaatimuksessa ei ole laajennusta, josta kuulla tai päättää.",
        "Kravet har ingen utvidgning att höra om eller avgöra.",
        "The claim has no widening to hear about or to decide.",
    ),
    (
        "Avaa vaatimus uudelleen: kunta on voinut perua ehdotuksen.",
        "Öppna kravet på nytt: kommunen kan ha återtagit förslaget.",
        "Open the claim again: the municipality may have taken the proposal back.",
    ),
    "V15",
)
