"""The log changes its key: old and new sign together, and the whole history verifies with both."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit import exporting
from services.audit.checking import check_database
from services.audit.domain.note import KeyHistory, VerifierKey, open_checkpoint
from services.audit.retracing import LogRefused
from shared.bus.messages import Outgoing
from shared.bus.topics import AUDIT_ALERTS
from shared.clock.system import system_now
from shared.contracts.answers import Failed
from shared.contracts.audit import LogKeyChanged
from shared.ids import event_id
from tests.integration.audit.looks import Desks, look
from tests.integration.audit.world import CONSUMER, KEY, LOG_KEY, ORIGIN, RING, FixedEnds, Heard, Log, access, notary
from verifier.export import NotAnExport, verify
from verifier.notes import Key

NEW_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NEW = VerifierKey.of(ORIGIN, NEW_KEY.public_key())
HISTORY = KeyHistory((KEY, NEW))


def pinned(key: VerifierKey) -> Key:
    return Key.parse(str(key))


async def grown(log: Log) -> list[bytes]:
    """A log signed by the old key, by both, and by the new one; its checkpoints."""
    heard = Heard()
    for n, keys in enumerate(([LOG_KEY], [NEW_KEY, LOG_KEY], [NEW_KEY])):
        await log.feed([access(n)])
        await notary(log.engine, CONSUMER, FixedEnds({}), heard, keys).sign_head()
    async with log.engine.connect() as conn:
        rows = await conn.exec_driver_sql("select note from checkpoint order by size")
        return [row[0].encode() for row in rows]


async def test_the_change_is_signed_by_both_keys_and_the_log_verifies_with_both(log: Log) -> None:
    before, change, after = await grown(log)
    for key, notes in ((KEY, (before, change)), (NEW, (change, after)), (HISTORY, (before, change, after))):
        assert [open_checkpoint(note, key).size for note in notes]
    assert (await check_database(log.engine, RING, HISTORY)).whole
    assert not (await check_database(log.engine, RING, NEW)).whole


async def test_a_citizens_log_is_proven_while_the_newest_checkpoint_is_still_the_old_keys(log: Log) -> None:
    # given a log whose key has changed and which has signed nothing with the new one yet
    await log.feed([look()])
    await log.sign()
    page = await Desks(log, key=HISTORY).page()
    assert [row.proof is not None for row in page.rows] == [True]
    # and by the new key alone nothing of it is shown
    assert isinstance(await Desks(log, key=NEW).own_log(), Failed)


async def test_a_log_that_stands_still_grows_once_so_that_its_new_key_signs_it(log: Log, tmp_path: Path) -> None:
    heard = Heard()
    await log.feed([access(0)])
    await notary(log.engine, CONSUMER, FixedEnds({}), heard, [LOG_KEY]).sign_head()
    told = "select convert_from(body, 'utf8') from outbox where topic = 'audit.alerts'"
    assert await log.scalar(told) is None
    # when the key has changed and nothing happens, at each of two starts
    for _ in range(2):
        await notary(log.engine, CONSUMER, FixedEnds({}), heard, [NEW_KEY, LOG_KEY]).sign_head()
    await exporting.export(log.engine, HISTORY, tmp_path / "before")
    assert "newest key has signed nothing" in verify(tmp_path / "before").problems[0]
    changed = LogKeyChanged.model_validate_json(str(await log.scalar(told)))
    assert (changed.key, changed.replaced) == (str(NEW), (str(KEY),))
    id_ = event_id("audit-log-key", str(NEW))
    message = Outgoing.of(AUDIT_ALERTS, ORIGIN, id_, changed, source="audit", time=system_now())
    assert await log.scalar(f"select count(*) from outbox where event_id = '{id_}'") == 2
    await log.feed([message, message])
    await notary(log.engine, CONSUMER, FixedEnds({}), heard, [NEW_KEY, LOG_KEY]).sign_head()
    await exporting.export(log.engine, HISTORY, tmp_path / "after")
    verdict = verify(tmp_path / "after", [pinned(KEY), pinned(NEW)])
    assert (verdict.problems, verdict.entries) == ((), 2)
    count = await log.scalar("select count(*) from outbox where topic = 'audit.alerts'")
    await notary(log.engine, CONSUMER, FixedEnds({}), heard, [NEW_KEY, LOG_KEY]).sign_head()
    assert await log.scalar("select count(*) from outbox where topic = 'audit.alerts'") == count


async def test_a_head_that_no_batch_led_to_is_not_signed(log: Log) -> None:
    await log.feed([access(0)])
    await log.execute("update head set size = 2, peaks = array[sha256('x')], root = sha256('x')")
    with pytest.raises(LogRefused, match="not where the last batch led"):
        await notary(log.engine, CONSUMER, FixedEnds({}), Heard(), [LOG_KEY]).sign_head()
    assert await log.scalar("select count(*) from checkpoint") == 0


async def test_an_export_names_every_key_and_is_believed_as_far_as_the_pinned_ones_reach(
    log: Log, tmp_path: Path
) -> None:
    await grown(log)
    await exporting.export(log.engine, HISTORY, tmp_path)
    assert (tmp_path / "log.vkey").read_text() == f"{KEY}\n{NEW}\n"
    assert verify(tmp_path).whole
    assert verify(tmp_path, [pinned(KEY), pinned(NEW)]).whole
    assert not verify(tmp_path, [pinned(KEY)]).whole
    stranger = VerifierKey.of(ORIGIN, Ed25519PrivateKey.generate().public_key())
    with pytest.raises(NotAnExport, match="not by the log that is trusted"):
        verify(tmp_path, [pinned(stranger)])
