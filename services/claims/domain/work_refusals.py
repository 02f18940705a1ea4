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
