"""Who in a synthetic register can play which part in a story or a test."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from deploy.demo.agreements.named import demo_worker
from deploy.demo.register.filing import Dossier
from shared.contracts.register import LinkKind, Person
from shared.finnish.identity_code import IdentityCode

_YEAR: Final = timedelta(days=366)
_UNKNOWN: Final = IdentityCode.artificial(date(1951, 7, 7), 981).reveal()
"""Numbers from 980 on are never drawn, and the demo workers are younger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Identity codes of clients, each for one part; `worker` is the demo worker's name in the story.

    Attributes:
        worker: Key of the demo worker around whom the parts are cast.
        sister: Her sister: one link away.
        aunt: Her mother's sister: two links away.
        known: Lives in the worker's municipality and has payments.
        hidden: Under a safety prohibition (turvakielto), in the worker's municipality.
        deceased: Died more than a year before the register's end.
        minor: A minor who forbids.
        elsewhere: Lives in another municipality.
        unknown: Nobody of the register.
    """

    worker: str
    sister: str
    aunt: str
    known: str
    hidden: str
    deceased: str
    minor: str
    elsewhere: str
    unknown: str


class _Register:
    """A register as it looks from one demo worker who has a record of an own in it."""

    def __init__(self, dossiers: Iterable[Dossier], worker: str) -> None:
        self.clients = {dossier.client: (dossier, _person(dossier)) for dossier in dossiers}
        code = demo_worker(worker).identity_code()
        own = next((person for _, person in self.clients.values() if person.identity_code == code), None)
        if own is None:
            raise LookupError(f"The register has no record of the demo worker {worker}.")
        self.own = own
        self._family = self._within(own)

    def of(self, person: Person, kind: LinkKind) -> Person:
        """The first who is such a relation to a person."""
        return next(self.clients[link.client][1] for link in person.links if link.kind == kind)

    def choose(self, fits: Callable[[Dossier, Person], bool]) -> Iterator[str]:
        """Codes of everybody who fits and is no relative of the worker."""
        return (
            person.identity_code
            for client, (dossier, person) in self.clients.items()
            if client not in self._family and person is not self.own and fits(dossier, person)
        )

    def first(self, part: str, fits: Callable[[Dossier, Person], bool]) -> str:
        """The first who fits a part."""
        code = next(self.choose(fits), None)
        if code is None:
            raise LookupError(f"The register has nobody for the part: {part}.")
        return code

    def at_home(self, person: Person) -> bool:
        """Whether a person lives in the worker's municipality."""
        return person.municipality == self.own.municipality

    def _within(self, person: Person) -> set[str]:
        found: set[str] = set()
        waiting = [link.client for link in person.links]
        while waiting:
            client = waiting.pop()
            if client not in found:
                found.add(client)
                waiting.extend(link.client for link in self.clients[client][1].links)
        return found


def ordinary(dossiers: Iterable[Dossier], worker: str = "tampere") -> Iterator[str]:
    """Codes of the clients whom the demo worker may look up without more ado, and who have payments.

    Raises:
        LookupError: The worker has no record in the register.
    """
    register = _Register(dossiers, worker)
    return register.choose(lambda dossier, person: register.at_home(person) and _plain(person) and _paid(dossier))


def cast(dossiers: Iterable[Dossier], *, worker: str = "tampere", ends: date = date(2016, 12, 31)) -> Cast:
    """Choose a client for each part.

    Args:
        dossiers: A register that was generated with `demo_relatives()`.
        worker: Key of a demo worker who has a circle of relatives there.
        ends: End of the register's time.

    Raises:
        LookupError: The register has nobody for a part.
    """
    register = _Register(dossiers, worker)
    home = register.at_home
    long_dead = ends - _YEAR
    return Cast(
        worker=worker,
        sister=register.of(register.own, "sibling").identity_code,
        aunt=register.of(register.of(register.own, "parent"), "sibling").identity_code,
        known=register.first("known", lambda d, p: home(p) and _plain(p) and _paid(d)),
        hidden=register.first("hidden", lambda _, p: home(p) and p.safety_prohibition and p.died is None),
        deceased=register.first("deceased", lambda _, p: home(p) and p.died is not None and p.died < long_dead),
        minor=register.first("minor", lambda _, p: home(p) and p.minor_forbids and not p.safety_prohibition),
        elsewhere=register.first("elsewhere", lambda d, p: not home(p) and _plain(p) and _paid(d)),
        unknown=_UNKNOWN,
    )


def _plain(person: Person) -> bool:
    return person.died is None and not person.safety_prohibition and not person.minor_forbids


def _paid(dossier: Dossier) -> bool:
    return any(record.kind == "payment" for record in dossier.current())


def _person(dossier: Dossier) -> Person:
    body = dossier.records[0].body
    if not isinstance(body, Person):
        raise TypeError("A dossier begins with its person.")
    return body
