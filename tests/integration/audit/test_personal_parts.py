"""Personal parts of entries: sealed, erased by their key, and flagged when they are not what they should be."""

from collections.abc import Sequence
from pathlib import Path

import structlog
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from services.audit import store
from services.audit.decoding import Loggable
from services.audit.domain.note import open_checkpoint
from services.audit.handlers import LogKeeper
from services.audit.personal import Opened, Opener, PersonKeys
from shared.bus.messages import Delivered
from shared.bus.transaction import Tx
from shared.clock.system import system_now
from shared.contracts.base import Contract
from shared.database.engine import raw
from shared.finnish.identity_code import contains_identity_code
from tests.integration.audit.world import (
    CLIENTS,
    KEY,
    MONTH,
    PSEUDONYM_KEY,
    RING,
    STRANGER,
    WRONG_COMMITMENT,
    Log,
    access,
    client_pseudonym,
    keeper,
)
from verifier.export import verify


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
    assert verify(await log.export(tmp_path / "export")).whole


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
