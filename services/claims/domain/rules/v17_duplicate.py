"""V17: one claim for one client, benefit, ground, body and time; a change is a new version, not a second one."""

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a claim whose period overlaps that of the same body on the same benefit and ground."""
    first, ground = facts.claim.first, facts.ground
    organisation, member = facts.access.organisation, facts.access.member
    if first is None or ground is None or organisation is None or member is None:
        return None
    for known in facts.existing:
        same_body = (known.organisation, known.member) == (organisation.business_id, member.code)
        same_right = (known.benefit, known.ground) == (facts.claim.benefit, ground)
        if same_body and same_right and known.overlaps(first, facts.claim.last):
            return _refusal(known.number, facts.policy.law(ground))
    return None


def _refusal(number: str, law: str) -> Refusal:
    return refusal(
        "V17",
        "claim.duplicate",
        law,
        reason=(
            f"Samasta etuudesta on jo vaatimus {number}, jonka jakso menee päällekkäin.",
            f"För samma förmån finns redan kravet {number} vars period överlappar.",
            f"There is already claim {number} on the same benefit, and its period overlaps.",
        ),
        advice=(
            "Rajaa jakso, tai muuta aiempaa vaatimusta.",
            "Begränsa perioden, eller ändra det tidigare kravet.",
            "Limit the period, or change the earlier claim.",
        ),
    )
