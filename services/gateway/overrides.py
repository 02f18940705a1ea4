"""Emergency overrides (sosiaalipäivystys): the gateway states when each began, so that none is stretched."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.gateway.inquiring import Asker
from services.gateway.keys import SessionKeys
from shared.clock.business import BusinessClock
from shared.contracts.asking import EmergencyOverride
from shared.finnish.errors import FormatError
from shared.finnish.identity_code import IdentityCode


class Beginnings(Protocol):
    """What overrides need of the database (`store.overrides.OverrideStore`)."""

    async def began(self, key: bytes, now: datetime) -> datetime:
        """When the override of this key began: now, unless one is still carrying."""
        ...


@dataclass(frozen=True, slots=True)
class Overrides:
    """Knows since when a worker's override for a client carries."""

    beginnings: Beginnings
    keys: SessionKeys
    clock: BusinessClock

    async def stated(self, asker: Asker, code: str, reason: str) -> EmergencyOverride:
        """The override as the gate judges it.

        The same worker, organisation and client within 24 hours is the same override, in another session too.
        Where there is no client or no worker, nothing is kept: the gate refuses such a look-up anyway.
        """
        now = self.clock.now()
        worker = asker.identity.identity_code
        try:
            client = IdentityCode.parse(code, allow_artificial=True).reveal()
        except FormatError:
            client = None
        if worker is None or client is None:
            return EmergencyOverride(reason=reason, began=now)
        key = self.keys.override(asker.acting.organisation, worker, client)
        return EmergencyOverride(reason=reason, began=await self.beginnings.began(key, now))
