"""Questions about claims: one with its history, the lists, and settlements. What is shown is in the log before.

A municipality learns of its own claims only; another's number is unknown to it, as one that was never given is.
"""

from collections.abc import Callable
from datetime import date, datetime

from services.claims.asking import Ask, Asking
from services.claims.bearing import Bearing, Scope
from services.claims.desks.acting import at_kela
from services.claims.desks.stepping import Stepping
from services.claims.domain import act_refusals as refusals
from services.claims.domain.allocation import NOTHING
from services.claims.domain.lists import Listed, overlaps, row_of
from services.claims.domain.number import well_formed
from services.claims.domain.registration import Claim
from services.claims.domain.settlements import page, settled
from services.claims.events import Scribe
from services.claims.store import claims, handovers, lists, reminders, returns
from services.claims.told import TOO_LATE, Told, refused
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.clock.civil import Month, helsinki_date
from shared.contracts.access import Outcome
from shared.contracts.answers import (
    ClaimListRow,
    ClaimReturn,
    ClaimShare,
    ClaimsPage,
    ClaimStep,
    ClaimView,
    ClaimWidening,
    SettlementsPage,
)
from shared.contracts.asking import ClaimQuery, ClaimsQuery, SettlementsQuery
from shared.contracts.base import Pseudonym, Refusal
from shared.gate.facts import Function
from shared.gate.order import ASKING, decide
from shared.gate.rules import actor_verified


