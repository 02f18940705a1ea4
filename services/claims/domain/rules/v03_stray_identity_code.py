"""V3: an identity code stands in its own field only, so that it is never stored or shown in clear."""

from typing import Final

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.wording import refusal
from shared.contracts.asking import RegisterClaim
from shared.contracts.base import Refusal
from shared.finnish.identity_code import contains_identity_code

REFUSAL: Final = refusal(
    "V3",
    "claim.stray_identity_code",
    "L 523/1999 13 §",
    reason=(
        "Henkilötunnus on kirjoitettu kenttään, johon se ei kuulu.",
        "En personbeteckning har skrivits i ett fält där den inte hör hemma.",
        "An identity code was typed into a field where it does not belong.",
    ),
    advice=(
        "Poista henkilötunnus muista kentistä kuin omastaan.",
        "Ta bort personbeteckningen från andra fält än dess eget.",
        "Remove the identity code from every field but its own.",
    ),
)


def texts(claim: RegisterClaim) -> tuple[str, ...]:
    """Every text of a claim that is not the identity code."""
    care = claim.care
    return (
        claim.idempotency_key,
        claim.benefit,
        claim.ground,
        claim.amount or "",
        claim.handler_name,
        claim.handler_phone,
        claim.account,
        claim.reference,
        claim.care_unit or "",
        *(one.amount for one in claim.advances),
        *((care.fee, care.income, care.others, care.unit) if care is not None else ()),
    )


def refuse(facts: ClaimFacts) -> Refusal | None:
    """Refuse a claim that names a person outside the identity code's field."""
    return REFUSAL if any(contains_identity_code(text) for text in texts(facts.claim)) else None
