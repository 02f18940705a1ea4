"""How far the audit log is behind, as audit itself states and signs it (`audit.freshness`)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared import freshness
from shared.bus.messages import Delivered
from shared.bus.reader import TopicReader
from shared.bus.topics import AUDIT_FRESHNESS
from shared.contracts.audit import FreshnessStated
from shared.contracts.base import Contract
from shared.gate.facts import CLOCK_SKEW

if TYPE_CHECKING:
    from shared.kit import Kit


class AuditFreshness:
    """Follows the newest signed statement, newest by its place in the topic; a forged one changes nothing.

    The topic has one partition and one signer, so its order is the truth and no clock's word: kept by the greatest
    time, one statement from a clock that was ahead for a moment would keep out all true ones after it.
    Nothing heard, or nothing heard lately, makes the age unknown or large, and the gate refuses (invariant 1).

    Args:
        kit: The service's process, in whose background the statements are read; it holds the log's public key.
    """

    NAME: Final = "freshness of audit"
    """Of its background work."""

    def __init__(self, kit: "Kit") -> None:
        self._keys = kit.secrets.ed25519_publics("log")
        self._log = kit.log
        self._stated: FreshnessStated | None = None
        self.heard = 0
        """Statements read since the start, whatever they were worth."""
        self._reader = TopicReader(kit.settings.kafka, AUDIT_FRESHNESS, self.take, kit.log, start="newest")
        kit.background(self.NAME, self._reader.run)
        kit.first(self.NAME, self._reader.reached)

    def age(self, now: datetime) -> timedelta | None:
        """Time up to which the log has not covered what was published.

        None when audit was never heard, and while its newest statement is of the future: that clock is wrong, and
        nothing is known until the next one.

        Args:
            now: System clock.
        """
        if self._stated is None or self._stated.stated - now > CLOCK_SKEW:
            return None
        return freshness.age(self._stated, now)

    def take(self, message: Delivered[Contract]) -> None:
        """Take one statement in."""
        self.heard += 1
        stated = message.body
        if not isinstance(stated, FreshnessStated):
            return
        if not freshness.verify(stated, *self._keys):
            self._log.error("freshness_forged", offset=message.record.offset)
            return
        self._stated = stated
