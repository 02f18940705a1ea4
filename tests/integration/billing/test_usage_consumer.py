"""Events on Kafka become usage and tallies, once in effect (invariant 2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.billing.book_files import load_prices
from services.billing.handlers import on_usage
from shared.bus.messages import Outgoing
from shared.bus.topic import Topic
from shared.bus.topics import ACCESS_EVENTS, CLAIMS_EVENTS
from shared.bus.transaction import Handle
from shared.contracts.access import AccessDecided, Outcome
from shared.contracts.base import Channel
from shared.contracts.claims import ClaimRegistered, ClaimState
from shared.ids import event_id
from tests.harness.consuming import Rig, until
from tests.integration.bus.suite import ConsumerSuite

START = datetime(2016, 12, 31, 21, 0, tzinfo=UTC)
NOW = datetime(2017, 2, 1, tzinfo=UTC)
OUTCOMES = (Outcome.GRANTED, Outcome.EMPTY, Outcome.REFUSED)


def worker(n: int) -> str:
    return "v1." + chr(ord("a") + n) * 26


def access(n: int, *, member: str = "091", time: datetime | None = None) -> Outgoing:
    when = time or START + timedelta(minutes=n)
    body = AccessDecided(
        request=UUID(int=n),
        time=when,
        outcome=OUTCOMES[n % 3],
        channel=Channel.UI,
        service="lookup",
        member=member,
        agreement=f"A-{n % 2}",
        worker=worker(n % 4),
        commitment="0" * 64,
        personal="access.1.sealed",
    )
    return Outgoing.of(ACCESS_EVENTS, f"A-{n % 2}", event_id("access", str(n)), body, source="lookup", time=when)


def claim(n: int) -> Outgoing:
    body = ClaimRegistered(
        claim=UUID(int=n),
        number=f"M-{n}",
        time=START,
        state=ClaimState.REGISTERED,
        channel=Channel.UI,
        organisation="0246246-0",
        member="091",
        agreement="A-0",
        worker=worker(9),
        client="v1." + "b" * 26,
        commitment="0" * 64,
        personal="claims.1.sealed",
    )
    id_ = event_id("claim-registered", str(n))
    return Outgoing.of(CLAIMS_EVENTS, body.client, id_, body, source="claims", time=START)


class TestUsageConsumer(ConsumerSuite):
    def topics(self) -> Sequence[Topic]:
        return [ACCESS_EVENTS, CLAIMS_EVENTS]

    async def prepare(self, _rig: Rig) -> Handle:
        return on_usage(load_prices().products, lambda: NOW)

    def message(self, n: int) -> Outgoing:
        return access(n)

    def contradiction(self, n: int) -> Outgoing:
        return access(n, member="837")

    async def effects(self, rig: Rig) -> int:
        return int(str(await rig.scalar("select count(*) from usage")))

    async def test_tallies_and_active_users_agree_with_the_rows_whatever_is_repeated(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        async with self.started(rig, handle):
            for n in [*range(90), *reversed(range(90)), *range(0, 90, 7)]:
                await rig.send(access(n))
            for n in (1, 2, 1):
                await rig.send(claim(n), topic=rig.topics[1])
            await self.wait_effects(rig, 92)
            await rig.wait_consumed(90 + 90 + 13 + 3)
        differing = """
            select count(*) from (
                select day, coalesce(agreement, ''), coalesce(member, ''), product, count(*)
                from usage group by 1, 2, 3, 4
                except select day, agreement, member, product, quantity from tally
            ) as differing
        """
        assert await rig.scalar(differing) == 0
        assert await rig.scalar("select sum(quantity) from tally") == 92
        assert await rig.scalar("select count(*) from tally where product = 'CLAIM_REGISTER'") == 1
        users = "select count(*) from active_user where agreement = 'A-0' and month = '2016-12-01'"
        assert await rig.scalar(users) == 2
        assert await rig.scalar("select count(*) from active_user") == await rig.scalar(
            "select count(*) from (select distinct date_trunc('month', day), agreement, worker from usage "
            "where worker is not null) as seen"
        )

    async def test_each_event_lies_in_the_month_of_its_own_time(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        async with self.started(rig, handle):
            await rig.send(access(0, time=datetime(2016, 12, 31, 21, 59, 59, 999000, tzinfo=UTC)))
            await rig.send(access(3, time=datetime(2016, 12, 31, 22, 0, tzinfo=UTC)))
            await self.wait_effects(rig, 2)
        assert await rig.scalar("select count(*) from usage_2016_12") == 1
        assert await rig.scalar("select count(*) from usage_2017_01") == 1
        assert await rig.scalar("select count(*) from usage_other") == 0

    async def test_an_event_whose_time_cannot_be_is_set_aside_with_its_reason(self, rig: Rig) -> None:
        """Older than every price book, eleven years old, in the future, without a time zone."""
        handle = await self.prepare(rig)
        naive = access(12)
        async with self.started(rig, handle):
            await rig.send(access(0))
            await rig.send(access(3, time=datetime(2014, 1, 1, tzinfo=UTC)))
            await rig.send(access(6, time=datetime(2005, 12, 31, tzinfo=UTC)))
            await rig.send(access(9, time=NOW + timedelta(minutes=6)))
            await rig.send(replace(naive, body=naive.body.replace(b'00Z"', b'00"')))
            await rig.send(access(15))
            await self.wait_effects(rig, 2)
            await rig.wait_consumed(6)

            async def codes() -> object:
                return await rig.scalar("select string_agg(code, ' ' order by code) from quarantine")

            found = await until(codes, lambda found: len(str(found).split()) == 4)
        assert found == "schema usage.in_future usage.no_product usage.no_product"
        assert await rig.scalar("select reason from quarantine where code = 'schema'") == (
            "the body breaks its schema at: time"
        )

    async def test_usage_of_an_agreement_that_nobody_knows_is_still_kept(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        async with self.started(rig, handle):
            await rig.send(replace(access(0), key=b"unknown"))
            await self.wait_effects(rig, 1)
        assert await rig.scalar("select count(*) from agreement_event") == 0
        assert await rig.scalar("select count(*) from quarantine") == 0

    async def test_the_usage_tables_hold_no_sealed_part_and_no_client(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        async with self.started(rig, handle):
            await rig.send(claim(1), topic=rig.topics[1])
            await self.wait_effects(rig, 1)
        row = str(await rig.scalar("select usage::text from usage"))
        assert "sealed" not in row
        assert "v1." not in row
