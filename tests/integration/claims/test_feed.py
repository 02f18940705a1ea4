"""The feed of the register as a consumer like any other, and what of its records it keeps."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from shared.bus.messages import Outgoing
from shared.bus.topic import Topic
from shared.bus.topics import REGISTER_PAYMENTS
from shared.bus.transaction import Handle
from shared.finnish.identity_code import contains_identity_code
from tests.harness.consuming import Rig
from tests.integration.bus.suite import ConsumerSuite
from tests.integration.claims.upstream import Upstream, books

CLIENTS = 50
ABSURD = (
    ("benefit", "no_such"),
    ("first", date(1, 1, 1)),
    ("payday", date(9999, 12, 31)),
    ("first", date(2007, 2, 1)),
)
"""What makes a payment one that cannot be shared out."""


class TestRegisterFeed(ConsumerSuite):
    """Each payment meets a claim, so that its effect is an entry in the books and not only a row."""

    @cached_property
    def upstream(self) -> Upstream:
        return Upstream()

    def topics(self) -> Sequence[Topic]:
        return [REGISTER_PAYMENTS]

    async def prepare(self, rig: Rig) -> Handle:
        for n in range(CLIENTS):
            await self.upstream.store(rig.engine, n, self.upstream.claim(n))
        return self.upstream.feed().on_records

    def message(self, n: int) -> Outgoing:
        return self.upstream.payment(n)

    def contradiction(self, n: int) -> Outgoing:
        return self.upstream.payment(n, "299.00")

    async def effects(self, rig: Rig) -> int:
        return int(str(await rig.scalar("select count(*) from allocation")))

    async def test_given_no_claim_then_the_payment_is_kept_without_an_entry_and_nothing_is_told(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        await rig.send(self.upstream.payment(CLIENTS + 1))
        async with self.started(rig, handle):
            await rig.wait_consumed(1)
        assert await rig.scalar("select count(*) from register_payment") == 1
        assert await rig.scalar("select gross - withheld from register_payment") == 300
        assert await books(rig.engine) == []
        assert await rig.scalar("select count(*) from outbox") == 0

    async def test_given_records_that_cannot_be_shared_out_then_they_are_quarantined_with_their_reason(
        self, rig: Rig
    ) -> None:
        handle = await self.prepare(rig)
        await rig.send(self.upstream.payment(1, "-1.00"))
        await rig.send(Upstream().payment(2))
        for n, (field, value) in enumerate(ABSURD, 4):
            await rig.send(self.upstream.payment(n, "300.00", "", **{field: value}))
        await rig.send(self.upstream.payment(3))
        async with self.started(rig, handle):
            await rig.wait_consumed(3 + len(ABSURD))
            await self.wait_effects(rig, 1)
        found = await rig.scalar("select string_agg(code, ' ' order by code) from quarantine")
        assert found == "benefit implausible implausible negative too_long unsealable"

    async def test_given_persons_and_payments_when_stored_then_no_identity_code_stands_in_clear(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        for message in (self.upstream.person(1, date(2017, 2, 14)), self.upstream.kela(2), self.upstream.payment(1)):
            await rig.send(message)
        async with self.started(rig, handle):
            await rig.wait_consumed(3)
        for table in ("register_person", "register_payment", "kela_claim", "allocation", "allocation_share"):
            stored = str(await rig.scalar(f"select string_agg(one::text, ' ') from {table} as one"))
            assert len(stored) > 40
            assert not contains_identity_code(stored)
        told = await rig.scalar("select string_agg(convert_from(body, 'utf-8'), ' ') from outbox")
        assert not contains_identity_code(str(told))
