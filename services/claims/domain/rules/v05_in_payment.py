"""V5: child benefit (lapsilisä) can be claimed only when it is in payment; others may be awaited (ToTuL 23 §)."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.base import Refusal

IN_PAYMENT_ONLY: Final = frozenset({"lapsilisa"})
REFUSAL: Final = refusal(
    "V5",
    "claim.not_in_payment",
    "L 1412/1997 23 §, L 734/1992 14 §",
    reason=(
        "Lapsilisää ei makseta tälle henkilölle. Vain maksussa olevaa lapsilisää voi vaatia.",
        "Barnbidrag betalas inte till denna person. Krav kan ställas endast på barnbidrag som är under utbetalning.",
        "Child benefit is not paid to this person. Only child benefit that is in payment can be claimed.",
    ),
    advice=(
        "Tarkista, että tunnus on lapsilisän saajan. Jos lapsilisä on vasta haettu, tee vaatimus, kun se on myönnetty.",
        (
            "Kontrollera att beteckningen är barnbidragstagarens. Om barnbidraget bara är sökt, gör kravet när det har "
            "beviljats."
        ),
        (
            "Check that the code is that of the person who gets the benefit. If it is only applied for, claim "
            "when it has been granted."
        ),
    ),
)


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse child benefit that is not in payment on the day of arrival, or of which that is not known."""
    if facts.claim.benefit not in IN_PAYMENT_ONLY:
        return None
    register = facts.register
    return None if register is not None and register.granted_for(facts.arrived, facts.arrived) else REFUSAL
