"""The register's tables, read once and checked: names, household profiles, and how each benefit runs."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

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


def _load(name: str) -> object:
    return yaml.safe_load(resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8"))
