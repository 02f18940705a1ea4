"""V1: Kelmu registers claims on two grounds, ToTuL 23 § and AML 14 §; all others go by form."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules.child_advice import when
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal

RULE: Final = "V1"
LAW: Final = "L 1412/1997 23 §, L 734/1992 14 §"
UNKNOWN: Final = refusal(
    RULE,
    "claim.ground.unknown",
    LAW,
    reason=(
        "Maksuvaatimuksella ei ole perustetta, jonka Kelmu tuntee.",
        "Betalningskravet har ingen grund som Kelmu känner till.",
        "The claim has no ground that Kelmu knows.",
    ),
    advice=(
        "Valitse toimeentulotukilain 23 § tai asiakasmaksulain 14 §. Muuten tee kirjallinen vaatimus.",
        "Välj 23 § i lagen om utkomststöd eller 14 § i klientavgiftslagen. Gör annars ett skriftligt krav.",
        "Choose Social Assistance Act 23 § or Client Fees Act 14 §. Otherwise make a written claim.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a ground that is not of Kelmu, and name the form when the ground exists in law."""
    if facts.ground is not None:
        return None
    other = facts.policy.other_ground(facts.claim.ground)
    if other is None:
        return UNKNOWN
    when_fi, when_sv, when_en = when(facts)
    forms_fi, forms_sv, forms_en = (f" {word} ".join(other.forms) for word in ("tai", "eller", "or"))
    return refusal(
        RULE,
        "claim.ground.by_form",
        other.law,
        reason=(
            f"Perusteella {other.law} ei voi rekisteröidä maksuvaatimusta Kelmussa.",
            f"På grunden {other.law} kan betalningskrav inte registreras i Kelmu.",
            f"Claims on the ground {other.law} cannot be registered in Kelmu.",
        ),
        advice=(
            f"Tee vaatimus lomakkeella {forms_fi}.{when_fi}",
            f"Gör kravet på blankett {forms_sv}.{when_sv}",
            f"Make the claim on form {forms_en}.{when_en}",
        ),
    )
