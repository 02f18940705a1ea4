"""A database restored from an old copy goes on with the same log, or with none."""

import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local.databases import with_database
from services.audit.checking import check_database
from services.audit.decoding import decode, on_conflict
from services.audit.domain.leaf import CONFLICT
from services.audit.domain.merkle import leaf_hashes
from services.audit.notary import LogBehind
from services.audit.records import RecordGone, Records, records_of
from services.audit.retracing import LogRefused, Retracing
from shared.bus.messages import Outgoing, Record, digest_of
from shared.bus.topics import ACCESS_EVENTS, AUDIT_SEQUENCE
from shared.contracts.audit import SequenceAssigned, SequenceRun
from shared.ids import event_id
from tests.harness.consuming import Rig, engine_for, private, rig
from tests.integration.audit.world import CONSUMER, KEY, RING, FixedEnds, Heard, Log, access, keeper, notary
from verifier.export import History
from verifier.notes import Key

LEAVES = "select string_agg(encode(leaf_hash, 'hex'), ' ' order by seq) from entry"


@asynccontextmanager
async def copied(postgres: str, database: str) -> AsyncIterator[str]:
    """A copy of a database to which nobody is connected."""
    name = f"copy_{secrets.token_hex(4)}"
    connection = await asyncpg.connect(postgres)
    try:
        await connection.execute(f'create database {name} template "{database.rpartition("/")[2]}"')
        yield with_database(postgres, name)
        await connection.execute(f"drop database {name} with (force)")
    finally:
        await connection.close()


async def consume(around: Rig, messages: list[Outgoing], heard: Heard) -> None:
    """Send messages, let them and all that came before into the log, and sign."""
    for message in messages:
        await around.send(message, partition=message.id.int % 2)
    end = await ends_of(around)
    async with around.consuming(keeper().append, decode=decode, on_conflict=on_conflict):
        await around.wait_consumed(end)
    await notary(around.engine, around.name, FixedEnds({}), heard).sign_head()


async def ends_of(around: Rig) -> int:
    async with records_of([around.kafka], around.topics) as records:
        return sum((await records.ends()).values())


def retracing(engine: AsyncEngine, heard: Heard, records: AbstractAsyncContextManager[Records]) -> Retracing:
    return Retracing(engine, heard, lambda: records, keeper().append, structlog.get_logger("test"))


async def test_a_restored_old_database_writes_the_same_log_again_and_goes_on_with_it(
    kafka: str, postgres: str, database: str, tmp_path: Path
) -> None:
    topic, heard = private(ACCESS_EVENTS), Heard()
    async with rig(kafka, database, [topic], tmp_path) as lost:
        await consume(lost, [access(n) for n in range(10)], heard)
        await lost.engine.dispose()
        async with copied(postgres, database) as copy:
            await lost.send_raw(b"not JSON", topic=topic, partition=0)
            again = [access(3), access(4, version=2), access(11), access(4, version=2)]
            await consume(lost, [access(10), *again, access(12), *taken_before(5), disguised(12)], heard)
            await consume(lost, [access(n) for n in range(13, 20)], heard)
            leaves = str(await lost.scalar(LEAVES))
            restored = replace(lost, engine=engine_for(copy))
            with pytest.raises(LogBehind):
                await notary(restored.engine, restored.name, FixedEnds({}), heard).sign_head()
            records = records_of([kafka], [topic])
            assert await retracing(restored.engine, heard, records).until_level() == 15
            assert await restored.scalar(LEAVES) == leaves
            await consume(restored, [access(1), access(20), access(21)], heard)
            assert str(await restored.scalar(LEAVES)).startswith(leaves)
            assert await restored.scalar("select count(distinct event_id) from entry") == 27
            assert (await check_database(restored.engine, RING, KEY)).whole
            assert (await both_histories(lost, restored)).verdict().whole
            await restored.engine.dispose()


