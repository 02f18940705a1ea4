"""V4, golden G7: the identity code is that of the person to whom the benefit is paid, not that of the child."""

from services.claims.domain import child_care
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules.child_advice import when
from services.claims.domain.wording import Triple, refusal
from shared.contracts.base import Refusal
from shared.contracts.claims import Ground

_GIVE: Triple = (
    "Anna sen henkilön tunnus, jolle etuus maksetaan.",
    "Ange beteckningen för den som förmånen betalas till.",
    "Give the identity code of the person to whom the benefit is paid.",
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse the code of somebody whose benefit is paid to another and not to themselves."""
    first, ground, register = facts.claim.first, facts.ground, facts.register
    if first is None or ground is None or register is None:
        return None
    if not register.paid_to_another(min(first, facts.arrived)):
        return None
    return refusal(
        "V4",
        "claim.not_payee",
        facts.policy.law(ground),
        reason=(
            "Etuutta ei makseta tälle henkilölle vaan toiselle.",
            "Förmånen betalas inte till denna person utan till en annan.",
            "The benefit is not paid to this person but to another.",
        ),
        advice=_advice(facts, ground),
    )


def _advice(facts: ClaimFacts, ground: Ground) -> Triple:
    other = child_care.ground_of(facts.policy, facts.claim.benefit)
    if other is None or ground is not Ground.AML_14:
        return _GIVE
    fi, sv, en = when(facts)
    form = other.forms[0]
    return (
        f"{_GIVE[0]} Jos lapsi on hoidossa, tee vaatimus lomakkeella {form} ({other.law}).{fi}",
        f"{_GIVE[1]} Om ett barn är i vård, gör kravet på blankett {form} ({other.law}).{sv}",
        f"{_GIVE[2]} If a child is in care, make the claim on form {form} ({other.law}).{en}",
    )
