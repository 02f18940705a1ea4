"""Alerts of anomalies: the log supervisor's own organisation's, and all of them for Kela's auditor.

A step, its event and what answers a repetition commit together; that it was asked is logged like every look.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.audit.asking import Asking, Attempt
from services.audit.domain.alerting import UNKNOWN, Handler, handle, may_see
from services.audit.requests import Served, refused
from services.audit.store import alerts
from services.audit.telling import Result, event_of
from services.audit.watching import EVERY_ORGANISATION, SOURCE
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.requests import Request
from shared.bus.topics import AUDIT_ALERTS
from shared.contracts.access import Action, Outcome
from shared.contracts.anomalies import AlertHandled, AlertState, AlertStep
from shared.contracts.answers import AlertDone, AlertRow, AlertsPage
from shared.contracts.asking import AlertCommand, AlertsQuery
from shared.contracts.base import Refusal, Role
from shared.database.engine import raw
from shared.gate.facts import Function
from shared.gate.mandates import roles_in_force
from shared.ids import event_id

MOST: Final = 200
UNCLOSED: Final = (AlertState.OPEN, AlertState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    asking: Asking
    engine: AsyncEngine

    @property
    def action(self) -> Action:
        """What the log calls it; its subject says that it is about alerts."""
        return Action.LOG_REPORT

    def prepare(self, request: Request) -> Attempt:
        """The facts about who asks."""
        return self.asking.who(request, Function.HANDLE_ALERTS)


class Alerts(_Desk):
    """Shows the newest alerts."""

    def asked(self, attempt: Attempt) -> Result:
        """Which alerts."""
        query = attempt.request.body
        state = query.state if isinstance(query, AlertsQuery) else None
        return Result(outcome=Outcome.FAILED, action=self.action, subject=f"alerts {state or 'all'}")

    async def serve(self, attempt: Attempt) -> Served:
        """The newest ones, newest first."""
        query, by = attempt.request.body, handler_of(attempt)
        if not isinstance(query, AlertsQuery):
            raise TypeError("this desk answers questions about alerts")
        match query.state:
            case None:
                states: tuple[AlertState, ...] = tuple(AlertState)
            case "unclosed":
                states = UNCLOSED
            case _:
                states = (query.state,)
        async with self.engine.connect() as conn:
            found = await alerts.newest(await raw(conn), None if by.every else (by.organisation,), states, MOST)
        rows = tuple(
            AlertRow(
                anomaly=one.anomaly,
                found=one.found,
                state=one.state,
                version=one.version,
                reason=one.reason,
                by=one.by,
                at=one.at,
            )
            for one in found
        )
        outcome = Outcome.GRANTED if rows else Outcome.EMPTY
        result = Result(outcome=outcome, action=self.action, subject=self.asked(attempt).subject)
        return Served(result, AlertsPage(rows=rows, event=event_of(attempt.request.id)))


class Handling(_Desk):
    """Acknowledges and closes alerts."""

    def asked(self, attempt: Attempt) -> Result:
        """Which step on which alert."""
        command = attempt.request.body
        subject = f"alert {command.alert} {command.step}" if isinstance(command, AlertCommand) else None
        return Result(outcome=Outcome.FAILED, action=self.action, subject=subject)

    async def serve(self, attempt: Attempt) -> Served:
        """Take the step once, however often it is sent."""
        command = attempt.request.body
        if not isinstance(command, AlertCommand):
            raise TypeError("this desk handles alerts")
        async with self.engine.begin() as conn:
            done = await self._step(conn, attempt, command)
        if isinstance(done, Refusal):
            return refused(self, attempt, done)
        version, step = done
        result = Result(outcome=Outcome.GRANTED, action=self.action, subject=self.asked(attempt).subject)
        state, event = alerts.STATE_AFTER[step], event_of(attempt.request.id)
        return Served(result, AlertDone(alert=command.alert, state=state, version=version, event=event))

    async def _step(
        self, conn: AsyncConnection, attempt: Attempt, command: AlertCommand
    ) -> Refusal | tuple[int, AlertStep]:
        connection, by = await raw(conn), handler_of(attempt)
        alert = await alerts.locked(connection, command.alert)
        if alert is None or not may_see(alert.anomaly, by):
            return UNKNOWN
        key = f"{by.worker}:{command.alert}:{command.step}:{command.idempotency_key}"
        before = await alerts.done_before(connection, key)
        if before is not None:
            return before, command.step
        handled = handle(alert.anomaly, alert.state, alert.version, command, by, attempt.time)
        if isinstance(handled, Refusal):
            return handled
        await alerts.take_step(connection, handled, key)
        await outbox.write(conn, [announcement(handled)])
        return handled.version, handled.step


def handler_of(attempt: Attempt) -> Handler:
    """Who handles alerts; the gate has let them pass."""
    if attempt.actor is None or attempt.worker is None:
        raise TypeError("the gate lets nobody pass whom it does not know")
    every = Role.AUDITOR in roles_in_force(attempt.facts)
    return Handler(attempt.worker, attempt.actor.organisation, every)


def announcement(handled: AlertHandled) -> Outgoing:
    """The message that tells of a step."""
    id_ = event_id("audit-alert-handled", str(handled.alert), str(handled.version), handled.time.isoformat())
    key = handled.organisation or EVERY_ORGANISATION
    return Outgoing.of(AUDIT_ALERTS, key, id_, handled, source=SOURCE, time=handled.time)
