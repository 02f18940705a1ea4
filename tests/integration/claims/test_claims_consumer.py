"""The behaviour of every consumer, shown by the one of claims (invariants 2 and 3)."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from shared.bus.messages import Outgoing
from shared.bus.topic import Topic
from shared.bus.topics import CLAIMS_REQUESTS
from shared.bus.transaction import Handle
from shared.finnish.identity_code import IdentityCode
from tests.harness.consuming import Rig
from tests.integration.bus.suite import ConsumerSuite
from tests.integration.claims.desk import Desk, claim


class TestClaimsConsumer(ConsumerSuite):
    @cached_property
    def desk(self) -> Desk:
        return Desk()

    @cached_property
    def sent(self) -> dict[int, Outgoing]:
        """Sealing is never twice the same, so that each message is made once."""
        return {}

    def topics(self) -> Sequence[Topic]:
        return [CLAIMS_REQUESTS]

    async def prepare(self, rig: Rig) -> Handle:
        del rig
        return self.desk.requests().on_requests

    def message(self, n: int) -> Outgoing:
        if n not in self.sent:
            self.sent[n] = self._request(n)
        return self.sent[n]

    def contradiction(self, n: int) -> Outgoing:
        return self._request(n)

    async def effects(self, rig: Rig) -> int:
        return int(str(await rig.scalar("select count(*) from claim")))

    def _request(self, n: int) -> Outgoing:
        code = IdentityCode.artificial(date(1980, 1, 1) + timedelta(days=n), 902).reveal()
        return self.desk.request(claim(idempotency_key=f"key-{n:08}", identity_code=code), id=UUID(int=n + 1))
