"""The agreements service on real Kafka and PostgreSQL: loading, history, events, heartbeat, a killed process."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.demo.agreements import json_lines, seed
from services.agreements import store
from services.agreements.domain.records import Record, RecordKey
from services.agreements.handlers import take_in
from shared.bus.provision import provision
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.contracts.agreements import AgreementChanged, DelegationChanged, OrganisationChanged
from shared.directory.model import Directory
from shared.ids import pseudonym
from tests.harness.consuming import until
from tests.integration.agreements.running import PARTITION, PATIENCE, Tail, header, process

SEED = tuple(record for _, record in seed(partial(pseudonym, b"k" * 32, "worker")))
CHANGE = store.Change("tester", "a test", datetime(2016, 12, 31, 21, 0, tzinfo=UTC))


@pytest_asyncio.fixture(loop_scope="session")
async def events(kafka: str) -> AsyncIterator["Tail"]:
    """What is published from now on."""
    await provision(kafka)
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    consumer.assign([PARTITION])
    await consumer.seek_to_end(PARTITION)
    await consumer.position(PARTITION)
    yield Tail(consumer)
    await consumer.stop()


async def load(engine: AsyncEngine, records: Sequence[Record] = SEED) -> tuple[int, int, list[str]]:
    outcome = await take_in(engine, records, CHANGE)
    return len(outcome.accepted), outcome.unchanged, [refusal.code for refusal in outcome.refused]


async def outbox_ids(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as conn:
        rows = await conn.execute(text("select event_id from outbox order by id"))
        return [str(row.event_id) for row in rows]


async def test_a_whole_country_loads_in_seconds_and_again_without_effect(engine: AsyncEngine) -> None:
    async with asyncio.timeout(10):
        assert await load(engine) == (len(SEED), 0, [])
        written = await outbox_ids(engine)
        assert await load(engine) == (0, len(SEED), [])
    assert (await outbox_ids(engine), len(set(written))) == (written, len(SEED))


async def test_a_refused_record_keeps_the_whole_list_out(engine: AsyncEngine) -> None:
    await load(engine)
    before = await outbox_ids(engine)
    template = next(record for record in SEED if isinstance(record, AgreementChanged))
    newcomer = OrganisationChanged(
        business_id="1234567-1", version=1, kind="joint_authority", name_fi="Uusi", name_sv="Ny"
    )
    overlapping = template.model_copy(update={"id": "S-uusi", "party": newcomer.business_id})
    assert await load(engine, (newcomer, overlapping)) == (1, 0, ["agreement.overlap"])
    assert await outbox_ids(engine) == before
    async with engine.connect() as conn:
        assert await store.history(conn, RecordKey("organisation", newcomer.business_id)) == []


async def test_two_loads_at_once_take_effect_once(engine: AsyncEngine) -> None:
    first, second = await asyncio.gather(load(engine), load(engine))
    assert sorted((first, second)) == [(0, len(SEED), []), (len(SEED), 0, [])]
    assert len(await outbox_ids(engine)) == len(SEED)


async def test_what_was_known_on_a_day_stays_known(engine: AsyncEngine) -> None:
    organisation = next(record for record in SEED if isinstance(record, OrganisationChanged))
    renamed = organisation.model_copy(update={"version": 2, "name_fi": "Uusi nimi"})
    later = CHANGE.at + timedelta(days=30)
    await take_in(engine, [organisation], CHANGE)
    await take_in(engine, [renamed], store.Change("officer", "renamed", later))
    async with engine.connect() as conn:
        assert await store.known_before(conn, CHANGE.at) == []
        assert await store.known_before(conn, later) == [organisation]
        assert await store.known_before(conn, later + timedelta(days=1), "organisation") == [renamed]
        assert await store.known_before(conn, later + timedelta(days=1), "mandate") == []
        entries = await store.history(conn, RecordKey("organisation", organisation.business_id))
    assert [(entry.record, entry.recorded_at, entry.actor, entry.reason) for entry in entries] == [
        (organisation, CHANGE.at, "tester", "a test"),
        (renamed, later, "officer", "renamed"),
    ]


@pytest.mark.parametrize(
    "statement", ["update record_version set version = 9", "delete from record_version", "truncate record_version"]
)
async def test_history_cannot_be_rewritten(engine: AsyncEngine, statement: str) -> None:
    await load(engine, SEED[:1])
    with pytest.raises(DBAPIError, match="append-only"):
        async with engine.begin() as conn:
            await conn.execute(text(statement))


async def test_every_change_is_published_once_in_order_and_a_replica_agrees(
    kafka: str, engine: AsyncEngine, database: str, events: Tail, tmp_path: Path
) -> None:
    await load(engine)
    async with process(kafka, database, tmp_path) as service:
        found = await until(events.changes, lambda ids: len(ids) >= len(SEED), PATIENCE)
        assert found == await outbox_ids(engine)
        await until(service.ready, lambda status: status == 200, PATIENCE)
        assert await service.end(signal.SIGTERM) == 0
    types = {contract.ce_type: contract for contract in AGREEMENTS_EVENTS.payloads}
    published = (types[header(r, "ce_type")].model_validate_json(r.value) for r in events.records)
    replica, truth = Directory(published), Directory(SEED)
    assert list(replica.agreements()) == list(truth.agreements())
    assert list(replica.all_mandates()) == list(truth.all_mandates())
    day = date(2017, 1, 1)
    assert replica.agreement_bearing("174", day) == truth.agreement_bearing("174", day)


async def test_a_running_service_publishes_a_change_at_once_and_a_heartbeat(
    kafka: str, engine: AsyncEngine, database: str, events: Tail, tmp_path: Path
) -> None:
    began = datetime.now(UTC)
    async with process(kafka, database, tmp_path) as service:
        beats = await until(events.heartbeats, bool, PATIENCE)
        assert began <= beats[0].at <= datetime.now(UTC)
        await until(service.ready, lambda status: status == 200, PATIENCE)
        await load(engine, SEED[:3])
        assert await until(events.changes, lambda ids: len(ids) == 3, PATIENCE) == await outbox_ids(engine)


async def test_a_killed_process_loses_nothing_and_keeps_the_order(
    kafka: str, engine: AsyncEngine, database: str, events: Tail, tmp_path: Path
) -> None:
    await load(engine)
    expected = await outbox_ids(engine)
    async with process(kafka, database, tmp_path) as service:
        await until(events.changes, bool, PATIENCE)
        await service.end(signal.SIGKILL)
    async with process(kafka, database, tmp_path):
        found = await until(events.changes, lambda ids: set(ids) == set(expected), PATIENCE)
    assert list(dict.fromkeys(found)) == expected


ONE_AFTER_THE_OTHER = """
import json, sys
from services.console.app import main
for argv in json.loads(sys.argv[1]):
    try:
        main(["agreements", *argv])
    except SystemExit as ended:
        print(f"=> {ended.code or 0}", flush=True)
