"""The limits of the rules, by organisation: a data file with its source, overridden by the operator's own file."""

from collections.abc import Mapping
from datetime import time
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.base import BusinessId

MOST_ENTRIES = 50
"""Entries that are kept as numbers for one worker and day; a limit beyond it could never be reached."""
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Days = Annotated[int, Field(ge=1, le=400)]
_DEFAULT = Path(__file__).with_name("limits.yaml")


class LimitsError(ValueError):
    """A file of limits that cannot be used. The text says where and why."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Volume(_Part):
    """`unusual_volume`."""

    history_days: Days
    least_days: Days
    percent: Annotated[int, Field(ge=101)]
    least: Count


class Night(_Part):
    """`night_work`: the unit's hours on the Finnish wall clock."""

    opens: time
    closes: time
    weekdays: Annotated[frozenset[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1)]
    least: Annotated[int, Field(ge=1, le=MOST_ENTRIES)]

    @model_validator(mode="after")
    def _within_a_day(self) -> Self:
        if not self.opens < self.closes:
            raise ValueError("a unit opens before it closes; one that never closes has 00:00 to 23:59:59.999999")
        return self


class Within(_Part):
    """Rules that count different ones within some days."""

    days: Days
    least: Count


class Workers(_Part):
    """`many_workers`."""

    days: Days
    workers: Count
    units: Count


class Organisations(_Part):
    """`many_organisations`."""

    days: Days
    organisations: Annotated[int, Field(ge=2)]


class Action(_Part):
    """`without_action`."""

    days: Days
    least: Count
    percent: Annotated[int, Field(ge=1, le=100)]


class Limits(_Part):
    """Every limit, for one organisation."""

    unusual_volume: Volume
    night_work: Night
    own_colleagues: Within
    many_of_one_case: Within
    many_of_one_surname: Within
    many_of_one_address: Within
    many_workers: Workers
    many_organisations: Organisations
    without_action: Action

    @property
    def longest(self) -> int:
        """For how many days something may be counted."""
        return max(
            self.unusual_volume.history_days,
            self.own_colleagues.days,
            self.many_of_one_case.days,
            self.many_of_one_surname.days,
            self.many_of_one_address.days,
            self.many_workers.days,
            self.many_organisations.days,
            self.without_action.days,
        )


_Overrides = dict[BusinessId, dict[str, dict[str, object]]]


class _File(_Part):
    source: Annotated[str, Field(min_length=1)]
    mark: Literal["C", "I", "A"]
    default: Limits
    organisations: _Overrides


class _Own(_Part):
    """The operator's file: overrides alone."""

    source: Annotated[str, Field(min_length=1)]
    organisations: _Overrides


class LimitsTable:
    """Limits of each organisation.

    Args:
        default: Of those that have none of their own.
        own: Of those that have.
        source: Where they come from.
    """

    def __init__(self, default: Limits, own: Mapping[str, Limits], source: str) -> None:
        self.default = default
        self._own = dict(own)
        self.source = source

    def of(self, organisation: str | None) -> Limits:
        """Limits of an organisation."""
        return self.default if organisation is None else self._own.get(organisation, self.default)

    @property
    def longest(self) -> int:
        """For how many days something may be counted, in any organisation."""
        return max(limits.longest for limits in (self.default, *self._own.values()))


def read_limits(content: str, own: str | None = None) -> LimitsTable:
    """Read the data file, and the operator's overrides of it.

    Raises:
        LimitsError: one of them is malformed, or overrides what there is not.
    """
    try:
        file = _File.model_validate(yaml.safe_load(content))
        mine = None if own is None else _Own.model_validate(yaml.safe_load(own))
        overrides = file.organisations | (mine.organisations if mine else {})
        limits = {id_: _overridden(file.default, changes) for id_, changes in overrides.items()}
    except (ValueError, yaml.YAMLError) as error:
        raise LimitsError(f"The limits of the anomaly rules cannot be used: {error}") from error
    return LimitsTable(file.default, limits, mine.source if mine else file.source)


def _overridden(default: Limits, changes: Mapping[str, Mapping[str, object]]) -> Limits:
    base = default.model_dump()
    unknown = changes.keys() - base.keys()
    if unknown:
        raise ValueError(f"there is no rule {', '.join(sorted(unknown))}")
    return Limits.model_validate({rule: {**part, **changes.get(rule, {})} for rule, part in base.items()})


def default_text() -> str:
    """The data file as delivered."""
    return _DEFAULT.read_text(encoding="utf-8")


@cache
def default_limits() -> LimitsTable:
    """The limits as delivered."""
    return read_limits(default_text())
