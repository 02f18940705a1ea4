"""The desk of lists: persons of the worker's municipality on labour market support, or on an invoice of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.answering import Served, refused
from services.lookup.asking import Asking, Passed
from services.lookup.data import list_table
from services.lookup.domain.access import Attempt, Result
from services.lookup.domain.lists import (
    Entry,
    ListDefinition,
    Page,
    entries,
    may_show,
    month_of,
    page,
    row_of,
)
from services.lookup.domain.notices import codes_of
from services.lookup.store import lists
from services.lookup.telling import event_of
from shared.bus.requests import Request
from shared.clock.civil import Month
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import ListPage, ListRow
from shared.contracts.asking import ListQuery
from shared.contracts.base import Refusal
from shared.gate.facts import Facts, Function
from shared.gate.tables import sees_protected, visible_groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Answers list queries."""

    asking: Asking
    engine: AsyncEngine

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`."""
        query = _query(request)
        facts, attempt = self.asking.who(request, Function.VIEW_LIST, Action.LIST, query.purpose)
        return replace(facts, list_from=list_table().row(query.list).first), replace(attempt, subject=query.list)

    async def serve(self, request: Request, facts: Facts, _: Attempt) -> Served:
        """See `answering.Desk`."""
        query, passed = _query(request), Passed.of(facts)
        if facts.agreement is None:
            raise RuntimeError("the gate let pass what it must refuse")
        definition = list_table().row(query.list)
        refusal = may_show(definition, query.purpose, visible_groups(facts), facts.agreement.benefits)
        month = refusal or month_of(definition, query.month, passed.day)
        if isinstance(month, Refusal):
            return refused(request, month)
        everybody = await self._everybody(definition, codes_of(passed.member.code, passed.day), month, passed.day)
        found = page(everybody, query.after)
        rows = await self._named(found.rows, protected=sees_protected(facts))
        return Served(
            result=Result(
                outcome=Outcome.GRANTED if rows else Outcome.EMPTY,
                shown={definition.group: len(rows)},
                clients=tuple(row.identity_code for row in rows),
            ),
            show=partial(_page_of, request, query, passed.day, found, rows),
        )

    async def _everybody(
        self, definition: ListDefinition, municipalities: frozenset[str], month: Month | None, day: date
    ) -> Sequence[Entry]:
        benefit = definition.benefit
        if month is None:
            paid = await lists.payments_of_many_days(
                self.engine, benefit, municipalities, until=day, days=definition.days or 1
            )
        else:
            paid = await lists.payments_of_month(self.engine, benefit, municipalities, month)
        # A large city's list takes its time; look-ups do not wait for it.
        return await asyncio.to_thread(entries, paid, definition, month)

    async def _named(self, shown: Sequence[Entry], *, protected: bool) -> tuple[ListRow, ...]:
        named = await lists.names_of(self.engine, [entry.client for entry in shown])
        return tuple(
            row_of(entry, named[entry.client], sees_protected=protected) for entry in shown if entry.client in named
        )


def _query(request: Request) -> ListQuery:
    if not isinstance(request.body, ListQuery):
        raise TypeError("the desk of lists answers list queries")
    return request.body


def _page_of(request: Request, query: ListQuery, day: date, found: Page[Entry], rows: tuple[ListRow, ...]) -> ListPage:
    return ListPage(
        list=query.list,
        as_of=day,
        rows=rows,
        total=found.total,
        next=found.next,
        access_event=event_of(request.id),
    )
