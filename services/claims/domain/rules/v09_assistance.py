"""V9: from 1.1.2017 a municipality's ToTuL 23 claim rests on supplementary or preventive assistance.

Basic assistance counts that it decided itself by 31.3.2017. Åland's municipalities keep all assistance.
"""

from datetime import date
from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground
from shared.directory.responsibility import FIRST_DAY_AT_KELA, keeps_social_assistance

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
        (
            "Perustoimeentulotuen on oltava kunnan päättämää ja jakson päätyttävä viimeistään 31.3.2017. Muuten "
            "valitse täydentävä tai ehkäisevä toimeentulotuki."
        ),
        (
            "Det grundläggande utkomststödet ska ha beslutats av kommunen och perioden sluta senast 31.3.2017. "
            "Välj annars kompletterande eller förebyggande utkomststöd."
        ),
        (
            "Basic assistance must have been decided by the municipality, and the period end, by 31 March 2017. "
            "Otherwise choose supplementary or preventive social assistance."
        ),
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse assistance that was not the municipality's to give, on the period's last day or when it was decided.

    It need not be stated of a time when the municipality gave all assistance.
    """
    last, decided, kind = facts.claim.last, facts.claim.decided, facts.claim.assistance
    if facts.ground is not Ground.TOTUL_23 or last is None:
        return None
    bound = [day for day in (last, decided or last) if _shared_with_kela(facts, day)]
    if not bound:
        return None
    if kind is None:
        return MISSING
    return None if all(facts.policy.assistance.gives(kind, day) for day in bound) else ENDED


def _shared_with_kela(facts: ClaimFacts, day: date) -> bool:
    """Whether Kela gives basic assistance on the day; of an unknown municipality it is taken to."""
    member = facts.access.member
    keeps = member is not None and keeps_social_assistance(member.code, day)
    return day >= FIRST_DAY_AT_KELA and not keeps
