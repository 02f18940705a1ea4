"""The launcher as people run it: a process of its own, ended in every way there is."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from typer.testing import CliRunner

from deploy.local.cli import app
from deploy.local.errors import StackError
from deploy.local.fetch import PROGRAMS
from deploy.local.ports import HOST, free_port, is_free
from deploy.local.postgres import data_of
from deploy.local.processes import load
from deploy.local.services import ServiceSpec
from deploy.local.stack import LOCAL, LocalStack
from deploy.local.tidy import remove

SERVERS = {"kafka", "postgres"}
OWN = {key: value for key, value in os.environ.items() if key not in {"KELMU_KAFKA", "KELMU_POSTGRES"}}


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """One stack's folder for this file, so that only its first start has to create the servers' data."""
    folder = LOCAL / f"test-launcher-{os.getpid()}"
    yield folder
    remove(folder)


async def until(holds: Callable[[], bool], deadline: float = 30.0) -> None:
    end = time.monotonic() + deadline
    while not holds():
        assert time.monotonic() < end, "the condition did not come true in time"
        await asyncio.sleep(0.05)


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def launcher(root: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "deploy.local", *arguments, "--root", str(root)]


@asynccontextmanager
async def launched(root: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`up` in a process of its own, ready; killed at the end should the test not have ended it."""
    process = await asyncio.create_subprocess_exec(
        *launcher(root, "up", "--no-services"), env=OWN, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        assert process.stdout is not None
        told = await asyncio.wait_for(process.stdout.readuntil(b"Ctrl-C stops everything."), 60)
        assert b"kafka" in told
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def family(process: asyncio.subprocess.Process) -> list[psutil.Process]:
    members = psutil.Process(process.pid).children(recursive=True)
    assert {"java", "postgres"} <= {member.name() for member in members}
    return members


def ran(root: Path, command: str) -> tuple[int, str]:
    """A short command, in this process since that saves its start."""
    result = CliRunner().invoke(app, [command, "--root", str(root)])
    return result.exit_code, result.output


async def test_given_a_running_stack_when_ctrl_c_is_pressed_then_it_stops_in_good_order_and_leaves_no_orphan(
    root: Path,
) -> None:
    async with launched(root) as process:
        members = family(process)
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 30) == 0
        assert not [member for member in members if lives(member)]
    assert not (root / "postgres" / "data" / "postmaster.pid").exists()


async def test_given_a_running_stack_when_started_again_then_it_says_so_and_the_first_goes_on_until_ended(
    root: Path,
) -> None:
    async with launched(root) as process:
        second = await asyncio.create_subprocess_exec(
            *launcher(root, "up", "--no-services"), env=OWN, stderr=asyncio.subprocess.PIPE
        )
        _, refused = await second.communicate()
        assert second.returncode == 1
        assert f"already runs in {root} (launcher process {process.pid})" in refused.decode()
        status, told = ran(root, "status")
        assert status == 0
        assert all(name in told for name in SERVERS)
        status, told = ran(root, "env")
        assert status == 0
        assert f"export KELMU_KAFKA={HOST}:" in told
        members = family(process)
        assert ran(root, "down")[0] == 0  # SIGTERM to the launcher
        assert process.returncode == 0 or await asyncio.wait_for(process.wait(), 5) == 0
        assert not [member for member in members if lives(member)]
    assert ran(root, "status")[0] == 3
    assert ran(root, "env")[0] == 3


async def test_given_a_launcher_that_is_killed_then_no_orphan_is_left_and_killed_servers_come_back_with_their_data(
    root: Path,
) -> None:
    async with launched(root) as process:
        members = family(process)
        process.kill()
        await until(lambda: not any(lives(member) for member in members))
    async with LocalStack(root, environment=OWN) as stack:
        await _remember(stack)
        pids = {name: stack.pid(name) for name in SERVERS}
        for name in SERVERS:
            await stack.kill(name)
        for name in SERVERS:
            await stack.wait_ready(name, 30)
            assert stack.restarts(name) == 1
            assert stack.pid(name) not in {None, pids[name]}
        assert await _remembered(stack) == (b"claim", 42)


async def test_given_ctrl_c_during_the_start_then_it_stops_without_an_orphan(root: Path) -> None:
    process = await asyncio.create_subprocess_exec(*launcher(root, "up", "--no-services"), env=OWN)
    pid_file = root / "run" / "kafka.pid"
    await until(pid_file.exists)
    await until(lambda: load(pid_file) is not None)
    members = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 30) == 0
    assert members
    assert not [member for member in members if lives(member)]


