"""What the gate's rules about the client need to know, from what the read model holds of the client."""

from datetime import date
from typing import Final

from services.lookup.domain.found import Found
from shared.contracts.answers import ClaimRow
from shared.contracts.claims import ClaimState
from shared.directory.facts import read_code
from shared.gate.facts import Client
from shared.gate.kinship import kinship_of

_IN_FORCE: Final = frozenset({ClaimState.REGISTERED.value})
"""States in which a claim makes a client relation; one that this release does not know makes none."""


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
        municipality=person.municipality if person else None,
        minor_forbids=person.minor_forbids if person else False,
        kinship=kinship_of(((), *found.kinship) if own else found.kinship),
        own_claim=any(_in_force(claim.body, day) for claim in found.claims),
        notice=found.notice,
    )


def _in_force(claim: ClaimRow, day: date) -> bool:
    return claim.state in _IN_FORCE and (claim.last is None or claim.last >= day)
