"""Watching how far the audit log covers what was published: a fact of the gate."""

from datetime import datetime, timedelta

from shared import freshness
from shared.bus.messages import Delivered
from shared.bus.topics import AUDIT_FRESHNESS
from shared.contracts.audit import FreshnessStated
from shared.contracts.base import Contract
from shared.directory.reader import TopicReader
from shared.kit import Kit


class AuditWatch:
    """Reads audit's signed statements in the background and keeps the newest that the log's key signed."""

    def __init__(self, kit: Kit) -> None:
        self._key = kit.secrets.ed25519_public("log")
        self._log = kit.log
        self._newest: FreshnessStated | None = None
        reader = TopicReader(kit.settings.kafka, AUDIT_FRESHNESS, self.take, kit.log, start="newest")
        kit.background("audit watch", reader.run)

    def age(self, now: datetime) -> timedelta | None:
        """System time up to which audit has not covered what was published; None when it was never heard."""
        return None if self._newest is None else freshness.age(self._newest, now)

    def take(self, message: Delivered[Contract]) -> None:
        """Take a statement in; one that the log did not sign changes nothing and is told."""
        stated = message.body
        if not isinstance(stated, FreshnessStated) or not freshness.verify(stated, self._key):
            self._log.error("freshness_not_signed", partition=message.record.partition)
        elif self._newest is None or stated.stated >= self._newest.stated:
            self._newest = stated
