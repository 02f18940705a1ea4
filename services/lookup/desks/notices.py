"""The desks that show notices (eTotu): a municipality's list, one opened, and the statistics."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.answering import Served, refused
from services.lookup.asking import Asking
from services.lookup.desks.noticed import Noticed, group_of, hand_of, read_noticed, row_of, subject_of, whose
from services.lookup.domain import refusals
from services.lookup.domain.access import Attempt, Result
from services.lookup.domain.header import HIDDEN
from services.lookup.domain.notice_statistics import statistics
from services.lookup.store import notices
from services.lookup.telling import event_of
from shared.bus.requests import Request
from shared.clock.civil import at_helsinki
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import AttachmentRow, NoticePage, NoticeStatistics, NoticeView
from shared.contracts.asking import NoticeQuery, NoticesQuery, NoticeStatisticsQuery
from shared.contracts.base import Contract, Purpose
from shared.contracts.register import Attachment, Notice
from shared.gate.facts import Facts, Function
from shared.gate.tables import sees_protected

LONGEST_PERIOD: Final = timedelta(days=5 * 366)
STATISTICS: Final = "statistics"

B = TypeVar("B", bound=Contract)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeList:
    """Answers with a page of the municipality's notices; no row names a client."""

    asking: Asking
    engine: AsyncEngine

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`."""
        return self.asking.who(request, Function.VIEW_NOTICES, Action.NOTICES, _body(request, NoticesQuery).purpose)

    async def serve(self, request: Request, facts: Facts, attempt: Attempt) -> Served:
        """See `answering.Desk`."""
        query, own, hand = _body(request, NoticesQuery), whose(facts), hand_of(attempt)
        after = notices.read_place(query.after)
        if after is None:
            return refused(request, refusals.NO_SUCH_PAGE)
        found = await notices.read_page(self.engine, own, query.state, after)
        moved = query.state == "moved"
        page = NoticePage(
            rows=tuple(row_of(standing, own.day, hand=hand, moved=moved) for standing in found.rows),
            next=found.next,
            overdue=found.overdue,
        )
        outcome = Outcome.GRANTED if page.rows else Outcome.EMPTY
        return Served(result=Result(outcome=outcome), show=lambda: page)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOpened:
    """Answers with one notice: the client, what Kela tells, the attachments."""

    asking: Asking
    engine: AsyncEngine

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`."""
        query = _body(request, NoticeQuery)
        facts, attempt = self.asking.who(request, Function.VIEW_NOTICES, Action.NOTICE, query.purpose)
        return facts, replace(attempt, subject=subject_of(query.notice))

    async def serve(self, request: Request, facts: Facts, attempt: Attempt) -> Served:
        """See `answering.Desk`."""
        found = await notices.read_one(self.engine, whose(facts), _body(request, NoticeQuery).notice)
        if found is None:
            return refused(request, refusals.UNKNOWN)
        standing, notice = found
        noticed = await read_noticed(self.engine, self.asking, standing, facts, attempt)
        if noticed.refusal is not None:
            return replace(refused(request, noticed.refusal), attempt=noticed.attempt)
        return Served(
            result=Result(outcome=Outcome.GRANTED, shown={group_of(standing): 1}, records=(standing.notice,)),
            show=partial(_view_of, request, noticed, notice, facts),
            attempt=noticed.attempt,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFigures:
    """Answers with statistics of notices, without persons. Their purpose is that of the notices."""

    asking: Asking
    engine: AsyncEngine

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`."""
        _body(request, NoticeStatisticsQuery)
        facts, attempt = self.asking.who(request, Function.VIEW_NOTICES, Action.NOTICES, Purpose.ETOTU)
        return facts, replace(attempt, subject=STATISTICS)

    async def serve(self, request: Request, facts: Facts, _: Attempt) -> Served:
        """See `answering.Desk`."""
        query, own = _body(request, NoticeStatisticsQuery), whose(facts)
        if not timedelta(0) <= query.last - query.first <= LONGEST_PERIOD:
            return refused(request, refusals.PERIOD)
        counted = await notices.read_counted(
            self.engine, own, at_helsinki(query.first), at_helsinki(query.last + timedelta(days=1))
        )
        answer = NoticeStatistics(first=query.first, last=query.last, rows=statistics(counted, own.day))
        outcome = Outcome.GRANTED if counted else Outcome.EMPTY
        return Served(result=Result(outcome=outcome), show=lambda: answer)


def _body(request: Request, kind: type[B]) -> B:
    if not isinstance(request.body, kind):
        raise TypeError(f"this desk answers {kind.__name__} only")
    return request.body


def _view_of(request: Request, noticed: Noticed, notice: Notice, facts: Facts) -> NoticeView:
    """The answer. A safety prohibition (turvakielto) hides how the client is reached, and words that may tell where."""
    hidden = noticed.person.safety_prohibition and not sees_protected(facts)
    return NoticeView(
        row=row_of(noticed.standing, whose(facts).day, hand=hand_of(noticed.attempt)),
        identity_code=noticed.person.identity_code,
        name=f"{noticed.person.last_name} {noticed.person.first_names}",
        phone=None if hidden else notice.phone,
        text=HIDDEN if hidden and notice.text else notice.text,
        attachments=tuple(_attachment(one, hidden=hidden) for one in notice.attachments),
        access_event=event_of(request.id),
    )


def _attachment(attachment: Attachment, *, hidden: bool) -> AttachmentRow:
    return AttachmentRow(
        name=HIDDEN if hidden else attachment.name,
        media_type=attachment.media_type,
        size=attachment.size,
        sha256=attachment.sha256,
    )
