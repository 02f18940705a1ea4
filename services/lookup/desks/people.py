"""The desk of look-ups (haut): one client's benefits by identity code."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.answering import Served, refused
from services.lookup.asking import Asking, Passed
from services.lookup.domain.access import Attempt, Result, continues
from services.lookup.domain.alike import NOTHING, alike_of
from services.lookup.domain.client import client_of
from services.lookup.domain.header import header_of
from services.lookup.domain.notices import codes_of
from services.lookup.domain.page import page_of
from services.lookup.domain.scope import scope_of
from services.lookup.domain.view import arrange
from services.lookup.store import decided, register
from services.lookup.telling import event_of
from shared.bus.requests import Request
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import NothingFound
from shared.contracts.asking import PersonQuery
from shared.directory.facts import read_code
from shared.gate.facts import Facts, Function
from shared.gate.order import CLIENT, decide
from shared.gate.relation import override_counts, relation_of
from shared.gate.tables import sees_protected

PRINTED: Final = "print"
"""What the log says was opened when the page was to be printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Answers person queries."""

    asking: Asking
    engine: AsyncEngine

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`. Whatever the query says, it is a look-up until a redisplay is proven to be one."""
        query = _query(request)
        form, code = read_code(query.identity_code)
        facts, attempt = self.asking.who(request, Function.VIEW_PERSON, Action.LOOK_UP, query.purpose)
        facts = replace(
            facts, informed=query.informed, identity_code=form, relation=query.relation, emergency=query.emergency
        )
        if code is not None:
            attempt = replace(attempt, client=code.reveal(), pseudonym=self.asking.client(code.reveal()))
        return facts, replace(
            attempt,
            informed=query.informed,
            subject=PRINTED if query.printed else None,
            reason=_reason(query),
            case_reference=query.relation.case_reference if query.relation else None,
        )

    async def serve(self, request: Request, facts: Facts, attempt: Attempt) -> Served:
        """See `answering.Desk`."""
        query, passed = _query(request), Passed.of(facts)
        if attempt.client is None or attempt.pseudonym is None:
            raise RuntimeError("the gate let pass a code that is none")
        worker = self._worker_as_client(attempt)
        found = await register.read_client(
            self.engine,
            attempt.pseudonym,
            passed.organisation.business_id,
            municipalities=codes_of(passed.member.code, passed.day),
            worker=worker,
            now=attempt.time,
        )
        facts = replace(facts, client=client_of(found, attempt.client, passed.day, own=worker == attempt.pseudonym))
        refusal = decide(facts, CLIENT)
        if refusal is not None:
            return refused(request, refusal)
        relation, rows, event = relation_of(facts), arrange(found, scope_of(facts, query)), event_of(request.id)
        empty = found.nothing and not rows.records
        result = Result(
            outcome=Outcome.EMPTY if empty else Outcome.GRANTED,
            shown=rows.shown,
            records=rows.records,
            relation=relation,
            emergency=override_counts(facts),
            alike=NOTHING if empty else alike_of(self.asking.pseudonym_key, found.person),
        )
        attempt = await self._redisplaying(query, passed.day, attempt, result.outcome)
        if empty:
            nothing = NothingFound(looked_up=attempt.time, access_event=event)
            return Served(result=result, show=lambda: nothing, attempt=attempt)
        header = header_of(found.person, relation, sees_protected=sees_protected(facts))
        return Served(result=result, show=partial(page_of, attempt, event, found, rows, header), attempt=attempt)

    def _worker_as_client(self, attempt: Attempt) -> str | None:
        """The worker's pseudonym as a client of Kela, under which the register knows relatives."""
        own = attempt.actor.identity_code if attempt.actor else None
        return None if own is None else self.asking.client(own)

    async def _redisplaying(self, query: PersonQuery, day: date, attempt: Attempt, outcome: Outcome) -> Attempt:
        """The attempt as a redisplay of the look-up that the query names, or as it was when it is none."""
        if query.redisplay_of is None or attempt.pseudonym is None:
            return attempt
        earlier = await decided.decided_about(self.engine, query.redisplay_of, attempt.pseudonym)
        if not continues(earlier, attempt, day, outcome):
            return attempt
        return replace(attempt, action=Action.REDISPLAY, of=query.redisplay_of)


def _query(request: Request) -> PersonQuery:
    if not isinstance(request.body, PersonQuery):
        raise TypeError("the desk of look-ups answers person queries")
    return request.body


def _reason(query: PersonQuery) -> str | None:
    """What the worker wrote: why it is an emergency, else what the relation is."""
    if query.emergency is not None:
        return query.emergency.reason
    return (query.relation.description or None) if query.relation else None
