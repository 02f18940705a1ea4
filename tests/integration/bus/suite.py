"""What every consumer of every service must do, as one suite. A service's test subclasses it with its own case."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError

from shared.bus import quarantine
from shared.bus.consumer import Consumer
from shared.bus.messages import Decode, Delivered, Outgoing, decode
from shared.bus.topic import Topic
from shared.bus.transaction import Handle, Tx
from shared.contracts.base import Contract
from tests.harness.consuming import Rig, private, rig, send_unreadable_header_name, until


class ConsumerSuite(ABC):
    """Given a consumer on real Kafka and PostgreSQL. `case` methods say what is particular to it."""

    decode: Decode = staticmethod(decode)
    quarantines = True
    """Audit does not: what it cannot read becomes an opaque leaf."""
    on_conflict: Callable[[Delivered[Contract]], Delivered[Contract]] | None = None

    @abstractmethod
    def topics(self) -> Sequence[Topic]:
        """The topics it reads."""

    @abstractmethod
    async def prepare(self, rig: Rig) -> Handle:
        """Create what its migrated database has not, and make its handler."""

    @abstractmethod
    def message(self, n: int) -> Outgoing:
        """The n-th event: the same n gives the same id and bytes."""

    @abstractmethod
    def contradiction(self, n: int) -> Outgoing:
        """The id of the n-th event with other content."""

    @abstractmethod
    async def effects(self, rig: Rig) -> int:
        """How many events have taken effect."""

    @pytest_asyncio.fixture(loop_scope="session")
    async def rig(self, kafka: str, database: str, tmp_path: Path) -> AsyncIterator[Rig]:
        topics = [private(topic) for topic in self.topics()]
        async with rig(kafka, database, topics, tmp_path) as ready:
            yield ready

    @asynccontextmanager
    async def started(self, rig: Rig, handle: Handle) -> AsyncIterator[Consumer]:
        async with rig.consuming(handle, decode=self.decode, on_conflict=self.on_conflict) as consumer:
            yield consumer

    async def wait_effects(self, rig: Rig, count: int) -> None:
        assert await until(lambda: self.effects(rig), lambda n: n >= count) == count

    async def test_each_event_takes_effect_once_however_often_it_is_sent(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        for n in [*range(20), *range(0, 20, 2), *range(19, -1, -1)]:
            await rig.send(self.message(n))
        async with self.started(rig, handle):
            await rig.wait_consumed(50)
            await self.wait_effects(rig, 20)

    async def test_a_restart_continues_where_the_database_stands(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        for n in range(10):
            await rig.send(self.message(n))
        async with self.started(rig, handle):
            await self.wait_effects(rig, 10)
        for n in range(10, 20):
            await rig.send(self.message(n))
        async with self.started(rig, handle):
            await self.wait_effects(rig, 20)
            await rig.wait_consumed(20)

    async def test_a_database_failure_in_the_middle_is_waited_out_and_quarantines_nothing(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        failures = iter([True, True, False])

        async def failing(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
            await handle(tx, batch)
            if next(failures, False):
                raise OperationalError("select", {}, ConnectionResetError("gone"))

        for n in range(10):
            await rig.send(self.message(n))
        async with self.started(rig, failing):
            await self.wait_effects(rig, 10)
        assert await rig.scalar("select count(*) from quarantine") == 0

    async def test_what_cannot_be_read_is_kept_with_its_reason_and_stops_nothing(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        good = self.message(0)
        headers = [(k, v.encode()) for k, v in good.headers().items()]
        await rig.send(self.message(1))
        await rig.send_raw(b"not json", headers)
        await rig.send_raw(b'{"a": 1}', headers)
        await rig.send_raw(good.body, [])
        await rig.send_raw(good.body, [(k, None if k == "ce_id" else v) for k, v in headers])
        await rig.send_raw(good.body, [(k, b"\xff\xfe" if k == "ce_type" else v) for k, v in headers])
        await rig.send_raw(None, headers)
        await rig.send_raw(b"x" * 950_000, headers)
        await rig.send(self.message(2))
        async with self.started(rig, handle):
            await rig.wait_consumed(9)
        if self.quarantines:
            await self.wait_effects(rig, 2)
            assert await rig.scalar("select count(*) from quarantine") == 7
        else:
            await self.wait_effects(rig, 9)

    async def test_a_header_name_that_the_client_cannot_read_stops_nothing(
        self, rig: Rig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        handle = await self.prepare(rig)
        topic = rig.topics[0]
        await rig.send(self.message(0), partition=0)
        await rig.send(self.message(2), partition=1)
        await send_unreadable_header_name(rig.kafka, topic, monkeypatch)
        await rig.send(self.message(1), partition=0)
        async with self.started(rig, handle):
            await rig.wait_consumed(4)
        if self.quarantines:
            await self.wait_effects(rig, 3)
            assert await rig.scalar("select count(*) from quarantine where code = 'header'") == 1
        else:
            await self.wait_effects(rig, 4)

    async def test_a_nul_in_a_header_name_is_kept_like_anything_else(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        await rig.send_raw(b"junk", [("a\0b", b"1"), ("a\0b", None)])
        await rig.send(self.message(1))
        async with self.started(rig, handle):
            await rig.wait_consumed(2)
        if self.quarantines:
            await self.wait_effects(rig, 1)
            async with rig.engine.connect() as conn:
                (row,) = await quarantine.rows(conn)
            assert row.record.headers == (("a\0b", b"1"), ("a\0b", None))
        else:
            await self.wait_effects(rig, 2)

    async def test_the_same_id_with_other_content_is_kept_and_told(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        await rig.send(self.message(0))
        await rig.send(self.contradiction(0))
        await rig.send(self.message(1))
        async with self.started(rig, handle):
            await rig.wait_consumed(3)
        if self.quarantines:
            await self.wait_effects(rig, 2)
            assert await rig.scalar("select count(*) from quarantine where code = 'conflict'") == 1
        else:
            await self.wait_effects(rig, 3)

    async def test_two_members_share_the_work_and_nothing_counts_twice(self, rig: Rig) -> None:
        handle = await self.prepare(rig)
        async with self.started(rig, handle):
            for n in range(20):
                await rig.send(self.message(n))
            async with self.started(rig, handle):
                for n in range(20, 40):
                    await rig.send(self.message(n))
                await self.wait_effects(rig, 40)
            for n in range(40, 50):
                await rig.send(self.message(n))
            await self.wait_effects(rig, 50)
        assert await rig.scalar("select count(*) from quarantine") == 0
