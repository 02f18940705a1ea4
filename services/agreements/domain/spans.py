"""Arithmetic of days: spans with both ends included, ``last`` None meaning until further notice.

The last day of the calendar counts as no last day: there is no day after it to go on with.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from shared.contracts.base import Language, Validity

DAY = timedelta(days=1)
_FROM: Final = {"fi": "{} alkaen", "sv": "från och med {}", "en": "from {}"}


def is_reversed(span: Validity) -> bool:
    """Whether the span ends before it begins."""
    return span.last is not None and span.last < span.first


def overlap(one: Validity, other: Validity) -> Validity | None:
    """Return the days that two spans share, or None."""
    shared = Validity(first=max(one.first, other.first), last=_earlier(one.last, other.last))
    return None if is_reversed(shared) else shared


def missing(wanted: Validity, spans: Iterable[Validity]) -> Validity | None:
    """Return the first run of days of ``wanted`` that no span covers, or None when all are covered."""
    position = wanted.first
    until = _end(wanted)
    for span in sorted(spans, key=lambda candidate: candidate.first):
        last = _end(span)
        if last is not None and last < position:
            continue
        if span.first > position:
            return Validity(first=position, last=_earlier(until, span.first - DAY))
        if last is None:
            return None
        position = last + DAY
        if until is not None and position > until:
            return None
    return Validity(first=position, last=until)


def describe(span: Validity, language: Language = "en") -> str:
    """Print as people write it: ``1.1.2017-30.6.2017``, ``from 1.1.2017``."""
    if span.last is None:
        return _FROM[language].format(printed(span.first))
    return f"{printed(span.first)}-{printed(span.last)}"


def printed(day: date) -> str:
    """Print a day as people write it: ``1.1.2017``."""
    return f"{day.day}.{day.month}.{day.year}"


def _end(span: Validity) -> date | None:
    return None if span.last == date.max else span.last


def _earlier(one: date | None, other: date | None) -> date | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
