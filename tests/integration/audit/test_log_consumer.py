"""Invariants 2 and 3 on the log: the suite that every consumer passes, without a quarantine."""

from collections.abc import Sequence

from services.audit.checking import check_database
from services.audit.decoding import decode, on_conflict
from shared.bus.messages import Outgoing
from shared.bus.topic import Topic
from shared.bus.topics import ACCESS_EVENTS
from shared.bus.transaction import Handle
from tests.harness.consuming import Rig
from tests.integration.audit.world import KEY, RING, FixedEnds, Heard, access, keeper, notary
from tests.integration.bus.suite import ConsumerSuite


class TestLogConsumer(ConsumerSuite):
    decode = staticmethod(decode)
    on_conflict = staticmethod(on_conflict)
    quarantines = False

    def topics(self) -> Sequence[Topic]:
        return [ACCESS_EVENTS]

    async def prepare(self, _rig: Rig) -> Handle:
        return keeper().append

    def message(self, n: int) -> Outgoing:
        return access(n)

    def contradiction(self, n: int) -> Outgoing:
        return access(n, version=2)

    async def effects(self, rig: Rig) -> int:
        count = int(str(await rig.scalar("select count(*) from entry")))
        await notary(rig.engine, rig.name, FixedEnds({}), Heard()).sign_head()
        checked = await check_database(rig.engine, RING, KEY)
        assert (checked.problems, checked.verdict.problems) == ((), ())
        return count
