"""What operators and auditors run. Given a log of five look-ups."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio
from typer.testing import CliRunner

from services.audit.commands import app
from services.audit.domain.note import VerifierKey, open_checkpoint
from services.audit.store import CONSUMER as LOG_CONSUMER
from shared.bus import quarantine
from shared.bus.messages import Record
from shared.bus.quarantine import Culprit
from shared.bus.sealing import KeyRing
from shared.secrets import Secrets
from tests.harness.consuming import engine_for
from tests.integration.audit.world import (
    CLIENTS,
    CONSUMER,
    MONTH,
    FixedEnds,
    Heard,
    Log,
    access,
    client_pseudonym,
    give_secrets,
    keeper,
    notary,
)

ORIGIN = "log.kelmu.commands"


@dataclass
class Desk:
    log: Log
    key: VerifierKey
    environment: dict[str, str]
    secrets: Secrets

    async def run(self, *arguments: str) -> tuple[int, str]:
        result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=self.environment)
        return result.exit_code, result.output

    async def sign(self) -> None:
        key = self.secrets.ed25519_private("log")
        signer = notary(self.log.engine, CONSUMER, FixedEnds({}), Heard(), [key], ORIGIN)
        await signer.sign_head()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(database: str, tmp_path: Path) -> AsyncIterator[Desk]:
    held = give_secrets(tmp_path)
    environment = {
        "KELMU_KAFKA": "127.0.0.1:1",
        "KELMU_DATABASE": database,
        "KELMU_SECRETS": str(held.directory),
        "KELMU_LOG_ORIGIN": ORIGIN,
    }
    engine = engine_for(database)
    log = Log(engine)
    ring = KeyRing(held.seal_keys())
    await log.feed([access(n, ring=ring) for n in range(5)], keeper(ring).append)
    yield Desk(log, VerifierKey.of(ORIGIN, held.ed25519_private("log").public_key()), environment, held)
    await engine.dispose()


async def test_before_the_first_checkpoint_there_is_nothing_to_export(desk: Desk, tmp_path: Path) -> None:
    for command in (["export", str(tmp_path / "export")], ["checkpoint"]):
        code, said = await desk.run(*command)
        assert (code, "no checkpoint yet" in said) == (1, True)


async def test_export_and_verify_agree_and_a_changed_byte_is_told(desk: Desk, tmp_path: Path) -> None:
    await desk.sign()
    folder = tmp_path / "export"
    code, said = await desk.run("export", str(folder))
    assert (code, "5 entries" in said) == (0, True)
    code, said = await desk.run("verify", str(folder), "--vkey", str(desk.key))
    assert (code, "is whole: 5 entries" in said) == (0, True)
    entries = (folder / "entries.jsonl").read_bytes()
    (folder / "entries.jsonl").write_bytes(entries.replace(b"granted", b"grantee", 1))
    code, said = await desk.run("verify", str(folder))
    assert (code, "NOT whole" in said, "line 1 and line 5" in said) == (1, True, True)


async def test_verify_needs_an_export_or_the_database(desk: Desk, tmp_path: Path) -> None:
    assert (await desk.run("verify"))[0] == 2
    assert (await desk.run("verify", str(tmp_path), "--database"))[0] == 2
    code, said = await desk.run("verify", str(tmp_path))
    assert (code, "is missing" in said) == (1, True)
    code, said = await desk.run("verify", str(tmp_path), "--vkey", "nonsense")
    assert code == 1


async def test_checkpoint_prints_the_signed_note(desk: Desk) -> None:
    await desk.sign()
    code, note = await desk.run("checkpoint")
    assert (code, open_checkpoint(note.encode(), desk.key).size) == (0, 5)


async def test_status_names_the_log_and_counts_its_entries(desk: Desk) -> None:
    code, said = await desk.run("status")
    assert code == 0
    for expected in (str(desk.key), "Entries: 5", "none yet", "kelmu.access.decided.v1"):
        assert expected in said


async def test_erasing_is_once_and_the_database_still_verifies(desk: Desk) -> None:
    await desk.sign()
    person = client_pseudonym(CLIENTS[0])
    code, said = await desk.run("erase", person, MONTH)
    assert (code, "Erased" in said) == (0, True)
    code, said = await desk.run("erase", person, MONTH)
    assert (code, "Nothing to erase" in said) == (1, True)
    code, said = await desk.run("verify", "--database")
    assert (code, "2 erased, 3 sealed" in said) == (0, True)


async def test_a_row_changed_in_the_database_is_told(desk: Desk) -> None:
    await desk.sign()
    await desk.log.execute(
        "alter table entry disable trigger all", "update entry set type = 'kelmu.other.v1' where seq = 3"
    )
    code, said = await desk.run("verify", "--database")
    assert (code, "Entry 3" in said) == (1, True)


async def test_a_message_that_our_own_fault_kept_out_is_logged_once_when_it_is_replayed(desk: Desk) -> None:
    message = access(5, ring=KeyRing(desk.secrets.seal_keys()))
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    record = Record(message.topic, 0, 5, message.key, message.body, headers, 0)
    async with desk.log.engine.begin() as conn:
        await quarantine.put(conn, LOG_CONSUMER, [Culprit(record, "handler", "KeyError")])

    assert "access.events/0@5" in (await desk.run("quarantine", "list"))[1]
    assert (await desk.run("quarantine", "replay", "1"))[0] == 0
    assert (await desk.run("quarantine", "replay", "1"))[0] == 2

    assert "Entries: 6" in (await desk.run("status"))[1]
    await desk.sign()
    code, said = await desk.run("verify", "--database")
    assert (code, "6 sealed" in said) == (0, True)
