"""Wiring of the anomaly rules: the limits, and the watcher in the one process that leads."""

from collections.abc import Callable

from services.audit.domain.anomalies.limits import LimitsTable, default_limits, default_text, read_limits
from services.audit.settings import AuditSettings
from services.audit.watching import Watcher
from shared.kit import Kit


def watch(kit: Kit, settings: AuditSettings, busy: Callable[[], bool]) -> None:
    """Let the elected process watch the log, slowly while that is `busy` with a backlog.

    Raises:
        LimitsError: the operator's limits cannot be used; the service does not start with others.
    """
    watcher = Watcher(
        engine=kit.engine,
        limits=limits_of(settings),
        ring=kit.ring,
        pseudonym_key=kit.secrets.key("pseudonym"),
        now=kit.clock.now,
        log=kit.log,
        busy=busy,
    )
    kit.background("anomalies", kit.led("anomalies", watcher.run))


def limits_of(settings: AuditSettings) -> LimitsTable:
    """The limits as delivered, with the operator's own for single organisations."""
    if settings.anomaly_limits is None:
        return default_limits()
    return read_limits(default_text(), settings.anomaly_limits.read_text(encoding="utf-8"))
