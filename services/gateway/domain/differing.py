"""What one version of a record changed of the one before it. Pure."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shared.contracts.answers import RecordVersion


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that a version changed, as it was and as it is, in the record's own words."""

    name: str
    before: str
    after: str


def changes(versions: Sequence[RecordVersion]) -> dict[int, tuple[Differing, ...]]:
    """By version, the fields that it changed; nothing for the first one."""
    bodies = [(one.version, json.loads(one.body)) for one in versions]
    pairs = pairwise(bodies)
    return {number: tuple(_differing(before, after)) for (_, before), (number, after) in pairs}


def _differing(before: dict[str, object], after: dict[str, object]) -> Iterator[Differing]:
    for name in sorted({*before, *after} - {"version"}):
        was, is_ = before.get(name), after.get(name)
        if was != is_:
            yield Differing(name, _written(was), _written(is_))


def _written(value: object) -> str:
    match value:
        case None | [] | "":
            return "\u2013"
        case str():
            return value
        case list():
            return "; ".join(_written(one) for one in value)
        case dict():
            return ", ".join(f"{name}: {_written(one)}" for name, one in value.items() if one not in (None, "", []))
        case _:
            return str(value).lower() if isinstance(value, bool) else str(value)
