"""What is answered about the alerts of anomalies. Workers by pseudonym, clients not at all."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.anomalies import AlertState, AnomalyFound, CloseReason
from shared.contracts.base import Contract, Instant, Pseudonym


class AlertRow(Contract):
    """One alert as it stands."""

    anomaly: AnomalyFound
    found: Instant
    """When the rule looked at it; `anomaly.time` is when it happened."""
    state: AlertState
    version: Annotated[int, Field(ge=1)]
    reason: CloseReason | None
    by: Pseudonym | None
    """Who took the last step."""
    at: Instant | None


class AlertsPage(Contract):
    """The newest alerts."""

    kind: Literal["alerts_page"] = "alerts_page"
    rows: tuple[AlertRow, ...]
    event: UUID
    """Of this looking in the log."""


class AlertDone(Contract):
    """The step was taken."""

    kind: Literal["alert_done"] = "alert_done"
    alert: UUID
    state: AlertState
    version: int
    event: UUID
