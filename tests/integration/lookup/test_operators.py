"""What operators run: the state of the read model, the quarantine, and replaying after the cause was mended."""

import asyncio
import base64
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner

from services.lookup.app import compose
from services.lookup.commands import app
from shared.bus import quarantine
from shared.bus.messages import Outgoing, Record
from shared.bus.quarantine import Culprit
from shared.bus.sealing import KeyRing
from shared.kit import Kit, offline
from shared.replaying import replay_row
from shared.settings import GateSettings, load_settings
from tests.harness.consuming import engine_for
from tests.integration.lookup.samples import PSEUDONYM_KEY, payment, record

REGISTER_KEY = os.urandom(32)


@pytest.fixture
def environment(database: str, kafka: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    secrets = {
        "pseudonym": PSEUDONYM_KEY,
        "seal-register-1": REGISTER_KEY,
        "seal-claims-1": os.urandom(32),
        "log.pub": public,
        "actor.pub": public,
    }
    for name, value in secrets.items():
        (tmp_path / name).write_text(base64.b64encode(value).decode())
    for name, setting in {"KAFKA": kafka, "DATABASE": database, "SECRETS": str(tmp_path)}.items():
        monkeypatch.setenv(f"KELMU_{name}", setting)
    return database


def record_of(message: Outgoing) -> Record:
    headers = tuple((name, text.encode()) for name, text in message.headers().items())
    return Record(message.topic, 0, 7, message.key, message.body, headers, 0)


async def condemn(database: str, message: Outgoing, consumer: str = "lookup-register") -> None:
    engine = engine_for(database)
    async with engine.begin() as conn:
        await quarantine.put(conn, consumer, [Culprit(record_of(message), "benefit", "a benefit not known yet")])
    await engine.dispose()


async def test_given_a_mended_cause_then_a_replayed_record_takes_effect_once(
    environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.integration.lookup.samples.RING", KeyRing({"register": {"1": REGISTER_KEY}}))
    await condemn(environment, record("payment", "P-1", payment()))

    async with offline("lookup", compose, GateSettings) as kit:
        assert await replay_row(kit, 1) is None
        assert await replay_row(kit, 1) == "it has been replayed already"
        async with kit.engine.connect() as conn:
            assert (await conn.exec_driver_sql("select id from payment")).scalar_one() == "P-1"


async def test_given_the_cause_remains_then_the_row_stays_with_its_reason(environment: str) -> None:
    await condemn(environment, record("payment", "P-1", payment()))  # sealed with a key that is not held

    async with offline("lookup", compose, GateSettings) as kit:
        assert await replay_row(kit, 1) == "the sealed part does not open"
        async with kit.engine.connect() as conn:
            assert len(await quarantine.rows(conn)) == 1


async def test_given_a_look_up_in_quarantine_then_nobody_waits_for_it(environment: str) -> None:
    await condemn(environment, record("payment", "P-1", payment()), consumer="lookup-requests")

    async with offline("lookup", compose, GateSettings) as kit:
        assert await replay_row(kit, 1) == "it is a question, and nobody waits for its answer any more"


async def test_status_and_list_tell_what_stands_where(environment: str) -> None:
    await condemn(environment, record("payment", "P-1", payment()))

    status = await run("status")
    listed = await run("quarantine", "list")
    shown = await run("quarantine", "show", "1")
    missing = await run("quarantine", "replay", "99")

    assert "payment" in status
    assert "never" in status
    assert "a benefit not known yet" in listed
    assert "ce_type: kelmu.register.record.v1" in shown
    assert "sealed" not in shown, "never the content"
    assert "there is no row 99" in missing


async def run(*arguments: str) -> str:
    """Run a command as the console does, in a thread: it starts an event loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    return result.output


async def test_the_wiring_reads_what_the_topics_table_allows_and_is_not_ready_before_its_replica(
    environment: str,
) -> None:
    assert environment
    kit = Kit(load_settings("lookup", GateSettings))
    compose(kit)

    assert set(kit.consumers) == {"lookup-register", "lookup-claims", "lookup-counts"}
    assert "replica of agreements" in kit.unready()
    await kit.engine.dispose()
