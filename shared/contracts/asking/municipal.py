"""Questions and commands of lists, notices and remarks."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.asking.words import Day, IdempotencyKey, MonthText, NoticeId, Place, Sentence
from shared.contracts.base import Contract, MunicipalityCode, Purpose

ListName = Literal["tmt_200", "tmt_300", "tmt_invoice"]


class ListQuery(Contract):
    """One page of a list that Kela gives a municipality: labour market support of 200 / 300 days, or an invoice's."""

    kind: Literal["list_query"] = "list_query"
    list: ListName
    purpose: Purpose | None
    month: MonthText | None = None
    """Invoicing month of the invoice's person list."""
    after: Place | None = None
    """Continue after this row."""


NoticeState = Literal["open", "taken", "done", "moved"]


class NoticesQuery(Contract):
    """One page of the notices (eTotu-ilmoitukset) of the worker's municipality; no client's data in the rows."""

    kind: Literal["notices_query"] = "notices_query"
    purpose: Purpose | None
    state: NoticeState | Literal["overdue"] | None = None
    after: Place | None = None


class NoticeQuery(Contract):
    """One notice opened: the client, what Kela tells, the attachments."""

    kind: Literal["notice_query"] = "notice_query"
    purpose: Purpose | None
    notice: NoticeId


class NoticeCommand(Contract):
    """Take, finish or move a notice (ilmoituksen siirto); a stale version is refused with the newer one told."""

    kind: Literal["notice_command"] = "notice_command"
    idempotency_key: IdempotencyKey
    purpose: Purpose | None
    notice: NoticeId
    version: Annotated[int, Field(ge=1)]
    action: Literal["take", "done", "move"]
    to: MunicipalityCode | None = None
    """Where it is moved: it was sent to the wrong municipality."""
    reason: Sentence = ""


class NoticeStatisticsQuery(Contract):
    """How many notices of each type, how late; without persons."""

    kind: Literal["notice_statistics"] = "notice_statistics"
    first: Day
    last: Day


class AnnotateLookUp(Contract):
    """A worker's remark on an own look-up ("väärä henkilö"): added to the log, nothing is removed from it."""

    kind: Literal["annotate_look_up"] = "annotate_look_up"
    idempotency_key: IdempotencyKey
    access_event: UUID
    note: Literal["wrong_person"]
    text: Sentence = ""
