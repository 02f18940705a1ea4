"""The auditor's search of the log: Kela's own staff, with a stated reason, and logged with what was asked.

What is sealed in a row (why an override was used, the case) is shown, so each client on the page is named in the event
of the search: it stands in their own log too. Who the clients are is not shown: pseudonyms tell them apart.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit.asking import Asking, Attempt
from services.audit.domain import refusals
from services.audit.domain.looked import Looked
from services.audit.domain.searching import PSEUDONYM, Demand
from services.audit.opening import Opening
from services.audit.requests import Served, refused
from services.audit.store import looking
from services.audit.telling import Result, event_of
from shared.bus.requests import Request
from shared.clock.civil import at_helsinki, month_of
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import FoundRow, LogSearchPage
from shared.contracts.asking import LogSearchQuery
from shared.contracts.base import Pseudonym, Refusal
from shared.database.engine import raw
from shared.gate.facts import Function
from shared.gate.rules import not_own_code

if TYPE_CHECKING:
    from asyncpg import Connection

PAGE: Final = 50
PORTION: Final = 20_000
MOST_SCANNED: Final = 200_000
"""Entries that one question may go through: a rare find costs several questions, never a long one."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A query whose words were judged: what is typed became pseudonyms."""

    demand: Demand
    client: str | None
    before: int | None


@dataclass(frozen=True, slots=True)
class _Found:
    numbers: list[int]
    reached: int
    more: bool


class Searching:
    """The desk.

    Args:
        asking: The facts of the gate, and pseudonyms.
        engine: Audit's database.
        opening: Opens personal parts.
    """

    def __init__(self, *, asking: Asking, engine: AsyncEngine, opening: Opening) -> None:
        self._asking = asking
        self._engine = engine
        self._opening = opening

    @property
    def action(self) -> Action:
        """What the log calls it."""
        return Action.LOG_SEARCH

    def prepare(self, request: Request) -> Attempt:
        """The facts about who asks."""
        return self._asking.who(request, Function.AUDIT_SEARCH)

    def asked(self, attempt: Attempt) -> Result:
        """What was asked, as far as its words can be read."""
        query = _query(attempt)
        client = self._asking.typed(query.identity_code) if query.identity_code else None
        return Result(
            outcome=Outcome.FAILED,
            action=self.action,
            client=None if client is None else client.reveal(),
            subject=Demand.of(query, self._worker(query)).subject(),
            reason=query.reason,
        )

    async def serve(self, attempt: Attempt) -> Served:
        """One page of what was found."""
        query, asked = _query(attempt), self.asked(attempt)
        refusal = self._refusal(attempt, query, asked)
        if refusal is not None:
            return refused(self, attempt, refusal)
        demand = Demand.of(query, self._worker(query))
        before = int(query.after) if query.after is not None and query.after.isdecimal() else None
        found, looked = await self._read(_Wanted(demand, asked.client, before))
        rows = tuple(self._row(one) for one in looked)
        named = {one.personal.client for one in looked if one.personal is not None} - {None}
        result = Result(
            outcome=Outcome.GRANTED if rows else Outcome.EMPTY,
            action=self.action,
            client=asked.client,
            clients=tuple(sorted(code for code in named if code is not None)),
            subject=asked.subject,
            reason=asked.reason,
        )
        event = event_of(attempt.request.id)
        next_ = str(found.reached) if found.more else None
        return Served(result, LogSearchPage(rows=rows, searched_from=found.reached, next=next_, event=event))

    def _refusal(self, attempt: Attempt, query: LogSearchQuery, asked: Result) -> Refusal | None:
        """Why it is not searched so; the words are judged in the order of the form."""
        if not refusals.explains(query.reason):
            return refusals.REASON_MISSING
        if query.last < query.first:
            return refusals.PERIOD_REVERSED
        if query.worker is not None and self._worker(query) is None:
            return refusals.WORKER_INVALID
        if query.identity_code and asked.client is None:
            return refusals.CODE_INVALID
        if asked.client is not None and asked.client == attempt.own_code:
            return not_own_code.REFUSAL
        return None

    def _worker(self, query: LogSearchQuery) -> Pseudonym | None:
        if query.worker is None or PSEUDONYM.fullmatch(query.worker):
            return query.worker
        code = self._asking.typed(query.worker)
        return None if code is None else self._asking.worker(code.reveal())

    async def _read(self, wanted: _Wanted) -> tuple[_Found, list[Looked]]:
        async with self._engine.connect() as plain:
            conn = await plain.execution_options(isolation_level="REPEATABLE READ")
            async with conn.begin():
                connection = await raw(conn)
                found = await (_scan(connection, wanted) if wanted.client is None else self._of(connection, wanted))
                entries = await looking.sealed(connection, found.numbers)
                return found, self._opening.open(entries[seq] for seq in found.numbers)

    async def _of(self, conn: "Connection", wanted: _Wanted) -> _Found:
        """The entries about one client: found by index, however long the period."""
        first, last = wanted.demand.period
        months = (str(month_of(at_helsinki(first))), str(month_of(at_helsinki(last))))
        keys = await looking.keys_of(conn, self._asking.client(wanted.client or ""), *months)
        before = 2**62 if wanted.before is None else wanted.before
        numbers = await looking.matching_of_person(
            conn, keys, before, wanted.demand.period, wanted.demand.patterns(), PAGE + 1
        )
        more = len(numbers) > PAGE
        return _Found(numbers[:PAGE], numbers[PAGE - 1] if more else 0, more)

    def _row(self, looked: Looked) -> FoundRow:
        clear, personal = looked.clear, looked.personal
        if clear is None:
            # Of another form than looking has: that it is there is told all the same.
            return FoundRow(event=looked.event, entry=looked.seq, time=looked.time, erased=looked.erased)
        code = None if personal is None else personal.client
        return FoundRow(
            event=looked.event,
            entry=looked.seq,
            time=looked.time,
            organisation=clear.organisation,
            member=clear.member,
            service=clear.service,
            action=clear.action,
            channel=clear.channel,
            system=clear.system,
            worker=clear.worker,
            client=None if code is None else self._asking.client(code),
            persons=clear.persons,
            purpose=clear.purpose,
            law=clear.law,
            groups=tuple(sorted(group for group, records in clear.shown.items() if records)),
            outcome=clear.outcome,
            rule=clear.rule,
            emergency=clear.emergency,
            informed=None if personal is None else personal.informed,
            reason=None if personal is None else personal.reason,
            case_reference=None if personal is None else personal.case_reference,
            subject=clear.subject,
            erased=looked.erased,
        )


async def _scan(conn: "Connection", wanted: _Wanted) -> _Found:
    """Walk the period from its newest entry down, in portions, until a page is full or enough was read."""
    bounds = await looking.bounds(conn, *wanted.demand.period)
    if bounds is None:
        return _Found([], 0, more=False)
    least = bounds[0]
    high = bounds[1] + 1 if wanted.before is None else min(bounds[1] + 1, wanted.before)
    stop, patterns = max(least, high - MOST_SCANNED), wanted.demand.patterns()
    numbers: list[int] = []
    while high > stop:
        low = max(stop, high - PORTION)
        numbers += await looking.matching(conn, (low, high), wanted.demand.period, patterns, PAGE - len(numbers))
        if len(numbers) == PAGE:
            return _Found(numbers, numbers[-1], more=numbers[-1] > least)
        high = low
    return _Found(numbers, stop, more=stop > least)


def _query(attempt: Attempt) -> LogSearchQuery:
    body = attempt.request.body
    if not isinstance(body, LogSearchQuery):
        raise TypeError("this desk answers searches of the log")
    return body
