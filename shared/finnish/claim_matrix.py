"""Which benefit can be claimed on which ground, by which form otherwise, and on which assistance.

The claims service judges by these tables; the pages offer by them.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import Literal

import yaml
from pydantic import Field, model_validator

from shared.contracts.claims import Ground
from shared.finnish.benefits import Group, benefits
from shared.finnish.dated_rows import Dated, Row, Table
from shared.finnish.tables import load_text

Form = Literal["EV 241N", "EV 255", "LL2", "LU1"]
Assistance = Literal["basic", "supplementary", "preventive"]


class Cell(StrEnum):
    """What the matrix says of a benefit on a ground."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    EMPTY = "empty"
    """Not in Kelmu: a written claim (golden R7)."""


class GroundRow(Row):
    """A ground (peruste) that Kelmu registers, and its section of law."""

    code: Ground
    law: str


class OtherGround(Row):
    """A ground in law that Kelmu does not take, and the form that does."""

    code: str
    law: str
    forms: tuple[Form, ...]


class BenefitRow(Dated):
    """What holds for some benefits in a time."""

    benefits: tuple[str, ...] = Field(min_length=1)
    allowed: tuple[Ground, ...] = ()
    forbidden: tuple[Ground, ...] = ()
    forms: tuple[Form, ...] = ()

    @model_validator(mode="after")
    def _is_one_answer(self) -> "BenefitRow":
        unknown = set(self.benefits) - set(benefits())
        if unknown:
            raise ValueError(f"there is no benefit {min(unknown)}")
        if set(self.allowed) & set(self.forbidden):
            raise ValueError(f"{self.benefits[0]}: a ground is allowed and forbidden at once")
        return self

    def cell(self, ground: Ground) -> Cell:
        """What the row says of the ground."""
        if ground in self.allowed:
            return Cell.ALLOWED
        return Cell.FORBIDDEN if ground in self.forbidden else Cell.EMPTY


class AssistanceRow(Dated):
    """Until when a type of assistance is the municipality's to give."""

    type: Assistance


class AssistanceTable(Table):
    """ToTuL 23 (rule V9): which assistance may stand behind a municipality's claim."""

    types: tuple[AssistanceRow, ...]

    def gives(self, kind: Assistance, day: date) -> bool:
        """Whether a municipality gives this assistance on the day."""
        return any(row.type == kind and row.holds_on(day) for row in self.types)


class Mediation(Row):
    """Välitystili (rule V21): the municipality's mediation account is no claim; it rests on the client's consent."""

    code: str
    groups: tuple[Group, ...]
    """Benefits of these groups cannot be paid to it."""
    benefits: tuple[str, ...]
    """Nor can these."""

    def possible(self, benefit: str) -> bool:
        """Whether the benefit can be paid to it at all, should the client consent. Of an unknown one: no."""
        known = benefits().get(benefit)
        return known is not None and known.group not in self.groups and benefit not in self.benefits


class Policy(Table):
    """All tables of `claim_matrix.yaml`.

    Raises:
        ValidationError: a table contradicts itself, names an unknown benefit or lacks a ground of Kelmu.
    """

    grounds: tuple[GroundRow, ...]
    other_grounds: tuple[OtherGround, ...]
    benefits: tuple[BenefitRow, ...]
    assistance: AssistanceTable
    mediation: Mediation

    @model_validator(mode="after")
    def _is_consistent(self) -> "Policy":
        if sorted(row.code for row in self.grounds) != sorted(Ground):
            raise ValueError("exactly the grounds of Kelmu have a row")
        for one, other in combinations(self.benefits, 2):
            shared = set(one.benefits) & set(other.benefits)
            if shared and one.meets(other):
                raise ValueError(f"{min(shared)} has two rows on one day")
        return self

    def row(self, benefit: str, day: date) -> BenefitRow | None:
        """The row that holds for the benefit on the day; None: the matrix says nothing of it."""
        return next((row for row in self.benefits if benefit in row.benefits and row.holds_on(day)), None)

    def cell(self, benefit: str, ground: Ground, day: date) -> Cell:
        """What the matrix says of the benefit on the ground, on the day. What it does not name is empty."""
        row = self.row(benefit, day)
        return Cell.EMPTY if row is None else row.cell(ground)

    def law(self, ground: Ground) -> str:
        """The section of law of a ground of Kelmu."""
        return next(row.law for row in self.grounds if row.code == ground)

    def other_ground(self, code: str) -> OtherGround | None:
        """The row of a ground that Kelmu does not take."""
        return next((row for row in self.other_grounds if row.code == code), None)

    def pairs(self, day: date) -> Iterator[tuple[str, Ground]]:
        """Every benefit and ground that can be claimed in Kelmu on the day."""
        for row in self.benefits:
            if row.holds_on(day):
                yield from ((benefit, ground) for benefit in row.benefits for ground in row.allowed)


def read_policy(data: object) -> Policy:
    """Read the tables from parsed data.

    Raises:
        ValidationError: the data break the form of the tables, or contradict themselves.
    """
    return Policy.model_validate(data)


@lru_cache(maxsize=1)
def claim_policy() -> Policy:
    """The tables of `claim_matrix.yaml`, read once.

    Raises:
        ValidationError: the file is not what it should be; no service starts on it.
    """
    return read_policy(yaml.safe_load(load_text("claim_matrix.yaml")))
