import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from deploy.local.backoff import Backoff
from deploy.local.errors import StackError
from deploy.local.supervisor import ProcessSpec, Supervised

FOR_EVER = "import signal; signal.pause()"


async def until(holds: Callable[[], bool], deadline: float = 10.0) -> None:
    end = time.monotonic() + deadline
    while not holds():
        assert time.monotonic() < end, "the condition did not come true in time"
        await asyncio.sleep(0.01)


@asynccontextmanager
async def supervised(
    folder: Path,
    code: str,
    ready: Callable[[], Awaitable[bool]] | None = None,
    stop_within: float = 5.0,
) -> AsyncIterator[Supervised]:
    spec = ProcessSpec(
        name="worker",
        argv=(sys.executable, "-c", code),
        environment=dict(os.environ),
        cwd=folder,
        ready=ready,
        ready_within=5.0,
        stop_within=stop_within,
    )
    process = Supervised(spec, run=folder, logs=folder, backoff=Backoff(first=0.01, cap=0.05))
    await process.start()
    try:
        yield process
    finally:
        await process.stop()


def file_is_there(path: Path) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        return await asyncio.to_thread(path.exists)

    return ready


async def test_given_a_process_that_is_killed_when_watched_then_it_runs_again_with_another_id(tmp_path: Path) -> None:
    async with supervised(tmp_path, FOR_EVER) as process:
        await process.wait_ready()
        before = process.pid
        await process.kill()
        await until(lambda: process.pid is not None)
        assert process.pid != before
        assert process.restarts == 1


async def test_given_a_stopped_process_when_time_passes_then_it_stays_down_until_started(tmp_path: Path) -> None:
    async with supervised(tmp_path, FOR_EVER) as process:
        await process.wait_ready()
        await process.stop()
        assert process.pid is None
        assert not process.supervised
        assert not process.pid_file.exists()
        await process.start()
        await process.wait_ready()
        assert process.pid is not None


async def test_given_a_process_that_never_stays_up_when_waited_for_then_the_end_of_its_log_is_told(
    tmp_path: Path,
) -> None:
    never = file_is_there(tmp_path / "never")
    async with supervised(tmp_path, "raise SystemExit('KELMU_KAFKA is missing')", ready=never) as process:
        with pytest.raises(StackError, match="worker does not stay up") as failed:
            await process.wait_ready()
    assert failed.value.code == "process.failed"
    assert "KELMU_KAFKA is missing" in failed.value.advice


async def test_given_a_process_that_is_never_ready_when_waited_for_then_the_wait_has_an_end(tmp_path: Path) -> None:
    async with supervised(tmp_path, FOR_EVER, ready=file_is_there(tmp_path / "never")) as process:
        with pytest.raises(StackError, match=r"not ready in 0\.2 s") as failed:
            await process.wait_ready(0.2)
    assert failed.value.code == "process.slow"


async def test_given_a_process_that_ignores_the_polite_signal_when_stopped_then_it_and_its_children_are_killed(
    tmp_path: Path,
) -> None:
    stubborn = (
        "import pathlib, signal, subprocess, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"subprocess.Popen([sys.executable, '-c', {FOR_EVER!r}])\n"
        f"pathlib.Path({str(tmp_path / 'armed')!r}).touch()\n"
        "signal.pause()\n"
    )
    async with supervised(tmp_path, stubborn, file_is_there(tmp_path / "armed"), stop_within=0.2) as process:
        await process.wait_ready()
        assert process.pid is not None
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) == 1
        await process.stop()
        await until(lambda: not any(_lives(child) for child in family))


async def test_given_a_launcher_that_is_killed_when_it_had_a_child_then_the_kernel_ends_the_child(
    tmp_path: Path,
) -> None:
    launcher = (
        "import os, pathlib, subprocess, sys\n"
        "from deploy.local.processes import tethered\n"
        f"child = subprocess.Popen(tethered([sys.executable, '-c', {FOR_EVER!r}]), start_new_session=True)\n"
        f"pathlib.Path({str(tmp_path / 'child')!r}).write_text(str(child.pid))\n"
        "child.wait()\n"
    )
    async with supervised(tmp_path, launcher) as process:
        await until(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text() != "")
        child = psutil.Process(int((tmp_path / "child").read_text()))
        await until(lambda: FOR_EVER in child.cmdline() and "tether" not in " ".join(child.cmdline()))
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        await until(lambda: not _lives(child))


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
