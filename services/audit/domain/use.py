"""Use counted from the leaves of the log, for the generic reports.

An entry says nothing that was checked (audit logs whatever was published), so a field counts only where it is what it
should be: one odd entry must not keep a month's reports from being made.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

import orjson

from services.audit.domain.generic_report import Override, Use
from services.audit.domain.indicators import WorkingHours
from shared.clock.civil import Month, helsinki
from shared.contracts.access import Action
from shared.contracts.base import Channel, DataGroup
from shared.gate.mandates import KELA

Key = tuple[str, str]
"""Organisation and municipality, each empty when not stated."""
Kind = tuple[str, str, str, str, str, str, str, str, str, bool, bool]
"""What attempts that are counted together have in common, in the order of `Use`."""
_HOUR: Final = 3600
_SATURDAY: Final = 5
_LONGEST: Final = 200


class Tally:
    """Counts the entries of a month, and who tried anything in the days before it.

    Args:
        month: The month of the reports.
        hours: Working hours of units.
        holidays: Days of the month on which nobody works.
    """

    def __init__(self, month: Month, hours: WorkingHours, holidays: Collection[date]) -> None:
        self._month = month
        self._hours = hours
        self._holidays = frozenset(holidays)
        self._clock: dict[int, int | None] = {}
        self._attempts = Counter[Kind]()
        self._persons = Counter[Kind]()
        self._records: dict[Kind, Counter[str]] = {}
        self.active: set[tuple[str, str]] = set()
        """Who tried anything, by organisation and pseudonym."""
        self.overrides: dict[Key, list[Override]] = {}

    def take(self, event: UUID, time: datetime, day: date, leaf: bytes) -> None:
        """Count one entry of looking.

        Args:
            event: Its event id.
            time: Event time.
            day: The Finnish day on which it counts.
            leaf: Its leaf.
        """
        body = orjson.loads(leaf)["body"]
        if not isinstance(body, dict) or body.get("channel") == Channel.CITIZEN:
            return
        organisation, member, worker = (_word(body.get(name)) for name in ("organisation", "member", "worker"))
        self.active.add((organisation, worker))
        if day not in self._month:
            return
        if organisation == KELA:
            # A member says nothing there: Kela's staff act for no municipality.
            member = ""
        emergency = body.get("emergency") is True
        outcome = _word(body.get("outcome"))
        kind = (
            organisation,
            member,
            worker,
            _word(body.get("action")) or Action.LOOK_UP,
            outcome,
            _word(body.get("rule")),
            _word(body.get("purpose")),
            _word(body.get("channel")),
            _word(body.get("relation")),
            emergency,
            self._is_outside(organisation, member, time),
        )
        self._count(kind, body)
        if emergency:
            self.overrides.setdefault((organisation, member), []).append(
                Override(event=event, time=time, outcome=outcome)
            )

    def uses(self) -> Iterator[Use]:
        """Everything counted."""
        for kind, count in self._attempts.items():
            yield Use(self._records.get(kind, {}), *kind, count, self._persons[kind])

    def _count(self, kind: Kind, body: dict[str, object]) -> None:
        self._attempts[kind] += 1
        persons = body.get("persons", 1)
        self._persons[kind] += persons if type(persons) is int and persons > 0 else 0
        shown = body.get("shown")
        if isinstance(shown, dict) and shown:
            records = self._records.setdefault(kind, Counter())
            for group in DataGroup:
                found = shown.get(group)
                if type(found) is int and found > 0:
                    records[group] += found

    def _is_outside(self, organisation: str, member: str, time: datetime) -> bool:
        """Whether outside the unit's own hours: the municipality's row stands before its organisation's."""
        units = self._hours.units
        hours = units.get(member) or units.get(organisation) or self._hours.default
        hour = self._working_hour(time)
        return hour is None or not hours.first <= hour < hours.last

    def _working_hour(self, time: datetime) -> int | None:
        """The hour on the Finnish clock; None at a weekend and on a holiday. An hour of UTC is one of Helsinki's."""
        whole = int(time.timestamp()) // _HOUR
        if whole not in self._clock:
            local = helsinki(time)
            free = local.weekday() >= _SATURDAY or local.date() in self._holidays
            self._clock[whole] = None if free else local.hour
        return self._clock[whole]


def _word(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= _LONGEST else ""
