import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
import structlog
from aiokafka.errors import KafkaConnectionError
from sqlalchemy.exc import DBAPIError, OperationalError
from structlog.testing import capture_logs

from services.audit import store
from services.audit.decoding import Loggable
from services.audit.domain.note import VerifierKey, open_checkpoint
from services.audit.exporting import ExportError, verify_folder
from services.audit.handlers import LogKeeper
from services.audit.personal import Opened, Opener, PersonKeys
from shared.bus.messages import Delivered, Outgoing
from shared.bus.topics import AGREEMENTS_EVENTS, AUDIT_CHECKPOINTS
from shared.bus.transaction import Tx
from shared.clock.system import system_now
from shared.contracts.agreements import Heartbeat
from shared.contracts.audit import CheckpointSigned, FreshnessStated
from shared.contracts.base import Contract
from shared.database.engine import raw
from shared.finnish.identity_code import contains_identity_code
from shared.freshness import NEVER, verify
from shared.ids import event_id
from tests.harness.consuming import engine_for
from tests.integration.audit.world import (
    CLIENTS,
    CONSUMER,
    KEY,
    LOG_KEY,
    MONTH,
    ORIGIN,
    PSEUDONYM_KEY,
    RING,
    STRANGER,
    TOPIC,
    WRONG_COMMITMENT,
    FixedEnds,
    Heard,
    Log,
    access,
    client_pseudonym,
    keeper,
    migrate,
    notary,
)


@pytest_asyncio.fixture(loop_scope="session")
async def log(database: str) -> AsyncIterator[Log]:
    engine = engine_for(database)
    await migrate(engine)
    yield Log(engine)
    await engine.dispose()


async def test_events_become_entries_under_a_signed_checkpoint_that_is_published(log: Log) -> None:
    await log.feed([access(n) for n in range(5)])
    await log.sign()
    assert await log.scalar("select count(*) from entry where type = 'kelmu.access.decided.v1'") == 5
    assert await log.scalar("select size from head") == 5
    note = str(await log.scalar("select note from checkpoint where size = 5"))
    checkpoint = open_checkpoint(note.encode(), KEY)
    assert (checkpoint.size, checkpoint.root) == (5, await log.scalar("select root from head"))
    body = await log.scalar(
        f"select body from outbox where topic = '{AUDIT_CHECKPOINTS.name}' order by id desc limit 1"
    )
    assert isinstance(body, bytes)
    published = CheckpointSigned.model_validate_json(body)
    assert (published.size, published.root, published.note) == (5, checkpoint.root.hex(), note)
    assert (await log.check()).personal == {"sealed": 5}


async def test_a_head_is_signed_once_and_the_empty_log_too(log: Log) -> None:
    for _ in range(3):
        await log.sign()
    assert await log.scalar("select count(*) from checkpoint where size = 0") == 1
    assert await log.scalar("select count(*) from outbox") == 1


async def test_freshness_covers_what_was_consumed_and_is_signed(log: Log) -> None:
    heard, before = Heard(), system_now()
    await log.feed([access(0)])
    await log.sign(heard)
    stated = FreshnessStated.model_validate_json(heard.messages[-1].body)
    assert verify(stated, LOG_KEY.public_key())
    assert stated.size == 1
    assert before <= stated.covered_until <= system_now()


async def test_freshness_claims_nothing_of_what_is_published_and_not_in_the_log(log: Log) -> None:
    heard = Heard()
    await log.feed([access(0)])
    await log.sign(heard, end=2)
    stated = FreshnessStated.model_validate_json(heard.messages[-1].body)
    assert stated.covered_until == NEVER


async def test_with_kafka_down_heads_are_signed_and_no_freshness_is_stated(log: Log) -> None:
    heard = Heard()
    await log.feed([access(0)])
    with pytest.raises(KafkaConnectionError):
        await notary(log.engine, CONSUMER, FixedEnds({}, KafkaConnectionError()), heard).tick()
    assert await log.scalar("select max(size) from checkpoint") == 1
    assert heard.messages == []


