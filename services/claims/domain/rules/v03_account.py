"""V3, golden R8: the account is chosen from the agreement's confirmed ones; an IBAN is never typed."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal

REFUSAL: Final = refusal(
    "V3",
    "claim.account",
    "L 434/2003 16 §",
    reason=(
        "Tili ei ole mikään sopimuksen vahvistetuista tileistä.",
        "Kontot är inte något av avtalets bekräftade konton.",
        "The account is none of the agreement's confirmed accounts.",
    ),
    advice=(
        "Valitse tili luettelosta. Uuden tilin vahvistaa organisaatiossasi toinen henkilö.",
        "Välj ett konto i förteckningen. Ett nytt konto bekräftas av en andra person i din organisation.",
        "Choose an account from the list. A new one is confirmed by a second person in your organisation.",
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse an account that the agreement does not hold, or that nobody has confirmed."""
    return None if facts.claim.account in facts.accounts else REFUSAL
