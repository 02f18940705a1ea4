"""Announcements and fault reports in memory, for tests that are about something else or about their pages."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.gateway.domain.announcing import Announcement, Change, Version
from services.gateway.store.news import Fault, FaultState, Kept, NewFault


@dataclass
class FakeAnnouncements:
    """The table of announcements in memory."""

    rows: list[Version] = field(default_factory=list)
    keys: set[bytes] = field(default_factory=set)

    async def current(self) -> tuple[Version, ...]:
        newest = {one.announcement.id: one for one in self.rows}
        return tuple(sorted(newest.values(), key=lambda one: one.announcement.first, reverse=True))

    async def history(self, announcement: UUID) -> tuple[Version, ...]:
        return tuple(one for one in reversed(self.rows) if one.announcement.id == announcement)

    async def add(self, one: Announcement, change: Change, key: bytes) -> Kept:
        if key in self.keys:
            return "repeated"
        if any((old.announcement.id, old.announcement.version) == (one.id, one.version) for old in self.rows):
            return "stale"
        self.keys.add(key)
        self.rows.append(Version(one, change))
        return "kept"


@dataclass
class FakeFaults:
    """The table of fault reports in memory."""

    rows: dict[bytes, Fault] = field(default_factory=dict)

    async def report(self, fault: NewFault) -> int:
        known = self.rows.setdefault(
            fault.key,
            Fault(
                number=len(self.rows) + 1,
                organisation=fault.organisation,
                worker=fault.worker,
                page=fault.page,
                text=fault.text,
                at=fault.at,
                step=None,
                state=None,
                remark=None,
                stepped=None,
            ),
        )
        return known.number

    async def own(self, worker: str) -> tuple[Fault, ...]:
        return tuple(one for one in reversed(self.rows.values()) if one.worker == worker)

    async def all(self) -> tuple[Fault, ...]:
        return tuple(reversed(self.rows.values()))

    async def step(self, number: int, step: int, state: FaultState, remark: str, by: tuple[str, datetime]) -> bool:
        key, fault = next(((key, one) for key, one in self.rows.items() if one.number == number), (b"", None))
        if fault is None or step != (fault.step or 0) + 1:
            return False
        self.rows[key] = replace(fault, step=step, state=state, remark=remark, stepped=by[1])
        return True