class AskingClaims:
    """The desk of questions about claims.

    Args:
        asking: The facts of the gate.
        scribe: Makes events.
        bearing: Whose claims are whose.
        stepping: Reads what was written with steps.
        now: System clock.
    """

    def __init__(
        self, *, asking: Asking, scribe: Scribe, bearing: Bearing, stepping: Stepping, now: Callable[[], datetime]
    ) -> None:
        self._asking = asking
        self._scribe = scribe
        self._bearing = bearing
        self._stepping = stepping
        self._now = now

    def prepare(self, request: Request, _taken: datetime, now: datetime) -> Ask:
        """The facts of a question; stale ones refuse it."""
        function = Function.HANDLE_CLAIMS if at_kela(request.actor) else Function.VIEW_CLAIMS
        return self._asking.of(request, function, session=now, now=now)

    async def clients(self, _tx: Tx, _ask: Ask) -> tuple[Pseudonym, ...]:
        """None: it changes nothing."""
        return ()

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Answer, or say why not."""
        if ask.request.expired(self._now()):
            return Told(TOO_LATE, (self._scribe.access(ask, Outcome.ABORTED),))
        actor, refusal = ask.actor, decide(ask.access, ASKING)
        if refusal is not None or actor is None:
            return self._refused(ask, refusal or actor_verified.REFUSAL)
        day = helsinki_date(ask.request.accepted)
        scope = self._bearing.scope(actor.organisation, actor.member, day)
        match ask.request.body:
            case ClaimQuery() as query:
                return await self._one(tx, ask, query.number, scope, day)
            case ClaimsQuery() as query:
                found = await lists.page(tx.conn, query.view, scope, day, query.after)
                known = await claims.by_ids(tx.conn, found.claims)
                rows = await self._rows(tx, ask, [known[id_] for id_ in found.claims], day)
                return self._shown(ask, ClaimsPage(rows=rows, next=found.next))
            case SettlementsQuery() as query:
                return await self._settlements(tx, ask, query, scope, day)
            case _:
                raise TypeError("this desk answers questions about claims")

    async def _one(self, tx: Tx, ask: Ask, number: str, scope: Scope, day: date) -> Told:
        claim = await claims.by_number(tx.conn, number) if well_formed(number) else None
        if claim is None or not scope.covers(claim):
            return self._refused(ask, refusals.UNKNOWN)
        sealed = await claims.sealed_row(tx.conn, claim.id)
        code = self._scribe.client(sealed, claim.id)
        if self._asking.is_own(ask, code):
            event = self._scribe.access(ask, Outcome.REFUSED, refusals.DISQUALIFIED, claim=claim.id, client=code)
            return refused(event, refusals.DISQUALIFIED)
        event = self._scribe.access(ask, Outcome.GRANTED, claim=claim.id, client=code)
        met = overlaps(claim, await claims.of_clients(tx.conn, [claim.client])) if at_kela(ask.actor) else ()
        (row,) = await self._rows(tx, ask, [claim], day)
        view = ClaimView(
            row=row,
            identity_code=code,
            handler=self._scribe.handler(sealed, claim.id),
            steps=await self._steps(tx, ask, claim),
            shares=tuple(
                ClaimShare(payday=one.payday, month=str(one.month), amount=f"{one.amount:.2f}", held=one.held)
                for one in await lists.took(tx.conn, claim.id)
            ),
            returns=tuple(
                ClaimReturn(day=one.day, amount=f"{one.amount:.2f}", reference=one.reference)
                for one in await returns.of_claim(tx.conn, claim.id)
            ),
            widening=_widening(claim),
            overlaps=met,
            access_event=event.id,
        )
        return Told(view, (event,))

    async def _steps(self, tx: Tx, ask: Ask, claim: Claim) -> tuple[ClaimStep, ...]:
        language = "sv" if ask.request.language == "sv" else "fi"
        told = []
        for step in await claims.steps(tx.conn, claim.id):
            written = self._stepping.written(claim.id, step)
            told.append(
                ClaimStep(
                    at=step.at,
                    act=step.act,
                    state=step.state.value,
                    by=step.party,
                    reason=written.reason,
                    letter=written.letters.get(language),
                )
            )
        return tuple(told)

    async def _rows(self, tx: Tx, ask: Ask, found: list[Claim], day: date) -> tuple[ClaimListRow, ...]:
        """Claims as a list shows them, in the order given."""
        ids, kela = [claim.id for claim in found], at_kela(ask.actor)
        sums, given_back = await lists.sums(tx.conn, ids, day), await returns.sums(tx.conn, ids)
        met = await lists.overlapped(tx.conn, ids) if kela else set()
        reminded = await reminders.standing(tx.conn, found, day)
        sealed = {} if kela else await handovers.sealed(tx.conn, ids)
        rows = []
        for claim in found:
            borne = self._bearing.borne(claim, day)
            paid, held = sums.get(claim.id, (NOTHING, NOTHING))
            listed = Listed(
                borne.claim,
                paid,
                held,
                overlapped=claim.id in met,
                confirmed=borne.confirmed,
                reminded=reminded.get(claim.id),
                returned=given_back.get(claim.id, NOTHING),
                holder=self._scribe.holder(sealed[claim.id], claim.id) if claim.id in sealed else "",
            )
            rows.append(row_of(listed, day, ask.request.language, at_kela=kela, worker=None if kela else ask.worker))
        return tuple(rows)

    async def _settlements(self, tx: Tx, ask: Ask, query: SettlementsQuery, scope: Scope, day: date) -> Told:
        month = Month.parse(query.month)
        given_back = await returns.of_month(tx.conn, scope, month)
        rows = settled(await lists.entries(tx.conn, scope, month), day, given_back)
        return self._shown(ask, page(rows, month, query.after))

    def _shown(self, ask: Ask, answer: ClaimsPage | SettlementsPage) -> Told:
        outcome = Outcome.GRANTED if answer.rows else Outcome.EMPTY
        return Told(answer, (self._scribe.access(ask, outcome),))

    def _refused(self, ask: Ask, refusal: Refusal) -> Told:
        return refused(self._scribe.access(ask, Outcome.REFUSED, refusal), refusal)


def _widening(claim: Claim) -> ClaimWidening | None:
    proposed = claim.widening
    if proposed is None:
        return None
    return ClaimWidening(
        last=proposed.last,
        advances=tuple((str(month), f"{amount:.2f}") for month, amount in sorted(proposed.advances.items())),
        care_from=None if proposed.care is None else str(proposed.care[0]),
        fee=None if proposed.care is None else f"{proposed.care[1].fee - proposed.care[1].others:.2f}",
        heard=proposed.heard,
    )
