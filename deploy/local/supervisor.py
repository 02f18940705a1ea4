"""Run processes, watch them, start them again with backoff, and stop them for certain."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.backoff import Backoff
from deploy.local.errors import StackError
from deploy.local.processes import Identity, save, tethered

_LOG = logging.getLogger("kelmu.stack")
_POLL = 0.05
_HOPELESS = 3  # ends in a row before it was ever ready


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """How one process is run. Times are in seconds.

    Attributes:
        name: what people call it; also the name of its log and pid file.
        argv: an absolute program and its arguments.
        environment: the whole environment of the process.
        cwd: its working directory.
        ready: tells whether it serves; None when running is all that can be asked.
        ready_within: how long a start may take.
        stop_signal: the polite way to end it.
        stop_within: how long the polite way may take before it is killed.
        death_signal: what the kernel sends it when the launcher dies without a word.
        user: user and group id to run it under; None to stay as we are.
        before_start: clears what a killed predecessor left; runs in a thread before every start.
        after_stop: keeps what an orderly stop brought; runs in a thread after it.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    cwd: Path
    ready: Callable[[], Awaitable[bool]] | None = None
    ready_within: float = 30.0
    stop_signal: int = signal.SIGTERM
    stop_within: float = 10.0
    death_signal: int = signal.SIGKILL
    user: tuple[int, int] | None = None
    before_start: Callable[[], None] | None = None
    after_stop: Callable[[], None] | None = None


@dataclass(slots=True)
class Supervised:
    """One process under watch: when it ends by itself, it is started again.

    Args:
        spec: what to run.
        run: folder of its pid file.
        logs: folder of its log.
        backoff: delays between restarts.
    """

    spec: ProcessSpec
    run: Path
    logs: Path
    backoff: Backoff = field(default_factory=Backoff)
    restarts: int = 0
    _identity: Identity | None = None
    _process: asyncio.subprocess.Process | None = None
    _watcher: asyncio.Task[None] | None = None
    _failures: int = 0
    _ever_ready: bool = False

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.logs / f"{self.spec.name}.log"

    @property
    def pid_file(self) -> Path:
        """Where a later launcher finds it, should this one die."""
        return self.run / f"{self.spec.name}.pid"

    @property
    def pid(self) -> int | None:
        """Process id; None while it is down."""
        return self._identity.pid if self._identity and self._identity.alive() else None

    @property
    def supervised(self) -> bool:
        """Whether it would be started again if it ended now."""
        return self._watcher is not None and not self._watcher.done()

    async def start(self) -> None:
        """Start it and keep it running; does not wait until it is ready. Idempotent."""
        if self.supervised:
            return
        self._failures, self._ever_ready = 0, False
        await self._spawn()
        self._watcher = asyncio.create_task(self._watch(), name=f"watch {self.spec.name}")

    async def wait_ready(self, within: float | None = None) -> None:
        """Wait until it serves.

        Args:
            within: seconds; the specification's own when not given.

        Raises:
            StackError: `process.failed` when it keeps ending before it ever served, `process.slow` after
                `within`.
        """
        limit = self.spec.ready_within if within is None else within
        until = time.monotonic() + limit
        while not await self._is_ready():
            if not self.supervised or (not self._ever_ready and self._failures >= _HOPELESS):
                raise StackError("process.failed", f"{self.spec.name} does not stay up.", self._told())
            if time.monotonic() > until:
                raise StackError("process.slow", f"{self.spec.name} was not ready in {limit:g} s.", self._told())
            await asyncio.sleep(_POLL)
        self._ever_ready = True

    async def kill(self) -> None:
        """SIGKILL it, as a crash would; returns when it is gone. The watch starts it again."""
        process = self._process
        if process is not None and process.returncode is None:
            process.kill()
            await process.wait()

    async def stop(self) -> None:
        """End it for good: politely, then after `stop_within` by SIGKILL to its whole group."""
        if self._watcher is not None:
            self._watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watcher
            self._watcher = None
        process, identity = self._process, self._identity
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self.spec.stop_signal)
            try:
                await asyncio.wait_for(process.wait(), self.spec.stop_within)
            except TimeoutError:
                if identity is not None:
                    identity.signal_group(signal.SIGKILL)
                await process.wait()
            else:
                if self.spec.after_stop is not None:
                    await asyncio.to_thread(self.spec.after_stop)
        self._process = self._identity = None
        self.pid_file.unlink(missing_ok=True)

    async def _spawn(self) -> None:
        if self.spec.before_start is not None:
            await asyncio.to_thread(self.spec.before_start)
        with self.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *tethered(self.spec.argv, self.spec.user, self.spec.death_signal),
                env=dict(self.spec.environment),
                cwd=self.spec.cwd,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._identity = Identity.of(self._process.pid)
        if self._identity is not None:
            save(self.pid_file, self._identity)

    async def _watch(self) -> None:
        while self._process is not None:
            began = time.monotonic()
            await self._process.wait()
            self._failures = 1 if time.monotonic() - began >= self.backoff.calm else self._failures + 1
            delay = self.backoff.delay(self._failures)
            name, status = self.spec.name, self._process.returncode
            _LOG.warning("%s ended by itself (status %s); starting it again in %.1f s", name, status, delay)
            await asyncio.sleep(delay)
            self.restarts += 1
            try:
                await self._spawn()
            except OSError as error:  # no memory, no files: the next round waits longer
                _LOG.warning("%s could not be started: %s", name, error)

    async def _is_ready(self) -> bool:
        if self.pid is None:
            return False
        return True if self.spec.ready is None else await self.spec.ready()

    def _told(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:] if self.log.exists() else []
        return "\n".join([f"The end of {self.log}:", *lines])
