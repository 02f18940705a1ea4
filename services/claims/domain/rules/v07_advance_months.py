"""V7, V8: a ToTuL 23 claim is for the months for which assistance was given as an advance, no more and no fewer."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.clock.civil import Month
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground

LAW: Final = "L 1412/1997 23 §"
OUTSIDE: Final = refusal(
    "V7",
    "claim.period.outside_advance",
    LAW,
    reason=(
        "Jaksossa on kuukausi, jolta toimeentulotukea ei ole ilmoitettu annetun ennakkona.",
        "Perioden innehåller en månad för vilken inget utkomststöd har uppgetts som förskott.",
        "The period has a month for which no assistance is stated as given in advance.",
    ),
    advice=(
        "Rajaa jakso tai ilmoita ennakko jokaiselta jakson kuukaudelta. Kuukausia voi lisätä myöhemmin.",
        "Begränsa perioden eller uppge förskottet för varje månad i den. Månader kan läggas till senare.",
        "Limit the period, or state the advance of each of its months. Months can be added later.",
    ),
)
UNUSED: Final = refusal(
    "V8",
    "claim.advances.outside_period",
    LAW,
    reason=(
        "Ennakko on ilmoitettu kuukaudelta, joka ei kuulu jaksoon.",
        "Ett förskott har uppgetts för en månad som inte hör till perioden.",
        "An advance is stated for a month that is not in the period.",
    ),
    advice=(
        "Poista kuukausi tai jatka jaksoa.",
        "Ta bort månaden eller förläng perioden.",
        "Remove the month, or lengthen the period.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a month of the period without an advance, and an advance of a month outside the period."""
    first, last = facts.claim.first, facts.claim.last
    if facts.ground is not Ground.TOTUL_23 or first is None or last is None:
        return None
    stated = {one.month for one in facts.claim.advances}
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months > len(stated):  # a period of a thousand years is not walked through
        return OUTSIDE
    claimed = {str(month) for month in Month.of(first).until(Month.of(last))}
    if claimed - stated:
        return OUTSIDE
    return UNUSED if stated - claimed else None
