"""V8: ToTuL 23: the advance of each month is stated once, as a positive sum; it caps what is collected of the month."""

from collections.abc import Sequence
from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.clock.civil import CivilTimeError, Month
from shared.contracts.asking import MonthAdvance
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground
from shared.money import MoneyError, parse_amount

RULE: Final = "V8"
LAW: Final = "L 1412/1997 23 §"
MISSING: Final = refusal(
    RULE,
    "claim.advances.missing",
    LAW,
    reason=(
        "Ennakkona annettu toimeentulotuki puuttuu.",
        "Uppgift om det utkomststöd som har getts som förskott saknas.",
        "The assistance given as an advance is missing.",
    ),
    advice=(
        "Ilmoita ennakon määrä kuukausittain.",
        "Uppge förskottets belopp månadsvis.",
        "State the advance month by month.",
    ),
)
MONTH: Final = refusal(
    RULE,
    "claim.advances.month",
    LAW,
    reason=(
        "Ennakon kuukausi on virheellinen tai ilmoitettu kahdesti.",
        "Förskottets månad är felaktig eller uppgiven två gånger.",
        "The month of an advance is not valid, or is stated twice.",
    ),
    advice=(
        "Ilmoita kukin kuukausi kerran, esimerkiksi 2016-12.",
        "Uppge varje månad en gång, till exempel 2016-12.",
        "State each month once, for example 2016-12.",
    ),
)
INVALID: Final = refusal(
    RULE,
    "claim.advances.invalid",
    LAW,
    reason=(
        "Ennakko ei ole euromäärä, jossa on enintään kaksi desimaalia.",
        "Förskottet är inte ett eurobelopp med högst två decimaler.",
        "An advance is not a sum of euros with at most two decimals.",
    ),
    advice=("Kirjoita esimerkiksi 120,50.", "Skriv till exempel 120,50.", "Write for example 120.50."),
)
NOT_POSITIVE: Final = refusal(
    RULE,
    "claim.advances.not_positive",
    LAW,
    reason=(
        "Ennakon on oltava suurempi kuin nolla.",
        "Förskottet ska vara större än noll.",
        "An advance must be greater than zero.",
    ),
    advice=(
        "Jätä pois kuukaudet, joilta ennakkoa ei annettu, ja rajaa jakso.",
        "Lämna bort månader utan förskott och begränsa perioden.",
        "Leave out months without an advance, and limit the period.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse missing, malformed, repeated and non-positive advances."""
    return check(facts.claim.advances) if facts.ground is Ground.TOTUL_23 else None


def check(stated: Sequence[MonthAdvance]) -> Refusal | None:
    """What is wrong with advances, wherever they are stated."""
    if not stated:
        return MISSING
    try:
        months = {Month.parse(one.month) for one in stated}
        amounts = [parse_amount(one.amount) for one in stated]
    except CivilTimeError:
        return MONTH
    except MoneyError:
        return INVALID
    if len(months) < len(stated):
        return MONTH
    return NOT_POSITIVE if min(amounts) <= 0 else None
