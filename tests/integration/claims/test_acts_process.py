"""An act, the process killed between commit and reply, and what the same key then answers; operators look."""

import asyncio
import csv
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from pathlib import Path

from shared.bus.client import NoAnswer
from shared.bus.topics import ACCESS_EVENTS, CLAIMS_EVENTS
from shared.contracts.access import AccessDecided, Outcome
from shared.contracts.answers import ClaimDone, ClaimReceipt
from shared.contracts.asking import ClaimCommand
from tests.harness.consuming import until
from tests.integration.claims import test_process
from tests.integration.claims.desk import claim
from tests.integration.claims.test_process import (
    BY,
    COMMANDS,
    DIES_BEFORE_REPLYING,
    PATIENCE,
    SERVE,
    World,
    ends,
    told_since,
)

world = test_process.world


async def test_given_the_process_dies_between_commit_and_reply_then_the_act_happened_once_and_its_key_answers(
    world: World, tmp_path: Path
) -> None:
    async with world.running(*SERVE):
        receipt = await world.ask(claim())
    assert isinstance(receipt, ClaimReceipt)
    before = await ends(world.kafka, CLAIMS_EVENTS)
    sent = ClaimCommand(
        idempotency_key="killed-between", number=receipt.number, version=receipt.version or 1, act="withdraw"
    )
    async with world.running(*DIES_BEFORE_REPLYING) as process:
        asked = asyncio.create_task(world.ask(sent))
        assert await process.wait() == 137
    assert [row["state"] for row in await world.fetch("select state from claim")] == ["withdrawn"]
    async with world.running(*SERVE):
        answer = await world.ask(sent)
        assert isinstance(answer, ClaimDone)
        assert (answer.version, answer.state) == (sent.version + 1, "withdrawn")

        async def unsent() -> int:
            return len(await world.fetch("select from outbox where sent_at is null"))

        await until(unsent, lambda count: count == 0, PATIENCE)
        told = await told_since(world.kafka, CLAIMS_EVENTS, before)
        assert len({id_ for id_, body in told if b'"act":"withdraw"' in body}) == 1
    assert len(await world.fetch("select from claim_step where act = 'withdraw'")) == 1
    asked.cancel()
    with suppress(asyncio.CancelledError, NoAnswer):
        await asked
    file, sheet = tmp_path / "rows.csv", tmp_path / "rows.xlsx"
    own = world.claimant.organisation
    before = await ends(world.kafka, ACCESS_EVENTS)
    printed = await world.commands(
        f"show {receipt.number} {BY}",
        f"queue {BY}",
        f"settlements 2017-01 --organisation {own} --csv {file} --xlsx {sheet} {BY}",
    )
    assert [text for text in ("withdraw", "claimant", "No claims", "0 rows") if text not in printed] == []
    (header,) = csv.reader(StringIO(file.read_text(encoding="utf-8")))
    assert header[:3] == ["reference", "number", "payday"]
    assert sheet.read_bytes()[:2] == b"PK"

    looked = [
        AccessDecided.model_validate_json(body) for _, body in await told_since(world.kafka, ACCESS_EVENTS, before)
    ]
    own_looks = [one for one in looked if one.organisation == own or (one.subject or "").endswith("queue")]
    assert sorted((one.subject or "", one.outcome) for one in own_looks) == [
        ("command line: claims queue", Outcome.EMPTY),
        ("command line: claims settlements 2017-01", Outcome.EMPTY),
        ("command line: claims show", Outcome.GRANTED),
    ]
    process = await replace(world, kafka="127.0.0.1:1").process("-c", COMMANDS, f"show {receipt.number} {BY}")
    out, err = await process.communicate()
    assert (out, b"could not be logged" in err) == (b"", True)