async def test_an_export_verifies_offline_and_holds_nothing_personal(log: Log, tmp_path: Path) -> None:
    await log.feed([access(n) for n in range(8)])
    await log.sign()
    folder = await log.export(tmp_path / "export")
    verdict = verify_folder(folder, str(KEY))
    assert verdict.whole
    assert verdict.entries == 8
    lines = (folder / "entries.jsonl").read_bytes().split(b"\n")
    assert lines.pop() == b""
    stored = await log.scalar("select array_agg(leaf_hash order by seq) from entry")
    assert [hashlib.sha256(b"\x00" + line).digest() for line in lines] == stored
    for path in folder.rglob("*"):
        if path.is_file():
            assert not contains_identity_code(path.read_bytes())
            assert b"Testi" not in path.read_bytes()


@pytest.mark.parametrize("place", [0, 100, -2])
async def test_one_flipped_byte_of_an_export_is_found(log: Log, tmp_path: Path, place: int) -> None:
    await log.feed([access(n) for n in range(3)])
    await log.sign()
    folder = await log.export(tmp_path / "export")
    content = bytearray((folder / "entries.jsonl").read_bytes())
    content[place] ^= 1
    (folder / "entries.jsonl").write_bytes(content)
    assert not verify_folder(folder).whole


async def test_an_export_replaces_an_earlier_one_and_nothing_else(log: Log, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no checkpoint yet"):
        await log.export(tmp_path / "export")
    for n in range(3):
        await log.feed([access(n)])
        await log.sign()
        folder = await log.export(tmp_path / "export")
    assert verify_folder(folder).checkpoints == 3
    (folder / "mine.txt").write_text("keep me")
    with pytest.raises(ExportError, match="choose another folder"):
        await log.export(folder)
    assert (folder / "mine.txt").exists()


async def test_an_export_of_another_log_is_not_believed(log: Log, tmp_path: Path) -> None:
    await log.sign()
    folder = await log.export(tmp_path / "export")
    other = VerifierKey(ORIGIN, bytes(32))
    with pytest.raises(ExportError, match="not by the log that is trusted"):
        verify_folder(folder, str(other))
    with pytest.raises(ExportError, match="is missing"):
        verify_folder(tmp_path)


async def test_a_destroyed_key_erases_and_the_log_stays_whole(log: Log, tmp_path: Path) -> None:
    # given two look-ups of one client and others
    one_keeper = keeper()
    await log.feed([access(n, client=CLIENTS[n % 2]) for n in range(4)], one_keeper.append)
    await log.sign()
    root = await log.scalar("select root from head")
    # when the client's key of the month is destroyed
    async with log.engine.begin() as conn:
        assert await store.destroy_keys(await raw(conn), client_pseudonym(CLIENTS[0]), MONTH) == 1
        assert await store.destroy_keys(await raw(conn), client_pseudonym(CLIENTS[0]), MONTH) == 0
    # then nothing of it opens, the tree is the same, and what comes later is sealed under a new key
    await log.feed([access(9, client=CLIENTS[0])], one_keeper.append)
    await log.sign()
    checked = await log.check()
    assert checked.whole
    assert checked.personal == {"erased": 2, "sealed": 3}
    assert await log.scalar("select count(*) from person_key where person is null and wrapped is null") == 1
    assert (
        open_checkpoint(str(await log.scalar("select note from checkpoint where size = 4")).encode(), KEY).root == root
    )
    assert verify_folder(await log.export(tmp_path / "export")).whole


async def test_a_key_that_was_rolled_back_seals_nothing(log: Log) -> None:
    one_keeper, failures = keeper(), iter([True, True])

    async def failing(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        await one_keeper.append(tx, batch)
        if next(failures, False):
            raise OperationalError("select", {}, ConnectionResetError("gone"))

    await log.feed([access(n) for n in range(4)], failing)
    await log.sign()
    checked = await log.check()
    assert checked.whole
    assert checked.personal == {"sealed": 4}


async def test_a_personal_part_that_is_not_what_it_should_be_is_logged_and_flagged(log: Log) -> None:
    await log.feed([access(0, commitment=WRONG_COMMITMENT), access(1, ring=STRANGER), access(2)])
    await log.sign()
    checked = await log.check()
    assert checked.verdict.whole
    assert checked.personal == {"mismatch": 1, "unsealable": 1, "sealed": 1}
    assert checked.problems == (
        "Entry 0: the personal part is mismatch: it was not what the leaf commits to when it arrived.",
        "Entry 1: the personal part is unsealable: it could not be opened when it arrived.",
    )


class FailingOpener(Opener):
    """Fails on everything, in a way nobody foresaw."""

    def open(self, body: Loggable) -> Opened:
        raise OverflowError(body.published_type)


async def test_whatever_fails_in_preparing_a_personal_part_the_event_is_logged_and_flagged(log: Log) -> None:
    failing = LogKeeper(FailingOpener(RING, PSEUDONYM_KEY), PersonKeys(RING), system_now, structlog.get_logger("test"))
    with capture_logs() as told:
        await log.feed([access(0)], failing.append)
    assert await log.scalar("select personal_state from entry") == "unsealable"
    assert await log.scalar("select count(*) from quarantine") == 0
    assert [(line["event"], line["reason"]) for line in told if line["event"] == "logged_with_fault"] == [
        ("logged_with_fault", "the personal part could not be prepared (OverflowError)")
    ]


@pytest.mark.parametrize(
    "time", [b"9999-12-31T23:30:00Z", b"9999-12-31T21:59:59Z", b"0001-01-01T00:00:00Z", b"0001-01-01T00:00:01Z"]
)
async def test_a_time_at_the_edge_of_the_calendar_is_logged_and_quarantined_never(log: Log, time: bytes) -> None:
    headers = {name: value.encode() for name, value in access(0).headers().items()} | {"ce_time": time}
    await log.feed_raw([(access(0).body, tuple(headers.items()))])
    await log.sign()
    assert await log.scalar("select count(*) from entry") == 1
    assert await log.scalar("select count(*) from quarantine") == 0
    assert (await log.check()).whole


async def test_a_contradiction_is_an_entry_of_its_own_with_its_personal_part(log: Log) -> None:
    await log.feed([access(0), access(0, version=2), access(0, version=2), access(0)])
    await log.sign()
    assert await log.scalar("select array_agg(type order by seq) from entry") == [
        "kelmu.access.decided.v1",
        "kelmu.audit.conflict.v1",
    ]
    checked = await log.check()
    assert checked.whole
    assert checked.personal == {"sealed": 2}


async def test_an_identity_code_in_clear_is_kept_out_of_the_leaf(log: Log) -> None:
    headers = tuple((name, value.encode()) for name, value in access(0).headers().items())
    await log.feed_raw([(b'{"client": "010180-9015"}', headers)])
    await log.sign()
    checked = await log.check()
    assert checked.whole
    assert checked.personal == {"raw": 1}
    leaf = await log.scalar("select leaf from entry")
    assert isinstance(leaf, bytes)
    assert not contains_identity_code(leaf)


async def test_heartbeats_are_not_logged(log: Log) -> None:
    beat = Heartbeat(at=system_now())
    message = Outgoing.of(AGREEMENTS_EVENTS, "heartbeat", event_id("beat"), beat, source="agreements", time=beat.at)
    await log.feed([message, access(0)])
    assert await log.scalar("select count(*) from entry") == 1


async def test_the_database_itself_refuses_to_remove_or_revive_a_key(log: Log) -> None:
    await log.feed([access(0), access(1)])
    async with log.engine.begin() as conn:
        assert await store.destroy_keys(await raw(conn), client_pseudonym(CLIENTS[0]), MONTH) == 1
    for statement in (
        "delete from person_key",
        "truncate person_key",
        "update person_key set wrapped = 'x' where erased is null",
        "update person_key set wrapped = 'x', person = 'y', erased = null where erased is not null",
    ):
        with pytest.raises(DBAPIError, match="keys are erased, never removed"):
            await log.execute(statement)


@pytest.mark.parametrize("table", ["entry", "checkpoint"])
async def test_the_database_itself_refuses_to_rewrite_the_log(log: Log, table: str) -> None:
    for statement in (f"delete from {table}", f"truncate {table}"):
        with pytest.raises(DBAPIError, match="append-only"):
            await log.execute(statement)


TAMPERINGS = {
    "update entry set type = 'kelmu.access.other.v1' where seq = 1": "Entry 1: the id, type or time",
    "update entry set time = time + interval '1 hour' where seq = 1": "Entry 1: the id, type or time",
    "update entry set leaf_hash = sha256('x') where seq = 1": "Entry 1: the stored hash",
    "update entry set leaf = leaf || ' ' where seq = 1": "Entry 1: the leaf is not in canonical form",
    "delete from entry where seq = 2": "The head says 3 entries",
    "delete from entry where seq = 1": "Entry 1 is missing",
    "update head set root = sha256('x'), size = 2, peaks = array[sha256('x')]": "The head says 2 entries",
    "update entry e set personal = o.personal from entry o where e.seq = 0 and o.seq = 1": "does not open",
    "update person_key set person = 'another' where id = 1": "does not open",
    "update entry set personal = null, person_key = null where seq = 1": "Entry 1: the personal part is missing",
    "update entry set personal_state = 'none', (personal, person_key) = (null, null) where seq = 1": "the row says",
    "update entry set personal_state = 'none' where seq = 1": "Entry 1: the row says",
    "delete from person_key where id = (select person_key from entry where seq = 1)": "Entry 1: the key of",
    "update entry set personal_state = 'unsealable', personal = 'x' where seq = 1": "is unsealable",
    "update entry set personal_state = 'mismatch' where seq = 1": "is mismatch",
    "update entry set personal_state = 'raw' where seq = 1": "Entry 1: the personal part is not what",
}


async def test_every_changed_row_is_found_in_the_database(log: Log) -> None:
    await log.feed([access(n, client=CLIENTS[min(n, 1)]) for n in range(3)])
    await log.sign()
    tables = ("entry", "head", "person_key")
    await log.execute(*(f"alter table {table} disable trigger all" for table in ("entry", "person_key")))
    await log.execute(*(f"create table kept_{table} as table {table}" for table in tables))
    for tampering, why in TAMPERINGS.items():
        await log.execute(tampering)
        checked = await log.check()
        assert any(why in problem for problem in checked.problems), tampering
        restore = [f"delete from {t}" for t in tables]
        restore += [f"insert into {t} overriding system value table kept_{t}" for t in tables]
        await log.execute(*restore)
        assert (await log.check()).whole


async def test_a_leaf_rewritten_with_its_hash_and_head_is_caught_by_the_signed_checkpoint(log: Log) -> None:
    await log.feed([access(0)])
    await log.sign()
    await log.execute(
        "alter table entry disable trigger all",
        "update entry set leaf = convert_to(replace(convert_from(leaf, 'utf8'), 'granted', 'refused'), 'utf8')",
        "update entry set leaf_hash = sha256('\\x00'::bytea || leaf)",
        "update head h set root = e.leaf_hash, peaks = array[e.leaf_hash] from entry e",
    )
    checked = await log.check()
    assert checked.problems == ()
    assert "Between line 1 and line 1" in checked.verdict.problems[0]


async def test_positions_reached_and_head_are_of_one_instant(log: Log) -> None:
    await log.feed([access(n) for n in range(3)])
    async with log.engine.connect() as conn:
        tree, reached = await store.committed(await raw(conn), CONSUMER)
    assert (tree.size, reached) == (3, {(TOPIC, 0): 3})
