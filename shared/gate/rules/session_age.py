"""The person identified recently enough: a session does not outlive a working day."""

from typing import Final

from shared.contracts.base import Refusal, Text
from shared.gate.facts import Facts, within
from shared.gate.refusals import refusal

NAME: Final = "session_age"
LAW: Final = "L 523/1999 32 §"
REFUSAL: Final = refusal(
    NAME,
    LAW,
    Text(
        fi="Kirjautumisesta on kulunut liian kauan.",
        sv="Det har gått för lång tid sedan inloggningen.",
        en="Too much time has passed since you signed in.",
    ),
    Text(
        fi="Kirjaudu sisään uudelleen.",
        sv="Logga in på nytt.",
        en="Sign in again.",
    ),
)


def refuse(facts: Facts) -> Refusal | None:
    """Refuse when the identification is older than the limit, or its age is unknown or of the future."""
    return None if within(facts.signed_in_for, facts.limits.session) else REFUSAL
