"""V4: nobody is paid for days after their death, so that a claim on such days alone has nothing to bite on."""

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a period that lies after the client's death."""
    first, ground, register = facts.claim.first, facts.ground, facts.register
    if first is None or ground is None or register is None or register.died is None or first <= register.died:
        return None
    return refusal(
        "V4",
        "claim.deceased",
        facts.policy.law(ground),
        reason=(
            "Asiakas on kuollut ennen jakson alkua.",
            "Klienten har avlidit före periodens början.",
            "The client died before the period begins.",
        ),
        advice=(
            "Vaatimus voi koskea vain aikaa ennen kuolemaa. Selvitä muu saatava kuolinpesän kanssa.",
            "Kravet kan gälla endast tiden före dödsfallet. Red ut övriga fordringar med dödsboet.",
            "A claim can concern the time before the death only. Settle what else is due with the estate.",
        ),
    )
