"""V19: one idempotency key stands for one registration; sent again with other content it is refused."""

from typing import Final

from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal

REFUSAL: Final = refusal(
    "V19",
    "claim.idempotency_key",
    "L 434/2003 17 §",
    reason=(
        "Samalla lähetystunnuksella on jo rekisteröity toinen vaatimus.",
        "Med samma sändningskod har redan ett annat krav registrerats.",
        "Another claim has already been registered with the same sending key.",
    ),
    advice=(
        "Avaa vaatimuslomake uudelleen ja lähetä vaatimus siitä.",
        "Öppna kravblanketten på nytt och skicka kravet därifrån.",
        "Open the claim form anew and send the claim from it.",
    ),
)


def refuse(registered: bytes, sent: bytes) -> Refusal | None:
    """Refuse a key whose registered claim had other content. Both are keyed digests of the content."""
    return None if registered == sent else REFUSAL
