"""Anomalies that the log's rules found, and what was done about them (`audit.alerts`). Nothing personal.

Both are entries of the log themselves: who closed an alert, and why, cannot be changed afterwards either.
"""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import BusinessId, Contract, Instant, Pseudonym, Text

RuleName = Annotated[str, Field(pattern=r"^[a-z_]{3,40}$")]


class AnomalyFound(Contract):
    """A rule found an anomaly (poikkeama). It accuses nobody: a person judges it. The id derives from what it is."""

    ce_type: ClassVar[str] = "kelmu.audit.anomaly_found.v1"

    alert: UUID
    rule: RuleName
    organisation: BusinessId | None
    """Whose log supervisor is told; None: it concerns several organisations, and Kela's auditor is."""
    worker: Pseudonym | None
    """Whom it is about; None: several."""
    time: Instant
    """Of the entry that reached the limit, or when the days for an action were over."""
    figures: dict[str, int]
    """What was counted."""
    limits: dict[str, int]
    """Against what."""
    explanation: Text
    entries: tuple[int, ...]
    """Numbers of the newest entries that show it."""


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    """Somebody looks into it (kuitattu)."""
    CLOSED = "closed"


class AlertStep(StrEnum):
    """What a person does to an alert."""

    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"


class CloseReason(StrEnum):
    """Why an alert is closed. A choice and no text: it stays in the log for ever, and text would name people."""

    JUSTIFIED = "justified"
    """The work explains it."""
    EXCEPTIONAL_SITUATION = "exceptional_situation"
    MISTAKE = "mistake"
    GUIDANCE_GIVEN = "guidance_given"
    RIGHTS_CHANGED = "rights_changed"
    SPECIFIC_REPORT = "specific_report"
    """A specific report is asked for: the suspicion is handled there."""
    REPORTED = "reported"
    """Handed on: to the employer, the data protection officer or the police."""
    RULE_TOO_STRICT = "rule_too_strict"


class AlertHandled(Contract):
    """An alert was acknowledged or closed."""

    ce_type: ClassVar[str] = "kelmu.audit.alert_handled.v1"

    alert: UUID
    version: Annotated[int, Field(ge=2)]
    step: AlertStep
    reason: CloseReason | None = None
    organisation: BusinessId | None
    """The alert's."""
    time: Instant
    by_organisation: BusinessId
    by_worker: Pseudonym
