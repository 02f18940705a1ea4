"""Notices (eTotu-ilmoitukset): when and where each is seen, until when it is due, what a worker may change. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.lookup.domain import refusals
from services.lookup.domain.due import Deadline, due_date
from services.lookup.domain.staggering import Staggering
from shared.clock.civil import at_helsinki, helsinki_date
from shared.contracts.answers import NoticeDone
from shared.contracts.asking import NoticeCommand
from shared.contracts.base import Refusal
from shared.contracts.register import Notice, NoticeType
from shared.finnish.municipalities import current_code, municipalities

Visible = Literal["at_once", "same_day", "day_after_decision"]
Parked = Literal["withdrawn", "unknown_municipality", "no_basic_assistance"]
"""Why a notice is kept and shown to nobody."""
State = Literal["open", "taken", "done"]
AtKela = Callable[[str, date], bool]
"""Whether basic assistance of the municipality is with Kela on the day."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TypeRow(_Strict):
    """One type of notice.

    Attributes:
        type: As the register names it.
        visible: When it is seen.
        basic_assistance: It follows from basic assistance at Kela, so there is none where a municipality keeps it.
        first_run: Day of the type's first run, whose backlog may be staggered.
    """

    type: NoticeType
    visible: Visible
    basic_assistance: bool
    first_run: date | None = None


class SameDay(_Strict):
    """From which hour of the day that is seen which was made at night."""

    hour: int = Field(ge=0, le=23)
    assumed: bool


class Moving(_Strict):
    """From which day on workers move notices to another municipality (ilmoituksen siirto)."""

    first: date
    source: str


class NoticeTable(_Strict):
    """The table `data/notices.yaml`."""

    types: tuple[TypeRow, ...]
    moving: Moving
    same_day: SameDay
    deadline: Deadline
    staggering: Staggering

    @model_validator(mode="after")
    def _each_type_once(self) -> Self:
        if sorted(row.type for row in self.types) != sorted(NoticeType.__args__):  # type: ignore[attr-defined]  # Literal
            raise ValueError("each type of notice has exactly one row")
        return self

    def row(self, type_: NoticeType) -> TypeRow:
        """The row of a type."""
        return next(row for row in self.types if row.type == type_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where and when a notice that came from the register is seen.

    Attributes:
        municipality: Code valid on the day of the notice.
        visible: From when on.
        due: Statutory last day; only of applications.
        backlog: First run whose backlog it belongs to.
        parked: Why nobody sees it.
    """

    municipality: str
    visible: datetime
    due: date | None
    backlog: date | None
    parked: Parked | None


def place(
    notice: Notice,
    table: NoticeTable,
    at_kela: AtKela,
    *,
    withdrawn: bool = False,
    not_before: date | None = None,
) -> Placed:
    """Decide where and when a notice is seen.

    Args:
        notice: What the register tells.
        table: The rules.
        at_kela: Whether basic assistance of a municipality is with Kela on a day.
        withdrawn: The register says that it was an error.
        not_before: Day to which a staggered backlog puts it.
    """
    row, made = table.row(notice.type), helsinki_date(notice.created)
    known = notice.municipality in municipalities()
    municipality = current_code(notice.municipality, made) if known else notice.municipality
    parked: Parked | None = None
    if withdrawn:
        parked = "withdrawn"
    elif not known:
        parked = "unknown_municipality"
    elif row.basic_assistance and not at_kela(municipality, made):
        parked = "no_basic_assistance"
    backlog = row.first_run if row.first_run is not None and made <= row.first_run else None
    earliest = not_before or backlog
    visible = visible_from(notice, table)
    if earliest is not None:
        visible = max(visible, at_helsinki(earliest))
    due = due_date(helsinki_date(visible), table.deadline, urgent=notice.urgent) if notice.application else None
    return Placed(municipality=municipality, visible=visible, due=due, backlog=backlog, parked=parked)


def visible_from(notice: Notice, table: NoticeTable) -> datetime:
    """From when on a notice is seen by its type (domain 3.4), never before it was made."""
    rule = table.row(notice.type).visible
    if notice.application and notice.urgent:
        rule = "same_day"
    made = helsinki_date(notice.created)
    if rule == "at_once":
        return notice.created
    if rule == "same_day":
        return max(notice.created, at_helsinki(made, time(table.same_day.hour)))
    return max(notice.created, at_helsinki((notice.decided or made) + timedelta(days=1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a notice stands with the municipality that has it now."""

    notice: str
    version: int
    client: str
    type: str
    municipality: str
    visible: datetime
    due: date | None
    urgent: bool
    state: State
    taken_by: str | None = None
    taken_at: datetime | None = None
    done_by: str | None = None
    done_at: datetime | None = None
    moved: bool = False


def change(
    standing: Standing,
    command: NoticeCommand,
    *,
    worker: str,
    time: datetime,
    own: frozenset[str],
    moving: Moving,
) -> Standing | Refusal:
    """Apply a worker's command.

    Args:
        standing: The notice as it stands; it is with the worker's municipality.
        command: Take, done or move.
        worker: The worker's pseudonym.
        time: Business clock.
        own: Codes that stand for the worker's municipality on the day.
        moving: Since when notices are moved.

    Returns:
        The notice as it stands afterwards, one version on, or why not.
    """
    if command.version != standing.version:
        return refusals.stale(standing.version, standing.state)
    if standing.state == "done":
        return refusals.ALREADY_DONE
    if command.action == "take":
        changed = _take(standing, worker, time)
    elif command.action == "done":
        changed = _done(standing, worker, time)
    elif helsinki_date(time) < moving.first:
        return refusals.move_not_yet(moving.first)
    else:
        changed = _move(standing, command.to, helsinki_date(time), own)
    return changed if isinstance(changed, Refusal) else replace(changed, version=standing.version + 1)


def _take(standing: Standing, worker: str, time: datetime) -> Standing | Refusal:
    if standing.state == "taken":
        return refusals.ALREADY_TAKEN
    return replace(standing, state="taken", taken_by=worker, taken_at=time)


def _done(standing: Standing, worker: str, time: datetime) -> Standing | Refusal:
    """Somebody has taken it; whoever finishes it need not be the same."""
    if standing.state == "open":
        return refusals.NOT_TAKEN
    return replace(standing, state="done", done_by=worker, done_at=time)


def _move(standing: Standing, target: str | None, day: date, own: frozenset[str]) -> Standing | Refusal:
    """The receiver sees it at once and open; the deadline runs on."""
    known = None if target is None else municipalities().get(target)
    if known is None or not known.exists_on(day):
        return refusals.NO_SUCH_MUNICIPALITY
    if known.code in own:
        return refusals.MOVED_NOWHERE
    return replace(standing, state="open", taken_by=None, taken_at=None, municipality=known.code, moved=True)


def done_of(changed: Standing, command: NoticeCommand) -> NoticeDone:
    """What the worker is told of a change."""
    return NoticeDone(
        notice=changed.notice,
        version=changed.version,
        state="moved" if command.action == "move" else changed.state,
        municipality=changed.municipality,
    )


@lru_cache(maxsize=1024)
def codes_of(municipality: str, day: date) -> frozenset[str]:
    """The municipality's code and those of municipalities that have merged into it by the day (G8: 174 → 297)."""
    return frozenset(code for code in municipalities() if current_code(code, day) == municipality)
