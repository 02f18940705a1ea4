"""The witness beside the log: both as they run, with a database each, messages handed over as Kafka would."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit import exporting
from services.audit.cosigning import Cosigning
from services.audit.domain.note import Checkpoint, sign
from services.audit.growing import announcement
from services.witness.handlers import Witness, on_conflict
from services.witness.remembering import Remembering
from services.witness.watching import Alarm
from shared.bus import offsets
from shared.bus.batch import Batch, apply_batch
from shared.bus.brake import Brake
from shared.bus.messages import Outgoing, Record, decode
from shared.bus.topic import Topic
from shared.bus.topics import AUDIT_CHECKPOINTS, AUDIT_COSIGNATURES
from shared.bus.transaction import Handle
from shared.clock.system import system_now
from shared.contracts.audit import CheckpointCosigned
from tests.harness.consuming import engine_for
from tests.harness.logs import WITNESS, WITNESS_KEY, WITNESS_SECRET
from tests.integration.audit.world import CONSUMER, KEY, LOG_KEY, ORIGIN, FixedEnds, Heard, Log, access, notary
from tests.stack.databases import Databases
from verifier.export import verify
from verifier.notes import Key

LOG = structlog.get_logger("test")
KEYS = [Key.parse(str(KEY))]


@dataclass
class Side:
    """One service: its database, and how far it has read the other's topic."""

    engine: AsyncEngine
    consumer: str
    topic: Topic
    handle: Handle
    read: int = 0

    async def take(self, messages: Sequence[Outgoing]) -> None:
        batch = Batch(self.consumer, self.engine, self.handle, decode, on_conflict)
        records = [
            Record(
                self.topic.name,
                0,
                self.read + n,
                message.key,
                message.body,
                tuple((name, value.encode()) for name, value in message.headers().items()),
                0,
            )
            for n, message in enumerate(messages)
        ]
        async with self.engine.begin() as conn:
            await offsets.begin(conn, self.consumer, {(self.topic.name, 0): self.read})
        await apply_batch(batch, records, {(self.topic.name, 0): self.read}, Brake(), LOG)
        self.read += len(records)

    async def told(self, topic: Topic) -> list[Outgoing]:
        """What stands in the outbox and was not fetched before."""
        async with self.engine.begin() as conn:
            rows = await conn.execute(
                text(
                    "update outbox set sent_at = now() where topic = :topic and sent_at is null "
                    "returning id, key, event_id, type, source, time, body"
                ),
                {"topic": topic.name},
            )
            return [
                Outgoing(topic.name, r.key, r.event_id, r.type, r.source, r.time, r.body)
                for r in sorted(rows, key=lambda row: int(row.id))
            ]


@dataclass
class World:
    log: Log
    audit: Side
    witness: Side
    alarm: Alarm
    published: list[Outgoing] = field(default_factory=list)

    async def exchange(self) -> None:
        """Hand over what each side has told, until nobody tells anything more."""
        while True:
            checkpoints = await self.audit.told(AUDIT_CHECKPOINTS)
            self.published += checkpoints
            await self.witness.take(checkpoints)
            answers = await self.witness.told(AUDIT_COSIGNATURES)
            await self.audit.take(answers)
            if not checkpoints and not answers:
                return

    async def grow(self, *numbers: int) -> None:
        await self.log.feed([access(n) for n in numbers])
        await self.log.sign()

    async def trouble(self) -> str | None:
        await self.alarm.look()
        return self.alarm.trouble()

    async def signed(self) -> list[int]:
        async with self.witness.engine.connect() as conn:
            return list((await conn.execute(text("select size from signed order by size"))).scalars())


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "audit"


@pytest_asyncio.fixture(loop_scope="session")
async def world(database: str, databases: Databases) -> AsyncIterator[World]:
    async with databases.lent("witness") as other:
        audit, witness = engine_for(database), engine_for(other)
        signer = Witness(KEYS, WITNESS, WITNESS_SECRET, system_now, LOG)
        keeper = Cosigning(KEYS, [WITNESS_KEY], system_now, LOG)
        yield World(
            Log(audit),
            Side(audit, "audit-cosignatures", AUDIT_COSIGNATURES, keeper.on_cosignatures),
            Side(witness, "witness", AUDIT_CHECKPOINTS, signer.on_checkpoints),
            Alarm(witness),
        )
        await audit.dispose()
        await witness.dispose()


def forged(size: int, root: bytes, previous: int) -> Outgoing:
    """A checkpoint that the log's own key has signed, of a log that is not this one."""
    checkpoint = Checkpoint(ORIGIN, size, root)
    return announcement(checkpoint, sign(checkpoint, LOG_KEY), previous, (), system_now())


