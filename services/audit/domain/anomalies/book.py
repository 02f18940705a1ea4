"""What the rules have to know, counted entry by entry: loaded for a batch, changed in memory, and stored again."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Literal

from services.audit.domain.anomalies.limits import MOST_ENTRIES, LimitsTable
from services.audit.domain.anomalies.night_work import outside_hours
from services.audit.domain.anomalies.reading import Acted, Duty
from services.audit.domain.anomalies.seen import Known, Look, Mark, Unfollowed
from shared.clock.civil import Month, at_helsinki, helsinki

SHOWN_ENTRIES: Final = 20
"""How many entries of a worker's day are kept for unusual volume."""

SetKind = Literal["workers", "organisations", "case", "surname", "address", "colleagues"]
SetKey = tuple[SetKind, str]
Worker = tuple[str, str]
"""Organisation and pseudonym."""


def set_key(kind: SetKind, *parts: str) -> SetKey:
    """The key of a set of different ones."""
    return kind, "|".join(parts)


@dataclass(frozen=True, slots=True)
class DayCount:
    """A worker's look-ups of one Finnish day."""

    look_ups: int = 0
    entries: tuple[int, ...] = ()
    night: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """A look-up for a claim that waits for an action."""

    organisation: str
    person: str
    worker: str
    day: date
    due: date
    seq: int


@dataclass(slots=True)
class Changed:
    """Keys of what has to be stored."""

    days: set[tuple[Worker, date]] = field(default_factory=set)
    marks: dict[tuple[SetKey, str], str] = field(default_factory=dict)
    """With the person it is about, so that erasing finds it."""
    opened: dict[tuple[str, str, str], Open] = field(default_factory=dict)
    closed: set[tuple[str, str, str]] = field(default_factory=set)
    months: set[tuple[Worker, str]] = field(default_factory=set)
    duties: dict[str, Duty] = field(default_factory=dict)


