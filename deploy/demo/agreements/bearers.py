"""Who bears the social welfare of each municipality, day by day from 1.1.2015: exactly one party on any day.

A municipality bears itself unless a row below or a joint authority says otherwise. Everything else in the seed
(agreements, members, mandates) follows from these eras, so they cannot contradict each other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from deploy.demo.agreements.joint_authorities import BEGINNING, JOINT_AUTHORITIES
from shared.contracts.base import Validity
from shared.finnish.municipalities import FIRST_DAY_OF_MERGERS, municipalities

_DAY = timedelta(days=1)
LAST_DAY_BEFORE_MERGERS: Final = FIRST_DAY_OF_MERGERS - _DAY


@dataclass(frozen=True, slots=True)
class Era:
    """One party bears one municipality on these days.

    Attributes:
        municipality: Who is borne.
        party: Code of a municipality or key of a joint authority.
        days: When.
    """

    municipality: str
    party: str
    days: Validity


HOSTED: Final[Mapping[str, tuple[tuple[str, date], ...]]] = MappingProxyType(
    {
        # Host municipalities (vastuukunnat). That these serve their neighbour is plausible; every date is assumed.
        "072": (("072", BEGINNING), ("564", date(2016, 10, 1))),
        "046": (("046", BEGINNING), ("740", date(2017, 4, 1))),
        "768": (("740", BEGINNING), ("768", date(2016, 10, 1))),
    }
)
"""Municipality: who bears it from when, each until the next one's first day."""


def eras(code: str) -> tuple[Era, ...]:
    """Return who bears the municipality, in order and without gap from the seed's first day on."""
    turns = _turns(code)
    ends = (*(first - _DAY for _, first in turns[1:]), None)
    return tuple(
        Era(code, party, Validity(first=first, last=last)) for (party, first), last in zip(turns, ends, strict=True)
    )


def all_eras() -> Iterator[Era]:
    """Every era of every municipality of 2016, by code."""
    for code in municipalities():
        yield from eras(code)


def _turns(code: str) -> tuple[tuple[str, date], ...]:
    if code in HOSTED:
        return HOSTED[code]
    heir = municipalities()[code].successor
    if heir is not None:
        return ((code, BEGINNING), (heir, FIRST_DAY_OF_MERGERS))
    joint = next((authority for authority in JOINT_AUTHORITIES if code in authority.members), None)
    if joint is None:
        return ((code, BEGINNING),)
    if joint.first <= BEGINNING:
        return ((joint.key, BEGINNING),)
    return ((code, BEGINNING), (joint.key, joint.first))
