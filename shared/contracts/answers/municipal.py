"""Answers about lists, notices and remarks."""

from datetime import date
from typing import Literal
from uuid import UUID

from shared.contracts.base import Contract, Instant, MunicipalityCode


class ListRow(Contract):
    """One person of a list."""

    identity_code: str
    name: str
    days: int | None = None
    """Days of labour market support."""
    paid: str | None = None
    """Euros in the invoicing month: paid, returned, corrected."""
    returned: str | None = None
    corrected: str | None = None
    protected: bool = False
    """Turvakielto."""


class ListPage(Contract):
    """One page of a list."""

    kind: Literal["list_page"] = "list_page"
    list: str
    as_of: date
    rows: tuple[ListRow, ...]
    total: int
    next: str | None
    access_event: UUID


class NoticeRow(Contract):
    """A notice in the list: nothing that names the client."""

    notice: str
    version: int
    type: str
    visible: Instant
    due: date | None
    """Statutory due date (ToTuL 14 a §, seventh weekday; next weekday when urgent)."""
    state: str
    urgent: bool
    overdue: bool
    taken_by: Literal["me", "colleague"] | None = None
    """Whoever has it in hand, told by no pseudonym: the asking worker or system, or another one."""


class NoticePage(Contract):
    """One page of notices."""

    kind: Literal["notice_page"] = "notice_page"
    rows: tuple[NoticeRow, ...]
    next: str | None
    overdue: int


class AttachmentRow(Contract):
    """An attachment of an application, by reference."""

    name: str
    media_type: str
    size: int
    sha256: str


class NoticeView(Contract):
    """One notice opened; its access event is acknowledged."""

    kind: Literal["notice_view"] = "notice_view"
    row: NoticeRow
    identity_code: str
    name: str
    phone: str | None
    text: str
    attachments: tuple[AttachmentRow, ...] = ()
    access_event: UUID


class NoticeDone(Contract):
    """A command on a notice took effect."""

    kind: Literal["notice_done"] = "notice_done"
    notice: str
    version: int
    state: str
    municipality: MunicipalityCode


class StatisticsRow(Contract):
    """Notices of one type that became visible in the period."""

    type: str
    arrived: int
    open: int
    done: int
    done_late: int
    overdue: int
    median_days: str | None
    """Weekdays from visible to done, median."""


class NoticeStatistics(Contract):
    """Statistics of notices, by type."""

    kind: Literal["notice_statistics"] = "notice_statistics"
    first: date
    last: date
    rows: tuple[StatisticsRow, ...]


class LookUpAnnotated(Contract):
    """The remark stands in the log beside the look-up."""

    kind: Literal["look_up_annotated"] = "look_up_annotated"
    access_event: UUID
    annotation: UUID
