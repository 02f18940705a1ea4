"""Questions and commands about the alerts of anomalies."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.anomalies import AlertState, AlertStep, CloseReason
from shared.contracts.asking.words import IdempotencyKey
from shared.contracts.base import Contract


class AlertsQuery(Contract):
    """The newest alerts (poikkeamahälytykset) of the organisation; of all of them, when Kela's auditor asks."""

    kind: Literal["alerts_query"] = "alerts_query"
    state: AlertState | Literal["unclosed"] | None = "unclosed"
    """None: whatever their state."""


class AlertCommand(Contract):
    """Acknowledge or close an alert as it was seen; a stale version is refused."""

    kind: Literal["alert_command"] = "alert_command"
    idempotency_key: IdempotencyKey
    alert: UUID
    version: Annotated[int, Field(ge=1)]
    step: AlertStep
    reason: CloseReason | None = None
    """Why it is closed."""