class Book:
    """The counts that a batch of entries needs. Loaded by `store.anomalies`; no I/O here."""

    def __init__(self, limits: LimitsTable) -> None:
        self._limits = limits
        self.days: defaultdict[Worker, dict[date, DayCount]] = defaultdict(dict)
        self.marks: defaultdict[SetKey, dict[str, Mark]] = defaultdict(dict)
        self.open: defaultdict[tuple[str, str], dict[str, Open]] = defaultdict(dict)
        self.months: dict[tuple[Worker, str], Unfollowed] = {}
        self.duties: defaultdict[Worker, dict[str, Duty]] = defaultdict(dict)
        self.as_client: dict[Worker, str] = {}
        """Workers by the pseudonym that they have as clients."""
        self.staff: set[tuple[str, str]] = set()
        """Organisation, and one of its workers as a client."""
        self.changed = Changed()

    def look(self, look: Look) -> Known:
        """Count a look-up in; what is then known."""
        today = self._count(look)
        worker = (look.organisation, look.worker)
        history = self._history(worker, look.day)
        known = Known(
            look=look,
            today=today.look_ups,
            today_entries=today.entries,
            history=history,
            night=today.night,
            duty=any(duty.covers(look.day) for duty in self.duties[worker].values()),
            oneself=self.as_client.get(worker),
        )
        return known if look.person is None else self._about_person(known, look.person)

    def act(self, acted: Acted) -> Iterator[Known]:
        """Settle the look-ups that waited for this action. What came too late is as if it had not come."""
        for organisation in acted.organisations:
            for waiting in list(self.open[organisation, acted.person].values()):
                known = self._settle(waiting, followed=acted.day <= waiting.due)
                if acted.day > waiting.due:
                    yield known

    def overdue(self, waiting: Open) -> Known:
        """Settle a look-up whose days have passed without an action."""
        return self._settle(waiting, followed=False)

    def mandate(self, duty: Duty) -> None:
        """Note who is on emergency duty; an older version changes nothing."""
        held = self.duties[duty.organisation, duty.worker]
        if duty.id not in held or held[duty.id].version < duty.version:
            held[duty.id] = duty
            self.changed.duties[duty.id] = duty

    def _count(self, look: Look) -> DayCount:
        worker = (look.organisation, look.worker)
        days = self.days[worker]
        before = days.get(look.day, DayCount())
        hours = self._limits.of(look.organisation).night_work
        night = before.night
        if not look.emergency and outside_hours(look.local, hours):
            night = (*night, look.seq)[-MOST_ENTRIES:]
        days[look.day] = DayCount(before.look_ups + 1, (*before.entries, look.seq)[-SHOWN_ENTRIES:], night)
        self.changed.days.add((worker, look.day))
        return days[look.day]

    def _history(self, worker: Worker, day: date) -> tuple[int, ...]:
        first = day - timedelta(days=self._limits.of(worker[0]).unusual_volume.history_days)
        return tuple(count.look_ups for at, count in sorted(self.days[worker].items()) if first <= at < day)

    def _about_person(self, known: Known, person: str) -> Known:
        look = known.look
        organisation, worker = look.organisation, look.worker
        if (organisation, person) in self.staff:
            key = set_key("colleagues", organisation, worker)
            known = replace(known, colleagues=self._mark(key, person, "", look))
        if not look.seen:
            return known
        unit = f"{organisation}/{look.member or ''}"
        known = replace(
            known,
            workers=self._mark(set_key("workers", organisation, person), worker, unit, look),
            organisations=self._mark(set_key("organisations", person), organisation, organisation, look),
        )
        if look.claim:
            self._open(look, person)
        return replace(
            known,
            case_persons=self._shared("case", look.case, person, look),
            surname_persons=self._shared("surname", look.surname, person, look),
            address_persons=self._shared("address", look.address, person, look),
        )

    def _shared(self, kind: SetKind, what: str | None, person: str, look: Look) -> tuple[Mark, ...]:
        """Those whom the worker looked up and who share this with the person; none when it is not known."""
        if what is None:
            return ()
        return self._mark(set_key(kind, look.organisation, look.worker, what), person, "", look)

    def _mark(self, key: SetKey, element: str, unit: str, look: Look) -> tuple[Mark, ...]:
        marks = self.marks[key]
        held = marks.get(element)
        marks[element] = Mark(element, unit, look.day if held is None else max(held.day, look.day), look.seq)
        self.changed.marks[key, element] = look.person or ""
        return tuple(marks.values())

    def _open(self, look: Look, person: str) -> None:
        waiting = self.open[look.organisation, person]
        if look.worker in waiting:
            return
        due = look.day + timedelta(days=self._limits.of(look.organisation).without_action.days)
        opened = Open(look.organisation, person, look.worker, look.day, due, look.seq)
        waiting[look.worker] = opened
        key = (look.organisation, person, look.worker)
        self.changed.opened[key] = opened
        self.changed.closed.discard(key)

    def _settle(self, waiting: Open, *, followed: bool) -> Known:
        key = (waiting.organisation, waiting.person, waiting.worker)
        self.open[waiting.organisation, waiting.person].pop(waiting.worker, None)
        self.changed.opened.pop(key, None)
        self.changed.closed.add(key)
        worker, month = (waiting.organisation, waiting.worker), str(Month.of(waiting.day))
        before = self.months.get((worker, month), Unfollowed(month, 0, 0, ()))
        settled = Unfollowed(
            month,
            before.followed + followed,
            before.unfollowed + (not followed),
            before.entries if followed else (*before.entries, waiting.seq)[-SHOWN_ENTRIES:],
        )
        self.months[worker, month] = settled
        self.changed.months.add((worker, month))
        time = at_helsinki(waiting.due + timedelta(days=1))
        look = Look(waiting.seq, time, helsinki(time), waiting.organisation, None, waiting.worker)
        return Known(look=look, settled=settled)
