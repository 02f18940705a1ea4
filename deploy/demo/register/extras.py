"""The people around a demo worker, from a table: relatives who are clients, and one client for each special case."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import Final

from deploy.demo.agreements.named import demo_worker
from deploy.demo.register.kin import INVERSE
from deploy.demo.register.people import IdentityCodes, Resident, address_in, phone
from deploy.demo.register.tables import Circle, ExtraPerson, Member, circles
from shared.contracts.register import LinkKind
from shared.finnish.identity_code import IdentityCode

SELF: Final = "self"
"""The row that stands for the worker."""


def demo_relatives() -> Mapping[str, Circle]:
    """The circle of each demo worker who has one, by the worker's identity code."""
    named = ((demo_worker(circle.worker).identity_code(), circle) for circle in circles())
    return {code: circle for code, circle in named if code is not None}


def residents_of(rng: Random, circle: Circle, worker: IdentityCode, codes: IdentityCodes) -> list[Resident]:
    """Everybody of a circle, each in a household of an own; the worker keeps the worker's code."""
    return [_resident(rng, row, worker, codes) for row in circle.people]


def links_of(circle: Circle) -> list[dict[int, LinkKind]]:
    """What others of the circle are to each one, both ways, by their place in the table."""
    place = {row.person: index for index, row in enumerate(circle.people)}
    links: list[dict[int, LinkKind]] = [{} for _ in circle.people]
    for index, other, kind in _named(circle, place):
        links[index][other] = kind
        links[other][index] = INVERSE[kind]
    return links


def _named(circle: Circle, place: Mapping[str, int]) -> Iterator[tuple[int, int, LinkKind]]:
    for index, row in enumerate(circle.people):
        for other, kind in row.links.items():
            yield index, place[other], kind


def _resident(rng: Random, row: ExtraPerson, worker: IdentityCode, codes: IdentityCodes) -> Resident:
    born = row.born or _older(worker.birth_date, row.years)
    return Resident(
        role="head",
        member=Member(role="head", age=(0, 0), benefits=dict.fromkeys(row.benefits, 1.0)),
        sex=row.sex,
        born=born,
        last_name=row.last_name,
        first_names=row.first_names,
        municipality=row.municipality,
        language="fi",
        safety_prohibition=row.safety_prohibition,
        died=row.died,
        identity=worker if row.person == SELF else codes.take(born, row.sex),
        address=address_in(rng, row.municipality, "fi"),
        phone=phone(rng),
        minor_forbids=row.minor_forbids,
    )


def _older(born: date, years: int) -> date:
    # The first of a month exists in every year.
    return date(born.year - years, born.month, 1)
