"""The desk of look-ups (haut): one client's benefits by identity code."""

from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.answering import Served, refused
from services.lookup.asking import Asking
from services.lookup.domain.access import Attempt, Result
from services.lookup.domain.found import Found
from services.lookup.domain.view import Rows, Scope, arrange, window_start
from services.lookup.store import register
from services.lookup.telling import event_of
from shared.bus.requests import Request
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import NothingFound, PersonView
from shared.contracts.asking import PersonQuery
from shared.directory.facts import read_code
from shared.gate.facts import Facts, Function
from shared.gate.order import CLIENT, decide
from shared.gate.tables import visible_groups


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Answers person queries."""

    asking: Asking
    engine: AsyncEngine

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`."""
        query = _query(request)
        form, code = read_code(query.identity_code)
        action = Action.LOOK_UP if query.redisplay_of is None else Action.REDISPLAY
        facts, attempt = self.asking.who(request, Function.VIEW_PERSON, action, query.purpose)
        return (
            replace(
                facts,
                informed=query.informed,
                identity_code=form,
                relation=query.relation,
                emergency=query.emergency,
            ),
            replace(attempt, informed=query.informed, client=code.reveal() if code else None),
        )

    async def serve(self, request: Request, facts: Facts, attempt: Attempt) -> Served:
        """See `answering.Desk`."""
        if attempt.client is None or facts.organisation is None:
            raise RuntimeError("the gate let pass what it must refuse")
        client = self.asking.client(attempt.client)
        found = await register.read_client(self.engine, client, facts.organisation.business_id)
        refusal = decide(facts, CLIENT)
        if refusal is not None:
            return refused(request, refusal)
        rows = arrange(found, scope_of(facts))
        if found.nothing and not rows.claims:
            nothing = NothingFound(looked_up=attempt.time, access_event=event_of(request.id))
            return Served(result=Result(outcome=Outcome.EMPTY, shown=rows.shown), show=lambda: nothing)
        return Served(
            result=Result(outcome=Outcome.GRANTED, shown=rows.shown, records=rows.records),
            show=partial(view_of, attempt, found, rows),
        )


def _query(request: Request) -> PersonQuery:
    if not isinstance(request.body, PersonQuery):
        raise TypeError("the desk of look-ups answers person queries")
    return request.body


def scope_of(facts: Facts) -> Scope:
    """How much a granted look-up may show.

    Raises:
        ValueError: there is no agreement or no day: nothing may be shown.
    """
    agreement, day = facts.agreement, facts.day
    if agreement is None or day is None:
        raise ValueError("nothing may be shown without an agreement and a day")
    return Scope(
        groups=visible_groups(facts),
        benefits=None if agreement.benefits is None else frozenset(agreement.benefits),
        since=window_start(day, agreement.window_months),
    )


def view_of(attempt: Attempt, found: Found, rows: Rows) -> PersonView:
    """The answer: the rows under the person's header. A safety prohibition (turvakielto) hides where they live."""
    person = found.person
    return PersonView(
        name=f"{person.last_name} {person.first_names}" if person else "",
        identity_code=attempt.client or "",
        municipality=None if person is None or person.safety_prohibition else person.municipality,
        safety_prohibition=person.safety_prohibition if person else False,
        looked_up=attempt.time,
        access_event=event_of(attempt.request),
        pending=rows.pending,
        decisions=rows.decisions,
        payments=rows.payments,
        claims=rows.claims,
        trimmed=rows.trimmed,
    )
