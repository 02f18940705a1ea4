"""V3: the client's identity code (henkilötunnus) is valid."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal
from shared.gate.facts import CodeForm

REFUSAL: Final = refusal(
    "V3",
    "claim.identity_code",
    "L 434/2003 16 §",
    reason=(
        "Henkilötunnus on virheellinen tai keinotekoinen.",
        "Personbeteckningen är felaktig eller artificiell.",
        "The identity code is not valid, or it is artificial.",
    ),
    advice=(
        "Tarkista henkilötunnus. Anna sen henkilön tunnus, jolle etuus maksetaan.",
        "Kontrollera personbeteckningen. Ange beteckningen för den som förmånen betalas till.",
        "Check the identity code. Give that of the person to whom the benefit is paid.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse an invalid code, and an artificial one where the installation does not allow them."""
    form = facts.access.identity_code
    if form is CodeForm.ARTIFICIAL:
        return None if facts.access.limits.artificial_codes else REFUSAL
    return None if form is CodeForm.VALID else REFUSAL
