"""Putting the synthetic register together, a block of households at a time, so that any size streams."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count as numbers
from random import Random
from types import MappingProxyType
from typing import Final

from deploy.demo.register.extras import links_of, residents_of
from deploy.demo.register.filing import Dossier, File, Matter, Record
from deploy.demo.register.kin import weave
from deploy.demo.register.people import IdentityCodes, Resident, household
from deploy.demo.register.spells import Window, recent, spells
from deploy.demo.register.status import add_insurance, add_medicine, add_notice
from deploy.demo.register.tables import Circle, Profile, profiles, terms
from shared.contracts.register import Link, LinkKind, Person
from shared.finnish.identity_code import IdentityCode

__all__ = ["Dossier", "Record", "generate"]

Pseudonym = Callable[[str], str]
_APPLIED_RECENTLY: Final = 0.15
_HOUSEHOLDS_TOGETHER: Final = 8
"""A block: only its people are related to each other."""
_FIRST_EXTRA: Final = 9_000_000
"""Number of the first record of people around demo workers, beyond everybody drawn."""
_NOBODY: Final[Mapping[str, Circle]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Household:
    """Who lives together, what is drawn for them from here on, and whether they claim all that their profile names."""

    rng: Random
    residents: list[Resident]
    certain: bool


def generate(
    count: int,
    seed: int,
    pseudonym: Pseudonym,
    window: Window | None = None,
    *,
    relatives: Mapping[str, Circle] = _NOBODY,
) -> Iterator[Dossier]:
    """Invent a register and yield it client by client; the same arguments give the same register.

    The first households are one of each profile, so that a register of about 60 persons already holds every
    benefit; the later ones follow the profiles' weights.

    Args:
        count: How many persons.
        seed: Decides everything that is drawn.
        pseudonym: Gives the client pseudonym of an identity code.
        window: The time the register tells of; 2015-2016 when left out.
        relatives: People around workers, by the worker's identity code; they come first, and beside the count.

    Raises:
        ValueError: The count is negative, or so large that artificial identity codes run out.
    """
    if count < 0:
        raise ValueError("A register holds no negative number of persons.")
    told, codes, number = window or Window(), IdentityCodes(), _FIRST_EXTRA
    for code, circle in relatives.items():
        rng = Random(f"{seed}/circle/{circle.worker}")
        residents = residents_of(rng, circle, IdentityCode.parse(code, allow_artificial=True), codes)
        alone = [_Household(rng, [resident], certain=True) for resident in residents]
        yield from _dossiers(alone, links_of(circle), number, told, pseudonym)
        number += len(residents)
    made = 0
    for block in _blocks(count, seed, told.last, codes):
        residents = [resident for home in block for resident in home.residents]
        homes = [index for index, home in enumerate(block) for _ in home.residents]
        web = weave(block[0].rng, residents, homes)
        yield from _dossiers(block, web.links, made, told, pseudonym)
        made += len(residents)


def _blocks(count: int, seed: int, ends: date, codes: IdentityCodes) -> Iterator[list[_Household]]:
    made, block = 0, list[_Household]()
    for index in numbers():
        if made == count:
            break
        rng = Random(f"{seed}/{index}")
        residents = household(rng, _profile(rng, index, count - made), ends, codes)
        block.append(_Household(rng, residents, certain=index < len(profiles())))
        made += len(residents)
        if len(block) == _HOUSEHOLDS_TOGETHER:
            yield block
            block = []
    if block:
        yield block


def _profile(rng: Random, index: int, room: int) -> Profile:
    every = profiles()
    chosen = every[index] if index < len(every) else rng.choices(every, [kind.weight for kind in every])[0]
    largest = sum(member.count[1] for member in chosen.members)
    return chosen if largest <= room else every[0]


def _dossiers(
    block: Sequence[_Household],
    links: Sequence[Mapping[int, LinkKind]],
    made: int,
    window: Window,
    pseudonym: Pseudonym,
) -> Iterator[Dossier]:
    clients = [pseudonym(resident.identity.reveal()) for home in block for resident in home.residents]
    first = 0
    for home in block:
        size = len(home.residents)
        persons = [_person(resident, links[first + index], clients) for index, resident in enumerate(home.residents)]
        yield from _household_dossiers(home, persons, clients[first : first + size], made + first, window)
        first += size


def _household_dossiers(
    home: _Household, persons: Sequence[Person], clients: Sequence[str], number: int, window: Window
) -> Iterator[Dossier]:
    rng, residents = home.rng, home.residents
    matters: list[list[Matter]] = [[] for _ in residents]
    for index, resident in enumerate(residents):
        payee = 0 if resident.role == "child" else index
        matters[payee].extend(_matters(rng, resident, index, residents[payee].died, window, certain=home.certain))
    for index, resident in enumerate(residents):
        file = File(rng, number + index, clients[index], window)
        file.add("person", persons[index])
        for matter in matters[index]:
            file.add_matter(matter, resident)
        for matter in matters[0]:
            if matter.child == index:
                file.add_entitlement(matter, clients[0])
        add_insurance(file, resident)
        add_medicine(file, resident)
        add_notice(file, resident)
        yield Dossier(clients[index], resident.identity, tuple(file.records))


def _matters(
    rng: Random, resident: Resident, index: int, payee_died: date | None, window: Window, *, certain: bool
) -> Iterator[Matter]:
    for code, chance in resident.member.benefits.items():
        how = terms()[code]
        if certain or rng.random() < chance:
            child = (
                index if how.beneficiary == "child" or (resident.role == "child" and code == "perhe_elake") else None
            )
            for spell in spells(rng, how, window, resident.born, payee_died):
                yield Matter(spell, how, child)
    if resident.role != "child" and resident.died is None and rng.random() < _APPLIED_RECENTLY:
        for code in rng.sample(sorted(resident.member.benefits), min(1, len(resident.member.benefits))):
            if terms()[code].course != "transfer":
                for spell in recent(rng, terms()[code], window):
                    yield Matter(spell, terms()[code], None)


def _person(resident: Resident, links: Mapping[int, LinkKind], clients: Sequence[str]) -> Person:
    return Person(
        identity_code=resident.identity.reveal(),
        last_name=resident.last_name,
        first_names=resident.first_names,
        municipality=resident.municipality,
        language=resident.language,
        safety_prohibition=resident.safety_prohibition,
        died=resident.died,
        links=tuple(Link(kind=kind, client=clients[other]) for other, kind in links.items()),
        address=resident.address,
        phone=resident.phone,
        minor_forbids=resident.minor_forbids,
    )
