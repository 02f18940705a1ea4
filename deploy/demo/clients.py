"""Whom the workers of the demonstration look up: people of their own municipality, else with a stated relation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from deploy.demo.agreements.named import DEMO_WORKERS
from deploy.demo.register import Dossier
from shared.contracts.register import Payment, Person

RELATION: Final[Mapping[str, object]] = {
    "case_reference": "2016/1234",
    "description": "Asiakkaan hakemus on vireillä kunnassa.",
}
"""A client relation stated by the worker, with the reference of the case: granted and reported."""


class Clients:
    """People with payments whom anybody with the right may look up, turn by turn.

    Args:
        dossiers: The register.

    Attributes:
        codes: All of them, in the register's order.
    """

    def __init__(self, dossiers: Iterable[Dossier]) -> None:
        self.codes: list[str] = []
        self._at_home: dict[str, list[str]] = defaultdict(list)
        self._turn = 0
        kin = _circles(dossiers := list(dossiers))
        for dossier in dossiers:
            person = _person(dossier)
            if dossier.client not in kin and _plain(person) and _paid(dossier):
                self.codes.append(person.identity_code)
                self._at_home[person.municipality].append(person.identity_code)

    def next(self, member: str | None = None) -> tuple[str, dict[str, object] | None]:
        """Another client: the identity code, and the relation to state when none lives in the municipality."""
        self._turn += 1
        at_home = self._at_home.get(member or "", [])
        if at_home:
            return at_home[self._turn % len(at_home)], None
        return self.codes[self._turn % len(self.codes)], dict(RELATION)


def _circles(dossiers: Iterable[Dossier]) -> set[str]:
    """Pseudonyms of demo workers who are in the register themselves, and of everybody linked to them."""
    workers = {worker.identity_code() for worker in DEMO_WORKERS}
    links = {dossier.client: [link.client for link in _person(dossier).links] for dossier in dossiers}
    waiting = [dossier.client for dossier in dossiers if _person(dossier).identity_code in workers]
    found: set[str] = set()
    while waiting:
        client = waiting.pop()
        if client not in found:
            found.add(client)
            waiting.extend(links.get(client, ()))
    return found


def _person(dossier: Dossier) -> Person:
    body = dossier.records[0].body
    if not isinstance(body, Person):
        raise TypeError("a dossier begins with its person")
    return body


def _plain(person: Person) -> bool:
    return person.died is None and not person.safety_prohibition and not person.minor_forbids


def _paid(dossier: Dossier) -> bool:
    return any(isinstance(record.body, Payment) for record in dossier.current())