"""


async def run_commands(surroundings: dict[str, str], *commands: Sequence[str]) -> list[tuple[int, list[str]]]:
    """Exit code and lines of each command; one process runs them all, because starting it costs the most."""
    done = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(commands)),
        env=os.environ | surroundings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await done.communicate()
    found: list[tuple[int, list[str]]] = []
    lines: list[str] = []
    for line in output.decode().splitlines():
        if line.startswith("=> "):
            found.append((int(line.removeprefix("=> ")), lines))
            lines = []
        else:
            lines.append(line)
    assert not lines, lines
    return found


@pytest.mark.usefixtures("engine")
async def test_the_command_line_loads_repeats_refuses_and_answers(kafka: str, database: str, tmp_path: Path) -> None:
    good, bad = tmp_path / "seed.jsonl", tmp_path / "bad.jsonl"
    good.write_text("\n".join(json_lines(seed(partial(pseudonym, b"k" * 32, "worker")))), encoding="utf-8")
    agreement = next(record for record in SEED if isinstance(record, AgreementChanged))
    passed_on = agreement.model_copy(update={"version": 2, "party": "0246246-0"})
    bad.write_text("\n".join(json_lines(iter([("agreement", passed_on)]))), encoding="utf-8")

    found = await run_commands(
        {"KELMU_KAFKA": kafka, "KELMU_DATABASE": database, "KELMU_SECRETS": str(tmp_path)},
        ("load", str(good)),
        ("load", str(good)),
        ("gaps", "2015-01-01", "2017-12-31"),
        ("bears", "174"),
        ("show", "agreement", "S-583"),
        ("as-of", "2999-01-01", "--kind", "population"),
        ("as-of", "2999-01-01", "--kind", "delegation", "--valid", "2016-12-31"),
        ("show", "path", "P-049"),
        ("idle",),
        ("load", str(bad)),
        ("load", str(tmp_path / "nowhere.jsonl")),
        ("show", "agreement", "S-nobody"),
    )

    assert [code for code, _ in found] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2]
    loaded, again, gaps, bears, shown, known, valid, path, idle, refused, missing, unknown = (
        lines for _, lines in found
    )
    assert loaded == [f"{len(SEED)} accepted, 0 unchanged."]
    assert again == [f"0 accepted, {len(SEED)} unchanged."]
    assert gaps == ["Every municipality is borne on every day."]
    assert [line.split()[0] for line in bears] == ["S-174", "S-297", "own"]
    assert [line.split(",")[0] for line in shown if line.startswith("version")] == ["version 1", "version 2"]
    assert len(known) == 3 * 313
    assert {one.id for one in SEED if isinstance(one, DelegationChanged)} > {json.loads(x)["body"]["id"] for x in valid}
    assert sum(line.startswith("version") for line in path) == 5
    assert idle == ["No account."]
    assert refused[0].endswith("[agreement.party_changed]")
    assert missing[0] == "nowhere.jsonl cannot be read: No such file or directory."
    assert unknown[0] == "There is no agreement S-nobody."
