"""What a refusal says of the days when the care of a child is claimed for by form (golden G7); no rule of its own."""

from datetime import date
from typing import Final

from services.claims.domain import child_care
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.payday import timing
from services.claims.domain.rules.v03_period import YEARS_AHEAD
from services.claims.domain.wording import Triple
from shared.gate.refusals import finnish_date

NOTHING: Final[Triple] = ("", "", "")


def when(facts: ClaimFacts) -> Triple:
    """From which day, and on which payday when the form arrived today; nothing when no care is stated.

    The rule of the benefit comes later in the order, so that it may be any text.
    """
    care, benefit = facts.claim.care, facts.claim.benefit
    if care is None or care.first is None or benefit not in child_care.GROUNDS:
        return NOTHING
    if care.first.year > facts.arrived.year + YEARS_AHEAD:
        return NOTHING
    day = child_care.earliest(benefit, care.first, facts.arrived)
    payday = timing(benefit, facts.arrived, day, None).effective
    first, first_en = finnish_date(day), day.isoformat()
    by = ("", "", "") if payday is None else _payday(payday)
    return (
        f" Jos hoito kestää yli kalenterikuukauden, etuus maksetaan kunnalle aikaisintaan {first} alkaen{by[0]}.",
        f" Om vården varar över en kalendermånad betalas förmånen till kommunen tidigast från {first}{by[1]}.",
        f" If the care lasts beyond a calendar month, the municipality is paid from {first_en} at the earliest{by[2]}.",
    )


def _payday(day: date) -> Triple:
    return (
        f", tänään saapuneen vaatimuksen perusteella maksupäivästä {finnish_date(day)}",
        f", för ett krav som kommer in i dag från betalningsdagen {finnish_date(day)}",
        f", for a claim that arrives today on the payday {day.isoformat()}",
    )