async def test_given_a_service_when_started_then_it_has_its_database_port_and_environment_and_can_be_killed(
    kafka: str, postgres: str, tmp_path: Path
) -> None:
    code = (
        "import asyncio, asyncpg, os; from http.server import HTTPServer, BaseHTTPRequestHandler\n"
        "assert 'KELMU_POSTGRES' not in os.environ and '@' not in os.environ['KELMU_DATABASE']\n"
        "class Ready(BaseHTTPRequestHandler):\n"
        "    def do_GET(self): self.send_response(200); self.end_headers()\n"
        f"HTTPServer(('{HOST}', int(os.environ['PORT'])), Ready).serve_forever()\n"
    )
    spec = ServiceSpec(
        name="example",
        argv=("{python}", "-c", code.replace("{", "{{").replace("}", "}}")),
        environment={"PORT": "{port}", "KELMU_DATABASE": "{database}"},
        ready_url="http://127.0.0.1:{port}/ready",
        port_setting="KELMU_EXAMPLE_PORT",
    )
    port = free_port()
    settings = {"KELMU_KAFKA": kafka, "KELMU_POSTGRES": postgres, "KELMU_EXAMPLE_PORT": str(port)}
    async with LocalStack(tmp_path / "stack", [spec], environment={**OWN, **settings}) as stack:
        assert stack.urls["example"] == f"http://{HOST}:{port}"
        connection = await asyncpg.connect(stack.databases["example"])
        assert await connection.fetchval("select current_database()::text") == "kelmu_example"
        await connection.close()
        await stack.kill("example")
        await stack.wait_ready("example")
        await stack.stop("example")
        assert is_free(port)
        await stack.start_service("example")
        assert not is_free(port)
    assert is_free(port)


async def test_given_a_failing_migration_when_a_service_starts_then_it_is_told_and_everything_stops(
    kafka: str, postgres: str, tmp_path: Path
) -> None:
    spec = ServiceSpec("example", ("{python}", "-c", ""), migrations="console")
    elsewhere = {**os.environ, "KELMU_KAFKA": kafka, "KELMU_POSTGRES": postgres}
    with pytest.raises(StackError, match=r"example: .* could not be migrated") as failed:
        async with LocalStack(tmp_path / "stack", [spec], environment=elsewhere):
            raise AssertionError("the stack must not come up")
    assert failed.value.code == "process.migration"
    async with LocalStack(tmp_path / "stack", environment=elsewhere) as stack:
        assert stack.names() == []


async def test_given_servers_that_run_elsewhere_then_the_stack_uses_those_and_starts_none(
    kafka: str, postgres: str, tmp_path: Path
) -> None:
    elsewhere = {"KELMU_KAFKA": kafka, "KELMU_POSTGRES": postgres}
    async with LocalStack(tmp_path / "stack", environment=elsewhere, distribution=tmp_path / "none") as stack:
        assert (stack.kafka, stack.postgres, stack.names()) == (kafka, postgres, [])
        with pytest.raises(StackError, match="runs no process 'kafka'"):
            await stack.kill("kafka")
    assert not (tmp_path / "none").exists()


async def test_given_a_checkout_that_others_cannot_enter_when_started_twice_then_postgres_keeps_its_data(
    kafka: str, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    await asyncio.to_thread(closed.mkdir, 0o700)
    programs = closed / "dist"
    await asyncio.to_thread(shutil.copytree, PROGRAMS, programs, symlinks=True, copy_function=os.link)
    root, environment = closed / "stack", {**OWN, "KELMU_KAFKA": kafka}
    for statement in ("create table kept as select 42 as answer", "select answer from kept"):
        async with LocalStack(root, environment=environment, distribution=programs) as stack:
            connection = await asyncpg.connect(stack.postgres)
            answer = await connection.fetchval(statement)
            await connection.close()
    assert answer == 42
    outside = data_of(root / "postgres").parent
    remove(root)
    assert not await asyncio.to_thread(outside.exists)


async def test_given_statements_that_fail_on_a_persons_data_then_postgres_log_tells_nothing_of_it(
    kafka: str, tmp_path: Path
) -> None:
    failing = ("select '010180-9015'::int", "insert into person values ('010180-9015')", "select '010180-9015' from x")
    async with LocalStack(tmp_path / "stack", environment={**OWN, "KELMU_KAFKA": kafka}) as stack:
        connection = await asyncpg.connect(stack.postgres)
        await connection.execute("create table person (code text primary key)")
        await connection.execute("insert into person values ('010180-9015')")
        for statement in failing:
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(statement)
        await connection.close()
    log = await asyncio.to_thread((stack.logs / "postgres.log").read_text)
    assert "ready to accept connections" in log
    assert "010180" not in log
    remove(tmp_path / "stack")


async def test_given_a_taken_port_when_configured_then_nothing_starts_and_the_port_is_named(root: Path) -> None:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), HOST, 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(StackError, match=rf"Port {port} \(KELMU_KAFKA_PORT\)") as refused:
            async with LocalStack(root, environment={**OWN, "KELMU_KAFKA_PORT": str(port)}):
                raise AssertionError("the stack must not come up")
    assert refused.value.code == "port.taken"
    assert not list((root / "run").iterdir())


async def _remember(stack: LocalStack) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka)
    await admin.start()
    await admin.create_topics([NewTopic("kept", num_partitions=1, replication_factor=1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka, acks="all")
    await producer.start()
    await producer.send_and_wait("kept", b"claim")
    await producer.stop()
    connection = await asyncpg.connect(stack.postgres)
    await connection.execute("create table kept as select 42 as answer")
    await connection.close()


async def _remembered(stack: LocalStack) -> tuple[bytes | None, int]:
    consumer = AIOKafkaConsumer("kept", bootstrap_servers=stack.kafka, auto_offset_reset="earliest")
    await consumer.start()
    record = await asyncio.wait_for(consumer.getone(), 20)
    await consumer.stop()
    connection = await asyncpg.connect(stack.postgres)
    answer = int(await connection.fetchval("select answer from kept"))
    await connection.close()
    return record.value, answer
