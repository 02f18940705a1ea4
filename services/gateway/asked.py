"""What the API reads and answers about lists, notices, records, alerts, and over the interface."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.gateway.models import OnBehalf, ProblemView, Search
from shared.contracts.asking import Day, IdempotencyKey, MonthText, NoticeId, NoticeState, Place, RecordChange, Sentence
from shared.contracts.base import BusinessId, Instant, MunicipalityCode, Pseudonym, Purpose

Cursor = Place
Remark = Sentence


class ListRequest(OnBehalf):
    """One page of a list of persons; which list stands in the address."""

    purpose: Purpose | None = None
    month: MonthText | None = None
    """Invoicing month of the invoice's person list."""
    after: Cursor | None = None


class NoticesRequest(OnBehalf):
    """One page of notices."""

    purpose: Purpose | None = None
    state: NoticeState | Literal["overdue"] | None = None
    after: Cursor | None = None


class NoticeRequest(OnBehalf):
    """One notice to open."""

    purpose: Purpose | None = None
    notice: NoticeId


class NoticeAct(OnBehalf):
    """Take, finish or move a notice, as it was when the worker saw it."""

    purpose: Purpose | None = None
    notice: NoticeId
    version: Annotated[int, Field(ge=1)]
    action: Literal["take", "done", "move"]
    to: MunicipalityCode | None = None
    reason: Remark = ""


class NoticeActRequest(NoticeAct):
    """The same by a signed-in worker, who makes the key for it."""

    idempotency_key: IdempotencyKey


class StatisticsRequest(OnBehalf):
    """Statistics of notices over these days."""

    first: Day
    last: Day


class AnnotationRequest(OnBehalf):
    """A remark on an own look-up."""

    idempotency_key: IdempotencyKey
    note: Literal["wrong_person"] = "wrong_person"
    text: Remark = ""


class AnnotationForm(AnnotationRequest):
    """The same by the button of the person's page."""

    access_event: UUID


class ChangesRequest(OnBehalf):
    """Records to change, all or none."""

    idempotency_key: IdempotencyKey
    changes: Annotated[tuple[RecordChange, ...], Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class RecordsRequest(OnBehalf):
    """Records as known at the end of one day and valid on another."""

    record_kind: Annotated[str, Field(max_length=40)]
    record: Annotated[str, Field(max_length=100)] | None = None
    known: date | None = None
    valid: date | None = None
    after: Cursor | None = None


class FaultView(BaseModel):
    """Why one record was not changed, in the reader's language."""

    record: str
    code: str
    reason: str
    advice: str


class ChangesRefusedView(ProblemView):
    """Why no record was changed."""

    faults: tuple[FaultView, ...]


class InterfaceLookUp(Search):
    """One look-up by a municipality's own system. No override: an emergency needs a worker that we know."""

    member: MunicipalityCode


class InterfaceList(ListRequest):
    """A page of a list for a municipality's own system."""

    organisation: None = None
    member: MunicipalityCode


class InterfaceNotices(NoticesRequest):
    """A page of notices for a municipality's own system."""

    organisation: None = None
    member: MunicipalityCode


class InterfaceNotice(NoticeRequest):
    """A notice opened by a municipality's own system."""

    organisation: None = None
    member: MunicipalityCode


class InterfaceNoticeAct(NoticeAct):
    """A notice handled in a municipality's own system."""

    organisation: None = None
    member: MunicipalityCode


class AlertView(BaseModel):
    """One use of the emergency override: who and when, not about whom."""

    access_event: UUID
    time: Instant
    organisation: BusinessId
    member: MunicipalityCode
    worker: Pseudonym


class Alerts(BaseModel):
    """The newest uses of the emergency override in the organisations that the reader supervises."""

    alerts: tuple[AlertView, ...]