async def test_a_log_that_grows_is_cosigned_and_its_export_says_so(world: World, tmp_path: Path) -> None:
    for numbers in ((0, 1, 2), (3,), tuple(range(4, 30))):
        await world.grow(*numbers)
        await world.exchange()
    assert await world.signed() == [3, 4, 30]
    assert await world.trouble() is None
    await world.grow(30)
    await exporting.export(world.log.engine, KEY, tmp_path / "witnessed", [WITNESS_KEY], witnessed=True)
    verdict = verify(tmp_path / "witnessed", KEYS, [WITNESS_KEY])
    assert verdict.whole
    assert (verdict.entries, verdict.witnessed) == (30, 30)
    await exporting.export(world.log.engine, KEY, tmp_path / "all", [WITNESS_KEY])
    assert verify(tmp_path / "all", KEYS).whole
    assert verify(tmp_path / "all", KEYS, [WITNESS_KEY]).problems == (
        "Lines 31 to 31 are co-signed by no trusted witness.",
    )


async def test_a_smaller_and_a_forked_log_are_refused_with_an_alarm_that_lasts(world: World) -> None:
    await world.grow(0, 1, 2)
    await world.exchange()
    await world.witness.take([forged(2, bytes(32), 0), forged(3, bytes(32), 0), forged(5, bytes(32), 3)])
    assert await world.signed() == [3]
    told = [message.type for message in await world.witness.told(AUDIT_COSIGNATURES)]
    assert told == ["kelmu.audit.cosigning-refused.v1"] * 3
    assert "(smaller)" in str(await world.trouble())
    await world.grow(3)
    await world.exchange()
    assert await world.signed() == [3, 4]
    assert await world.trouble() is not None


async def test_a_note_of_another_key_is_refused_and_another_log_is_not_its_business(world: World) -> None:
    checkpoint = Checkpoint(ORIGIN, 1, bytes(32))
    stranger = announcement(checkpoint, sign(checkpoint, WITNESS_SECRET), 0, (), system_now())
    elsewhere = Checkpoint("log.elsewhere.test", 1, bytes(32))
    other = announcement(elsewhere, sign(elsewhere, WITNESS_SECRET), 0, (), system_now())
    await world.witness.take([other])
    assert await world.trouble() is None
    await world.witness.take([stranger])
    assert "(unsigned)" in str(await world.trouble())
    assert await world.signed() == []


async def test_a_key_that_was_replaced_is_believed_no_more_once_its_successor_has_signed(world: World) -> None:
    newer = Key(ORIGIN, KEYS[0].kind, WITNESS_SECRET.public_key().public_bytes_raw())
    signer = Witness([*KEYS, newer], WITNESS, WITNESS_SECRET, system_now, LOG)
    world.witness.handle = signer.on_checkpoints
    await world.grow(0, 1)
    await world.exchange()
    await world.log.feed([access(2)])
    await notary(world.log.engine, CONSUMER, FixedEnds({}), Heard(), [WITNESS_SECRET, LOG_KEY]).sign_head()
    await world.exchange()
    assert await world.signed() == [2, 3]
    # when the replaced key signs what does continue the log
    await world.log.feed([access(3)])
    await world.log.sign()
    await world.exchange()
    assert await world.signed() == [2, 3]
    assert "replaced by then" in str(await world.trouble())


@dataclass
class Told:
    """What the witness has published."""

    bodies: list[CheckpointCosigned]

    async def newest_first(self) -> AsyncIterator[CheckpointCosigned]:
        for body in reversed(self.bodies):
            yield body

    async def oldest_first(self) -> AsyncIterator[CheckpointCosigned]:
        for body in self.bodies:
            yield body


async def test_a_witness_whose_database_was_lost_knows_what_it_has_signed_and_signs_no_fork(
    world: World, databases: Databases
) -> None:
    for n in range(3):
        await world.grow(n)
        await world.exchange()
    async with world.witness.engine.connect() as conn:
        rows = (await conn.execute(text("select size, root, cosignature from signed order by size"))).all()
    told = [
        CheckpointCosigned(size=r.size, root=r.root.hex(), witness=WITNESS, cosignature=r.cosignature) for r in rows
    ]
    strangers = [told[0].model_copy(update={"size": 9}), told[1].model_copy(update={"witness": "another"})]
    async with databases.lent("witness") as empty:
        engine = engine_for(empty)
        memory = Remembering(engine, Told([*told, *strangers]), [WITNESS_KEY], ORIGIN, system_now, LOG)
        assert [await memory.until_level(), await memory.until_level()] == [3, 0]
        world.witness = replace(world.witness, engine=engine, read=0)
        # then what it is told from the beginning is nothing new, and a fork of what it signed is refused
        await world.witness.take(world.published)
        assert await world.signed() == [1, 2, 3]
        assert await world.witness.told(AUDIT_COSIGNATURES) == []
        await world.witness.take([forged(5, bytes(32), 0), forged(3, bytes(32), 0)])
        refused = [message.type for message in await world.witness.told(AUDIT_COSIGNATURES)]
        assert refused == ["kelmu.audit.cosigning-refused.v1"] * 2
        await engine.dispose()


async def test_a_witness_that_missed_checkpoints_is_led_on_by_a_proof_of_its_own(world: World) -> None:
    await world.grow(0, 1, 2)
    await world.exchange()
    await world.grow(3, 4)
    await world.audit.told(AUDIT_CHECKPOINTS)
    await world.grow(5)
    await world.exchange()
    assert await world.signed() == [3, 6]
    assert await world.trouble() is None
    assert [message.key for message in world.published] == [ORIGIN.encode()] * 3
