"""The register's tables, read once and checked: names, household profiles, and how each benefit runs."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from shared.contracts.register import LinkKind, NoticeType
from shared.finnish.benefits import benefits

Chance = Annotated[float, Field(ge=0, le=1)]
Role = Literal["head", "partner", "child", "elder"]
Course = Literal["throughout", "annual", "study", "daily", "child", "birth", "once", "transfer"]
Sex = Literal["female", "male"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Terms(_Row):
    """How a benefit runs; the head of terms.yaml explains each column."""

    benefit: str
    course: Course
    amount: tuple[int, int]
    tax: tuple[Decimal, ...] = (Decimal(0),)
    refused: Chance = 0.0
    to_other: Chance = 0.0
    to_municipality: Chance = 0.0
    days: tuple[int, int] | None = None
    ages: tuple[int, int] | None = None
    paid_every: Literal["four_weeks", "month"] | None = None
    beneficiary: Literal["payee", "child"] = "payee"

    @model_validator(mode="after")
    def _complete(self) -> "Terms":
        daily = benefits()[self.benefit].rhythm == "daily"
        needs = {"days": self.course == "daily", "ages": self.course == "child", "paid_every": daily}
        for column, needed in needs.items():
            if (getattr(self, column) is not None) != needed:
                raise ValueError(f"{self.benefit}: the course {self.course} and the column {column} do not fit")
        return self


class Member(_Row):
    """Who lives in a household of a profile."""

    role: Role
    age: tuple[float, float]
    count: tuple[int, int] = (1, 1)
    benefits: dict[str, Chance]


class Profile(_Row):
    """A kind of household."""

    profile: str
    weight: float = Field(gt=0)
    members: tuple[Member, ...] = Field(min_length=1)


class Names(_Row):
    """Names of one language."""

    last: tuple[str, ...]
    female: tuple[str, ...]
    male: tuple[str, ...]

    def first(self, sex: Sex) -> tuple[str, ...]:
        """Return the first names of a sex."""
        return self.female if sex == "female" else self.male


class NoticeTerms(_Row):
    """When and of whom notices of one type are made; the head of notices.yaml explains each column."""

    type: NoticeType
    weight: float = Field(gt=0)
    days: tuple[date, date]
    text: str
    benefits: tuple[str, ...] = ()
    age: tuple[int, int] = (18, 110)
    after: bool = False
    application: bool = False
    urgent: bool = False


class Remarks(_Row):
    """Words by benefit; `any` stands for the benefits that are not named."""

    terms: dict[str, tuple[str, ...]]
    missing: dict[str, tuple[str, ...]]
    interrupted: dict[str, tuple[str, ...]]


class ExtraPerson(_Row):
    """Somebody that a story needs; the head of extras.yaml explains each column."""

    person: str
    sex: Sex
    last_name: str
    first_names: str
    municipality: str
    born: date | None = None
    years: int = 0
    """Older than the worker by so many years, for one without `born`."""
    died: date | None = None
    safety_prohibition: bool = False
    minor_forbids: bool = False
    benefits: tuple[str, ...] = ()
    links: dict[str, LinkKind] = Field(default_factory=dict)


class Circle(_Row):
    """The people around one demo worker."""

    worker: str
    people: tuple[ExtraPerson, ...]


@lru_cache(maxsize=1)
def terms() -> Mapping[str, Terms]:
    """Return how each benefit runs.

    Raises:
        ValueError: A benefit is missing from the table.
    """
    table = {row.benefit: row for row in TypeAdapter(list[Terms]).validate_python(_load("terms.yaml"))}
    missing = benefits().keys() - table.keys()
    if missing:
        raise ValueError(f"terms.yaml lacks {sorted(missing)}")
    return MappingProxyType(table)


@lru_cache(maxsize=1)
def profiles() -> tuple[Profile, ...]:
    """Return every kind of household, in the order of the table."""
    return TypeAdapter(tuple[Profile, ...]).validate_python(_load("profiles.yaml"))


@lru_cache(maxsize=1)
def names() -> Mapping[str, Names]:
    """Return the names by language (fi, sv)."""
    return MappingProxyType(TypeAdapter(dict[str, Names]).validate_python(_load("names.yaml")))


@lru_cache(maxsize=1)
def streets() -> Mapping[str, tuple[str, ...]]:
    """Return street names by language (fi, sv)."""
    return MappingProxyType(TypeAdapter(dict[str, tuple[str, ...]]).validate_python(_load("places.yaml")))


@lru_cache(maxsize=1)
def remarks() -> Remarks:
    """Return the words that decisions and applications carry."""
    return Remarks.model_validate(_load("remarks.yaml"))


@lru_cache(maxsize=1)
def notice_terms() -> tuple[NoticeTerms, ...]:
    """Return the types of notices."""
    return TypeAdapter(tuple[NoticeTerms, ...]).validate_python(_load("notices.yaml"))


@lru_cache(maxsize=1)
def medicine_ceilings() -> Mapping[int, Decimal]:
    """Return the annual ceiling on medicine costs by year."""
    return MappingProxyType(TypeAdapter(dict[int, Decimal]).validate_python(_load("medicine.yaml")))


@lru_cache(maxsize=1)
def circles() -> tuple[Circle, ...]:
    """Return the people that stories need, by demo worker."""
    return TypeAdapter(tuple[Circle, ...]).validate_python(_load("extras.yaml"))


def _load(name: str) -> object:
    return yaml.safe_load(resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8"))
