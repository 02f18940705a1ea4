"""The municipalities of 2016 and 2017 (kunnat): codes, names, languages, population, mergers; a CSV table.

Sources and attribution stand in README.md. A municipality that merges away is followed by its successor from
the first day of 2017; population figures are those of year end, the base of population-based fees.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from shared.finnish.errors import FormatError
from shared.finnish.tables import load_text

FIRST_DAY_OF_MERGERS = date(2017, 1, 1)
_ALAND_REGION = "21"
_POPULATION_YEARS = (2014, 2015, 2016)
_LANGUAGES: Mapping[str, tuple[Literal["fi", "sv"], ...]] = MappingProxyType(
    {
        "Monolingual Finnish-speaking municipality": ("fi",),
        "Monolingual Swedish-speaking municipality": ("sv",),
        "Bilingual municipality with Finnish-speaking majority": ("fi", "sv"),
        "Bilingual municipality with Swedish-speaking majority": ("sv", "fi"),
    }
)


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality. ``successor`` is the code of the one it merged into on 1.1.2017, if it did."""

    code: str
    name_fi: str
    name_sv: str
    region_code: str
    region_fi: str
    region_sv: str
    languages: tuple[Literal["fi", "sv"], ...]
    """Languages of the municipality, the majority's first."""
    hospital_district: str
    successor: str | None
    populations: Mapping[int, int]
    """Inhabitants on 31 December of 2014, 2015 and 2016."""
    population_note: str

    @property
    def is_in_aland(self) -> bool:
        """Whether it lies in Åland, where municipalities keep all social assistance after 2016."""
        return self.region_code == _ALAND_REGION

    def exists_on(self, day: date) -> bool:
        """Tell whether it is a municipality on the day. The table knows the mergers of 1.1.2017 only."""
        return self.successor is None or day < FIRST_DAY_OF_MERGERS

    def name(self, language: Literal["fi", "sv", "en"]) -> str:
        """Return its name; English text uses the Finnish one."""
        return self.name_sv if language == "sv" else self.name_fi


@lru_cache(maxsize=1)
def municipalities() -> Mapping[str, Municipality]:
    """Return all municipalities of 2016 by code, in code order."""
    rows = csv.DictReader(load_text("municipalities.csv").splitlines())
    return MappingProxyType({row["code"]: _read(row) for row in rows})


def municipality(code: str) -> Municipality:
    """Return the municipality with the three-digit code (kuntanumero).

    Raises:
        FormatError: ``municipality.unknown``.
    """
    found = municipalities().get(code)
    if found is None:
        raise FormatError(
            "municipality.unknown",
            "There is no municipality with this code.",
            "Give a three-digit code such as 091.",
        )
    return found


def existing_on(day: date) -> tuple[Municipality, ...]:
    """Return the municipalities of the day: 313 in 2016, 311 from 1.1.2017."""
    return tuple(known for known in municipalities().values() if known.exists_on(day))


def current_code(code: str, day: date) -> str:
    """Return the code that stands for this municipality on the day: its successor's once it has merged.

    Raises:
        FormatError: ``municipality.unknown``.
    """
    known = municipality(code)
    return known.code if known.exists_on(day) or known.successor is None else known.successor


def population(code: str, year: int, *, borders_of: date | None = None) -> int:
    """Return the inhabitants on 31 December of the year.

    Args:
        code: Municipality.
        year: 2014, 2015 or 2016.
        borders_of: Count within the borders of this day, with what has merged into it by then; the
            borders of 2016 when left out.

    Raises:
        FormatError: ``municipality.unknown``; ``municipality.population`` for a year that the table lacks;
            ``municipality.merged`` when the municipality no longer exists on ``borders_of``.
    """
    if year not in _POPULATION_YEARS:
        raise FormatError(
            "municipality.population",
            f"There are no population figures of {year}.",
            "Add the year to the table.",
        )
    own = municipality(code)
    if borders_of is None:
        return own.populations[year]
    if not own.exists_on(borders_of):
        raise FormatError("municipality.merged", "The municipality no longer exists.", f"Use {own.successor}.")
    return sum(
        known.populations[year] for known in municipalities().values() if current_code(known.code, borders_of) == code
    )


def _read(row: Mapping[str, str]) -> Municipality:
    return Municipality(
        code=row["code"],
        name_fi=row["name_fi"],
        name_sv=row["name_sv"],
        region_code=row["region_code"],
        region_fi=row["region_fi"],
        region_sv=row["region_sv"],
        languages=_LANGUAGES[row["language_relation"]],
        hospital_district=row["hospital_district_fi"],
        successor=row["successor_2017"] or None,
        populations=MappingProxyType({year: int(row[f"population_{year}"]) for year in _POPULATION_YEARS}),
        population_note=row["population_note"],
    )
