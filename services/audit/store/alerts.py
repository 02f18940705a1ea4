"""Alerts and what was done about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from shared.contracts.anomalies import AlertHandled, AlertState, AlertStep, AnomalyFound, CloseReason

if TYPE_CHECKING:
    from asyncpg import Connection

STATE_AFTER: Final = {AlertStep.ACKNOWLEDGE: AlertState.ACKNOWLEDGED, AlertStep.CLOSE: AlertState.CLOSED}
_COLUMNS: Final = "a.body, a.found, a.state, a.version, s.reason, s.by_worker, s.at"
_LAST_STEP: Final = "left join alert_step s on s.alert = a.id and s.version = a.version"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert as it stands; `reason`, `by` and `at` are those of its last step."""

    anomaly: AnomalyFound
    found: datetime
    state: AlertState
    version: int
    reason: CloseReason | None
    by: str | None
    at: datetime | None


async def add_alerts(conn: "Connection", found: Sequence[AnomalyFound], at: datetime) -> set[UUID]:
    """Keep alerts, each once for ever; returns those that are new."""
    rows = await conn.fetch(
        """
        insert into alert (id, organisation, rule, time, body, found)
        select *, $6::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
        on conflict (id) do nothing returning id
        """,
        [one.alert for one in found],
        [one.organisation for one in found],
        [one.rule for one in found],
        [one.time for one in found],
        [one.model_dump_json() for one in found],
        at,
    )
    return {row["id"] for row in rows}


async def newest(
    conn: "Connection", organisations: Collection[str] | None, states: Collection[AlertState], most: int
) -> list[Alert]:
    """The newest alerts of these organisations; of every one, and those that concern several, when it is None."""
    rows = await conn.fetch(
        f"""
        select {_COLUMNS} from alert a {_LAST_STEP}
        where ($1::text[] is null or a.organisation = any($1)) and a.state = any($2)
        order by a.time desc, a.id limit $3
        """,
        None if organisations is None else sorted(organisations),
        sorted(states),
        most,
    )
    return [_alert(*row.values()) for row in rows]


async def locked(conn: "Connection", alert: UUID) -> Alert | None:
    """One alert, held until the transaction ends."""
    row = await conn.fetchrow(f"select {_COLUMNS} from alert a {_LAST_STEP} where a.id = $1 for update of a", alert)
    return None if row is None else _alert(*row.values())


async def done_before(conn: "Connection", idempotency: str) -> int | None:
    """The version after the step that was taken with this key, if one was."""
    version: int | None = await conn.fetchval("select version from alert_step where idempotency = $1", idempotency)
    return version


async def take_step(conn: "Connection", handled: AlertHandled, idempotency: str) -> None:
    """Store a step on an alert that is locked."""
    await conn.execute(
        """
        insert into alert_step (alert, version, step, reason, by_worker, by_organisation, at, idempotency)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        handled.alert,
        handled.version,
        handled.step.value,
        None if handled.reason is None else handled.reason.value,
        handled.by_worker,
        handled.by_organisation,
        handled.time,
        idempotency,
    )
    state = STATE_AFTER[handled.step].value
    await conn.execute("update alert set state = $2, version = $3 where id = $1", handled.alert, state, handled.version)


def _alert(
    body: str,
    found: datetime,
    state: str,
    version: int,
    reason: str | None,
    by: str | None,
    at: datetime | None,
) -> Alert:
    return Alert(
        anomaly=AnomalyFound.model_validate_json(body),
        found=found,
        state=AlertState(state),
        version=version,
        reason=None if reason is None else CloseReason(reason),
        by=by,
        at=at,
    )
