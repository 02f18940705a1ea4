"""Kinship beyond one household: parents and grandparents, grown siblings, former partners, and in-laws by them.

Households are woven together a block at a time, so that a register of any size still streams. Every link is told by
both ends, and nobody becomes a relative by blood of an own partner.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from datetime import timedelta
from itertools import combinations
from random import Random
from typing import Final

from deploy.demo.register.people import Resident, relation
from shared.contracts.register import LinkKind

INVERSE: Final[dict[LinkKind, LinkKind]] = {
    "parent": "child",
    "child": "parent",
    "partner": "partner",
    "former_partner": "former_partner",
    "sibling": "sibling",
}
_YEAR: Final = timedelta(days=365.25)
_PARENT_AGES: Final = (19 * _YEAR, 42 * _YEAR)
_CLOSE_IN_AGE: Final = 14 * _YEAR
_SIBLING_GAP: Final = timedelta(days=300)
_HAS_PARENT, _HAS_SIBLING, _HAS_FORMER_PARTNER = 0.45, 0.2, 0.25
_FORMER_IS_PARENT: Final = 0.7


class Web:
    """Who is what to whom among the people of one block, by their place in it."""

    def __init__(self, people: Sequence[Resident], households: Sequence[int]) -> None:
        """Begin with the relations within each household."""
        self.people = people
        self.households = households
        self.links: list[dict[int, LinkKind]] = [{} for _ in people]
        for one, other in combinations(range(len(people)), 2):
            if households[one] == households[other]:
                kind = relation(people[other].role, people[one].role)
                if kind is not None:
                    self.tie(one, other, kind)

    def tie(self, one: int, other: int, kind: LinkKind) -> None:
        """Make the other what `kind` says to the one, and the one the inverse to the other."""
        self.links[one][other] = kind
        self.links[other][one] = INVERSE[kind]

    def of_kind(self, one: int, *kinds: LinkKind) -> list[int]:
        """Everybody who is such a relation to the one."""
        return [other for other, kind in self.links[one].items() if kind in kinds]

    def adopt(self, parent: int, child: int) -> None:
        """Tie a parent and a child, and the child to the parent's other children."""
        for sibling in self.of_kind(parent, "child"):
            if sibling != child and sibling not in self.links[child]:
                self.tie(child, sibling, "sibling")
        self.tie(child, parent, "parent")

    def attempt(self, change: Callable[[], None]) -> None:
        """Make a change, unless it would make somebody a relative by blood of an own partner."""
        before = deepcopy(self.links)
        change()
        if not self._sound():
            self.links = before

    def _sound(self) -> bool:
        return all(
            self._blood(one).isdisjoint(self._blood(other))
            for one in range(len(self.people))
            for other in self.of_kind(one, "partner", "former_partner")
            if one < other
        )

    def _blood(self, one: int) -> set[int]:
        found, waiting = {one}, [one]
        while waiting:
            nearer = self.of_kind(waiting.pop(), "parent", "sibling")
            waiting.extend(person for person in nearer if person not in found)
            found.update(nearer)
        return found


def weave(rng: Random, people: Sequence[Resident], households: Sequence[int]) -> Web:
    """Relate the people of a block of households.

    Args:
        rng: Source of chance.
        people: Everybody of the block.
        households: The number of each one's household, in the same order.
    """
    web = Web(people, households)
    grown = [index for index, person in enumerate(people) if person.role in {"head", "partner"}]
    for one in grown:
        if rng.random() < _HAS_PARENT and not web.of_kind(one, "parent"):
            _give_parents(rng, web, one, grown)
    for one in grown:
        if rng.random() < _HAS_SIBLING and not web.of_kind(one, "parent", "sibling"):
            _give_sibling(rng, web, one, grown)
        if rng.random() < _HAS_FORMER_PARTNER and not web.of_kind(one, "partner", "former_partner"):
            _give_former_partner(rng, web, one, grown)
    return web


def _give_parents(rng: Random, web: Web, one: int, grown: Sequence[int]) -> None:
    fitting = [other for other in _strangers(web, one, grown) if _may_be_parent(web, other, one)]
    if not fitting:
        return
    parent = rng.choice(fitting)

    def change() -> None:
        web.adopt(parent, one)
        for partner in web.of_kind(parent, "partner"):
            if partner not in web.links[one] and _may_be_parent(web, partner, one):
                web.adopt(partner, one)

    web.attempt(change)


def _give_sibling(rng: Random, web: Web, one: int, grown: Sequence[int]) -> None:
    fitting = [
        other
        for other in _strangers(web, one, grown)
        if not web.of_kind(other, "parent", "sibling") and _SIBLING_GAP < _apart(web, one, other) < _CLOSE_IN_AGE
    ]
    if fitting:
        other = rng.choice(fitting)
        web.attempt(lambda: web.tie(one, other, "sibling"))


def _give_former_partner(rng: Random, web: Web, one: int, grown: Sequence[int]) -> None:
    fitting = [other for other in _strangers(web, one, grown) if _apart(web, one, other) < _CLOSE_IN_AGE]
    if not fitting:
        return
    other, shared = rng.choice(fitting), rng.random() < _FORMER_IS_PARENT

    def change() -> None:
        web.tie(one, other, "former_partner")
        for child in web.of_kind(one, "child") if shared else ():
            if child not in web.links[other] and _may_be_parent(web, other, child):
                web.adopt(other, child)

    web.attempt(change)


def _strangers(web: Web, one: int, grown: Sequence[int]) -> Iterator[int]:
    own = web.households[one]
    return (other for other in grown if web.households[other] != own and other not in web.links[one])


def _apart(web: Web, one: int, other: int) -> timedelta:
    return abs(web.people[one].born - web.people[other].born)


def _may_be_parent(web: Web, parent: int, child: int) -> bool:
    return _PARENT_AGES[0] < web.people[child].born - web.people[parent].born < _PARENT_AGES[1]
