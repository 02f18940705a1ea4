"""V10: AML 14: the care is named, has its days, and holds all days of the claim."""

from typing import Final

from services.claims.domain.basis import care_unit
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground

RULE: Final = "V10"
LAW: Final = "L 734/1992 14 §"
LONGEST_UNIT: Final = 200
MISSING: Final = refusal(
    RULE,
    "claim.care.missing",
    LAW,
    reason=(
        "Hoidon tiedot puuttuvat.",
        "Uppgifter om vården saknas.",
        "The care is not stated.",
    ),
    advice=(
        "Anna hoidon alkupäivä, hoitomaksu ja asiakkaan nettotulot.",
        "Ange vårdens första dag, vårdavgiften och klientens nettoinkomster.",
        "Give the first day of the care, the fee and the client's net income.",
    ),
)
UNIT: Final = refusal(
    RULE,
    "claim.care.unit",
    LAW,
    reason=(
        "Hoitoyksikkö tai hoitopäätös puuttuu.",
        "Vårdenheten eller vårdbeslutet saknas.",
        "The care unit or the decision on care is missing.",
    ),
    advice=(
        "Anna laitos tai perhehoitopaikka, jonka kunta on järjestänyt, tai päätöksen tunnus.",
        "Ange anstalten eller familjevården som kommunen har ordnat, eller beslutets beteckning.",
        "Name the institution or family care that the municipality has arranged, or the decision.",
    ),
)
PERIOD: Final = refusal(
    RULE,
    "claim.care.period",
    LAW,
    reason=(
        "Hoidon alkupäivä puuttuu, tai hoito päättyy ennen alkuaan.",
        "Vårdens första dag saknas, eller vården slutar före den börjar.",
        "The first day of the care is missing, or the care ends before it begins.",
    ),
    advice=("Tarkista hoidon päivät.", "Kontrollera vårdens datum.", "Check the days of the care."),
)
OUTSIDE: Final = refusal(
    RULE,
    "claim.period.outside_care",
    LAW,
    reason=(
        "Jaksossa on päiviä, jotka eivät kuulu hoitoon.",
        "Perioden innehåller dagar som inte hör till vården.",
        "The period has days that are not days of the care.",
    ),
    advice=(
        "Rajaa jakso hoidon päiviin. Etuuden voi periä vain hoidon ajalta.",
        "Begränsa perioden till vårddagarna. Förmånen kan tas ut endast för vårdtiden.",
        "Limit the period to the days of the care. The benefit can be collected for the time of care only.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse care that is not stated, not named or without days, and a claim for days outside it."""
    first, last, care = facts.claim.first, facts.claim.last, facts.claim.care
    if facts.ground is not Ground.AML_14 or first is None:
        return None
    if care is None:
        return MISSING
    unit = care_unit(facts.claim)
    if not unit or len(unit) > LONGEST_UNIT or not unit.isprintable():
        return UNIT
    if care.first is None or (care.last is not None and care.last < care.first):
        return PERIOD
    beyond = care.last is not None and (last is None or care.last < last)
    return OUTSIDE if first < care.first or beyond else None