def taken_before(n: int) -> tuple[Outgoing, Outgoing]:
    """A contradiction of the n-th event, after something else under the id that it would be logged by."""
    contradiction = access(n, version=2)
    digest = digest_of(contradiction.type, contradiction.body)
    id_ = event_id("audit-conflict", str(contradiction.id), digest.hex())
    return replace(contradiction, id=id_, body=b'{"agreement":"A-091"}'), contradiction


def disguised(n: int) -> Outgoing:
    """An event that claims to be what only the log makes of one."""
    return replace(access(n), id=event_id("disguised"), type=CONFLICT)


async def both_histories(lost: Rig, restored: Rig) -> History:
    """The entries of the restored log, against every checkpoint that the lost one or it has signed."""
    async with restored.engine.connect() as conn:
        leaves = [bytes(row[0]) for row in await conn.exec_driver_sql("select leaf from entry order by seq")]
    notes: dict[str, bytes] = {}
    for log in (lost, restored):
        async with log.engine.connect() as conn:
            rows = await conn.exec_driver_sql("select size, note from checkpoint")
            notes |= {str(row.size): row.note.encode() for row in rows}
    history = History(notes, [Key.parse(str(KEY))])
    history.add(leaf_hashes(leaves))
    return history


@dataclass
class Kept:
    """Records by their place."""

    records: dict[int, Record]

    async def of(self, run: SequenceRun) -> list[Record]:
        try:
            return [self.records[run.offset + n] for n in range(run.count)]
        except KeyError as error:
            raise RecordGone(f"{run.topic}/{run.partition} begins after offset {run.offset}") from error


def kept(*messages: Outgoing) -> AbstractAsyncContextManager[Records]:
    found = {}
    for offset, message in enumerate(messages):
        headers = tuple((name, value.encode()) for name, value in message.headers().items())
        found[offset] = Record("access.events", 0, offset, b"k", message.body, headers, 0)
    return nullcontext(Kept(found))  # type: ignore[arg-type]  # stands for the reader of a topic


def told(heard: Heard, first: int, size: int, root: str = "00" * 32) -> Heard:
    """As if the log had told of entries beyond this database."""
    run = SequenceRun(topic="access.events", partition=0, offset=first, count=size - first)
    body = SequenceAssigned(first=first, size=size, root=root, runs=(run,))
    message = access(0)
    heard.messages.append(replace(message, topic=AUDIT_SEQUENCE.name, body=body.model_dump_json().encode()))
    return heard


@pytest.mark.parametrize(
    ("first", "there", "why"),
    [
        (2, 4, "do not give what was logged"),
        (2, 3, "begins after offset"),
        (3, 4, "a newer backup of the database is needed"),
        (1, 4, "a newer backup of the database is needed"),
    ],
)
async def test_a_log_that_cannot_be_written_again_is_refused_and_nothing_is_appended(
    log: Log, first: int, there: int, why: str
) -> None:
    heard = Heard()
    await log.feed([access(n) for n in range(2)])
    await log.sign(heard)
    records = kept(*(access(n) for n in range(there)))
    with pytest.raises(LogRefused, match=why):
        await retracing(log.engine, told(heard, first, 4), records).until_level()
    assert await log.scalar("select count(*) from entry") == 2


async def test_a_database_with_other_entries_than_were_told_of_is_neither_extended_nor_signed(log: Log) -> None:
    heard = Heard()
    await log.feed([access(n) for n in range(2)])
    with pytest.raises(LogRefused, match="holds others"):
        await retracing(log.engine, told(heard, 0, 2), kept()).until_level()
    with pytest.raises(LogRefused, match="holds others"):
        await notary(log.engine, CONSUMER, FixedEnds({}), heard).sign_head()
    assert await log.scalar("select count(*) from checkpoint") == 0


async def test_what_was_told_and_not_signed_is_not_told_twice(log: Log) -> None:
    heard = Heard()
    await log.feed([access(0)])
    await log.sign(heard)
    await log.feed([access(1)])
    await log.sign(heard)
    assert [(assigned.first, assigned.size) for assigned in heard.assigned] == [(0, 1), (1, 2)]
