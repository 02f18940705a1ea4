"""V9: from 1.1.2017 a municipality's ToTuL 23 claim rests on supplementary or preventive assistance.

Basic assistance that it decided itself counts until 31.3.2017. Åland's municipalities keep all assistance.
"""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground
from shared.finnish.municipalities import municipalities

LAW: Final = "L 1412/1997 23 §, L 815/2015"
MISSING: Final = refusal(
    "V9",
    "claim.assistance.missing",
    LAW,
    reason=(
        "Toimeentulotuen laji puuttuu. Se on ilmoitettava vuodesta 2017 alkaen.",
        "Typen av utkomststöd saknas. Den ska anges från och med 2017.",
        "The type of social assistance is missing. It must be stated from 2017 on.",
    ),
    advice=(
        "Valitse täydentävä tai ehkäisevä toimeentulotuki.",
        "Välj kompletterande eller förebyggande utkomststöd.",
        "Choose supplementary or preventive social assistance.",
    ),
)
ENDED: Final = refusal(
    "V9",
    "claim.assistance.basic",
    LAW,
    reason=(
        "Kunta ei voi vaatia perustoimeentulotuen perusteella ajalta, jolta Kela myöntää sen.",
        "Kommunen kan inte ställa krav på grund av grundläggande utkomststöd för en tid då FPA beviljar det.",
        "A municipality cannot claim for basic social assistance of a time for which Kela grants it.",
    ),
    advice=(
        "Päätä jakso viimeistään 31.3.2017, tai valitse täydentävä tai ehkäisevä toimeentulotuki.",
        "Avsluta perioden senast 31.3.2017, eller välj kompletterande eller förebyggande utkomststöd.",
        "End the period by 31 March 2017, or choose supplementary or preventive social assistance.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse assistance that is not the municipality's on the period's last day, or that is not stated."""
    last, kind = facts.claim.last, facts.claim.assistance
    if facts.ground is not Ground.TOTUL_23 or last is None or _in_aland(facts):
        return None
    table = facts.policy.assistance
    if kind is None:
        return MISSING if last >= table.stated_from else None
    return None if table.gives(kind, last) else ENDED


def _in_aland(facts: ClaimFacts) -> bool:
    member = facts.access.member
    known = None if member is None else municipalities().get(member.code)
    return known is not None and known.is_in_aland
