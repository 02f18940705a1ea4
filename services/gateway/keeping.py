"""Who keeps what the gateway itself holds: announcements and fault reports are Kela's agreement officers' to handle.

And the announcements as every page needs them: read from the database now and then, not for each page.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.gateway.domain.announcing import Announcement, Change, Version, news, of_every_page
from services.gateway.store.news import Fault, FaultState, Kept, NewFault

REFRESHED_EVERY = 10.0
"""Seconds until another gateway shows what was announced here."""


class Announcements(Protocol):
    """Where announcements are kept (`store.news.AnnouncementStore`)."""

    async def current(self) -> tuple[Version, ...]:
        """The newest version of each."""
        ...

    async def history(self, announcement: UUID) -> tuple[Version, ...]:
        """All versions of one, the newest first."""
        ...

    async def add(self, one: Announcement, change: Change, key: bytes) -> Kept:
        """Keep a version."""
        ...


class Faults(Protocol):
    """Where fault reports are kept (`store.news.FaultStore`)."""

    async def report(self, fault: NewFault) -> int:
        """Keep a report; its number."""
        ...

    async def own(self, worker: str) -> tuple[Fault, ...]:
        """Those of one worker."""
        ...

    async def all(self) -> tuple[Fault, ...]:
        """Every one."""
        ...

    async def step(self, number: int, step: int, state: FaultState, remark: str, by: tuple[str, datetime]) -> bool:
        """Note what was done."""
        ...


@dataclass(slots=True)
class NewsBoard:
    """What is announced, as this process read it last. Pages never wait for it."""

    store: Announcements
    now: Callable[[], datetime]
    """Business clock."""
    _known: Sequence[Announcement] = field(default=(), init=False)

    async def refresh(self) -> None:
        """Read it anew."""
        self._known = tuple(one.announcement for one in await self.store.current())

    def of_every_page(self) -> tuple[Announcement, ...]:
        """Notices in force, and breaks that are on or near: they stand on the state line of every page."""
        return of_every_page(self._known, self.now())

    def news(self) -> tuple[Announcement, ...]:
        """The news of the public page."""
        return news(self._known, self.now())


def form_key(worker: str, typed: str) -> bytes:
    """By what a form is known when it comes twice; nobody meets another person's."""
    return hashlib.sha256(f"{worker}\x1f{typed}".encode()).digest()
