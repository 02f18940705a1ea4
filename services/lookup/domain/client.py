"""What the gate's rules about the client need to know, from what the read model holds of the client."""

from datetime import date
from typing import Final

from services.lookup.domain.found import Found
from shared.contracts.answers import ClaimRow
from shared.contracts.claims import ClaimState
from shared.contracts.register import Person
from shared.directory.facts import read_code
from shared.finnish.municipalities import current_code, municipalities
from shared.gate.facts import Client
from shared.gate.kinship import kinship_of

_IN_FORCE: Final = frozenset(
    state.value
    for state in (
        ClaimState.REGISTERED,
        ClaimState.WAITING,
        ClaimState.IN_HEARING,
        ClaimState.ACCEPTED,
        ClaimState.ACTIVE,
        ClaimState.SUSPENDED,
        ClaimState.ENDING,
    )
)
"""States in which a claim makes a client relation: those in which something can still happen to it. One that this
release does not know makes none."""


def client_of(found: Found, code: str, day: date, *, own: bool) -> Client:
    """The client as the rules see them.

    Args:
        found: Everything known of the client.
        code: The identity code that was typed, well formed.
        day: Helsinki day.
        own: Whether the worker typed their own code.

    Raises:
        ValueError: the code is not well formed.
    """
    _, read = read_code(code)
    if read is None:
        raise ValueError("the identity code is not well formed")
    person = found.person
    return Client(
        known=not found.nothing,
        born=read.birth_date,
        died=person.died if person else None,
        municipality=_home(person, day) if person else None,
        protected=person.safety_prohibition if person else False,
        minor_forbids=person.minor_forbids if person else False,
        kinship=kinship_of(((), *found.kinship) if own else found.kinship),
        own_claim=any(_in_force(claim.body, day) for claim in found.claims),
        notice=found.notice,
    )


def _home(person: Person, day: date) -> str:
    """Home municipality by its code of the day: whoever is still registered in a merged one lives in its successor."""
    code = person.municipality
    return current_code(code, day) if code in municipalities() else code


def _in_force(claim: ClaimRow, day: date) -> bool:
    return claim.state in _IN_FORCE and (claim.last is None or claim.last >= day)
