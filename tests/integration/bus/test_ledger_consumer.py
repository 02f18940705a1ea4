"""The suite on the simplest consumer there is: it writes down what arrives, and refuses what it is told to."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import structlog
from sqlalchemy import text

from shared.bus import consumer, quarantine
from shared.bus.batch import replay
from shared.bus.brake import LEAST
from shared.bus.messages import Delivered, Outgoing
from shared.bus.topic import Topic
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.bus.transaction import Handle, Refuse, Tx
from shared.contracts.agreements import PopulationStated
from shared.contracts.base import Contract
from shared.ids import event_id
from tests.harness.consuming import Rig, until
from tests.integration.bus.suite import ConsumerSuite


def stated(n: int, inhabitants: int) -> Outgoing:
    body = PopulationStated(municipality=f"{n:03}", year_end=2015, version=1, inhabitants=inhabitants)
    return Outgoing.of(
        AGREEMENTS_EVENTS, f"k{n}", event_id("test", str(n)), body, source="test", time=datetime(2016, 1, 1, tzinfo=UTC)
    )


async def write_down(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
    for message in batch:
        assert isinstance(message.body, PopulationStated)
        await tx.conn.execute(
            text("insert into ledger (event_id, note) values (:id, :note)"),
            {"id": message.id, "note": "\x00" if message.body.inhabitants == 666 else "fine"},
        )


class TestLedgerConsumer(ConsumerSuite):
    def topics(self) -> Sequence[Topic]:
        return [AGREEMENTS_EVENTS]

    async def prepare(self, rig: Rig) -> Handle:
        async with rig.engine.begin() as conn:
            await conn.execute(text("create table ledger (event_id uuid primary key, note text not null)"))
        return write_down

    def message(self, n: int) -> Outgoing:
        return stated(n, 100)

    def contradiction(self, n: int) -> Outgoing:
        return stated(n, 101)

    async def effects(self, rig: Rig) -> int:
        return int(str(await rig.scalar("select count(*) from ledger")))

    async def test_whoever_works_off_a_backlog_says_so_and_for_a_moment_only(
        self, rig: Rig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(consumer, "MANY", 3)
        handle = await self.prepare(rig)
        for n in range(8):
            await rig.send(self.message(n), partition=0)
        async with rig.consuming(handle) as consuming:
            await until(lambda: self.effects(rig), lambda count: count == 8)
            assert consuming.behind
            monkeypatch.setattr(consumer, "BACKLOG_SECONDS", 0.0)
            assert not consuming.behind

    async def test_a_nul_byte_is_found_by_halving_and_only_its_message_is_set_aside(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        for n in range(64):
            await rig.send(stated(n, 666 if n == 37 else 100))
        async with self.started(rig, handle):
            await self.wait_effects(rig, 63)
            await rig.wait_consumed(64)
        async with rig.engine.connect() as conn:
            (row,) = await quarantine.rows(conn)
        assert row.code == "database"
        assert row.record.value == stated(37, 666).body

    async def test_a_quarantined_message_takes_effect_when_replayed_and_only_once(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        refusing = True

        async def moody(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
            if refusing:
                raise Refuse("moody", "not today")
            await handle(tx, batch)

        await rig.send(stated(1, 100))
        async with self.started(rig, moody) as consumer:
            await rig.wait_consumed(1)
            async with rig.engine.connect() as conn:
                (row,) = await quarantine.rows(conn)
            log = structlog.get_logger("test")
            with pytest.raises(Refuse):
                await replay(consumer.batch, row.record, row.id, log)
            refusing = False
            assert await replay(consumer.batch, row.record, row.id, log) is None
            assert await replay(consumer.batch, row.record, row.id, log) is not None
        assert await self.effects(rig) == 1

    async def test_a_release_that_refuses_everything_stops_instead_of_filling_the_quarantine(self, rig: Rig) -> None:
        await self.prepare(rig)

        async def broken(_tx: Tx, _batch: Sequence[Delivered[Contract]]) -> None:
            raise KeyError("a fault of this release")

        for n in range(LEAST + 20):
            await rig.send(stated(n, 100))

        async with self.started(rig, broken) as consumer:

            async def reason() -> str | None:
                return consumer.stopped

            await until(reason, lambda r: r is not None)
        count = int(str(await rig.scalar("select count(*) from quarantine")))
        assert count == LEAST - 1
        assert await rig.consumed() == LEAST - 1
