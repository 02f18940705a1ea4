"""The request carries its actor, signed by the gateway for this request and still in time."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts
from shared.gate.refusals import refusal

NAME: Final = "actor_verified"
LAW: Final = "L 523/1999 32 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Pyynnön tekijää ei voitu varmistaa.",
        sv="Det gick inte att säkerställa vem som gjorde begäran.",
        en="It could not be verified who made the request.",
    ),
    Text(
        fi="Kirjaudu sisään uudelleen ja tee haku uudestaan.",
        sv="Logga in på nytt och gör sökningen igen.",
        en="Sign in again and repeat the search.",
    ),
)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse a request whose actor is unsigned, signed for another request, or expired."""
    return None if facts.actor_verified else REFUSAL
