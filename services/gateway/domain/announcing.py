"""What Kela announces: news, service notices and planned breaks, and when each is told. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from shared.contracts.base import Text

Kind = Literal["news", "notice", "break"]
KINDS: Final[tuple[Kind, ...]] = ("news", "notice", "break")
"""News (tiedote) stand on the public page; a notice (häiriötiedote) and a planned break (käyttökatko) on every page."""
TOLD_BEFORE: Final = timedelta(days=7)
"""How long before its beginning a break stands on every page (assumed)."""
MOST_NEWS: Final = 10
"""How many news the public page shows."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One version of an announcement. Times are the business clock."""

    id: UUID
    version: int
    kind: Kind
    title: Text
    text: Text
    first: datetime
    last: datetime | None
    """When it ends; None: when it is withdrawn."""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed an announcement, why and when."""

    worker: str
    """Pseudonym."""
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A version with its history."""

    announcement: Announcement
    change: Change


def holds(one: Announcement, at: datetime) -> bool:
    """Whether it is in force at the instant; its end is out of force."""
    return not one.withdrawn and one.first <= at and (one.last is None or at < one.last)


def is_told(one: Announcement, at: datetime) -> bool:
    """Whether readers see it at the instant: a break is told a week before it begins."""
    ended = one.withdrawn or (one.last is not None and one.last <= at)
    begins = one.first - TOLD_BEFORE if one.kind == "break" else one.first
    return not ended and begins <= at


def of_every_page(all_: Iterable[Announcement], at: datetime) -> tuple[Announcement, ...]:
    """What stands on every page at the instant: notices first, then breaks as they come."""
    told = (one for one in all_ if one.kind != "news" and is_told(one, at))
    return tuple(sorted(told, key=lambda one: (one.kind == "break", one.first, one.id)))


def news(all_: Iterable[Announcement], at: datetime) -> tuple[Announcement, ...]:
    """The news of the public page at the instant, newest first."""
    told = (one for one in all_ if one.kind == "news" and is_told(one, at))
    return tuple(sorted(told, key=lambda one: (one.first, one.id), reverse=True)[:MOST_NEWS])
