"""Which processes are really ours: a process is its id and its start time, since ids are used again."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PROC = Path("/proc")
_TETHER = Path(__file__).with_name("tether.py")
_START_TIME_AFTER_NAME = 19  # field 22 of /proc/PID/stat, counted after the "(name)" which may hold spaces
_STATE_AFTER_NAME = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """A process that cannot be mistaken for a later one with the same id.

    Attributes:
        pid: process id.
        started: start time in clock ticks since boot, as the kernel tells it.
    """

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """The identity of the running process `pid`; None when there is none, or only a zombie of it."""
        try:
            stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        fields = stat[stat.rindex(")") + 1 :].split()
        if fields[_STATE_AFTER_NAME] in {"Z", "X"}:
            return None
        return cls(pid, int(fields[_START_TIME_AFTER_NAME]))

    def alive(self) -> bool:
        """Whether this very process still runs."""
        return Identity.of(self.pid) == self

    def signal(self, number: int) -> None:
        """Send a signal to this process, if it still is the one we mean."""
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def signal_group(self, number: int) -> None:
        """Send a signal to the process group that this process leads, if it still runs."""
        with contextlib.suppress(ProcessLookupError):
            if self.alive() and os.getpgid(self.pid) == self.pid:
                os.killpg(self.pid, number)


def tethered(argv: Sequence[str], user: tuple[int, int] | None = None, death_signal: int = signal.SIGKILL) -> list[str]:
    """A command that becomes `argv` and cannot outlive this process.

    Args:
        argv: an absolute program and its arguments.
        user: user and group id to run it under; None to stay as we are.
        death_signal: what the kernel sends it when this process dies.
    """
    uid, gid = user or (-1, -1)
    tie = [str(os.getpid()), str(int(death_signal)), str(uid), str(gid)]
    return [sys.executable, "-I", "-S", str(_TETHER), *tie, *argv]


def save(path: Path, identity: Identity) -> None:
    """Remember a process in a pid file."""
    path.write_text(f"{identity.pid} {identity.started}\n", encoding="ascii")


def load(path: Path) -> Identity | None:
    """The process that a pid file remembers; None when the file is missing or was cut short by a crash."""
    try:
        pid, started = path.read_text(encoding="ascii").split()
        return Identity(int(pid), int(started))
    except (FileNotFoundError, ValueError):
        return None


def working_in(directory: Path) -> Iterator[Identity]:
    """Running processes whose working directory is `directory`.

    PostgreSQL's processes all stand in their data directory while each of them leads a session of its own,
    so this finds those whose postmaster was killed.
    """
    wanted = directory.resolve()
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            at = (entry / "cwd").readlink()
        except OSError:
            continue
        if at == wanted and (identity := Identity.of(int(entry.name))):
            yield identity


def end(identities: list[Identity], deadline: float = 5.0, first: int = signal.SIGTERM) -> None:
    """End processes: ask with `first`, and after `deadline` seconds kill what is left."""
    for identity in identities:
        identity.signal_group(first)
        identity.signal(first)
    until = time.monotonic() + deadline
    while any(identity.alive() for identity in identities):
        if time.monotonic() > until:
            for identity in identities:
                identity.signal_group(signal.SIGKILL)
                identity.signal(signal.SIGKILL)
            until += deadline
        time.sleep(0.02)


def sweep(run: Path) -> list[str]:
    """End what an earlier, crashed launcher left running, and return the names.

    SIGINT, since Kafka, PostgreSQL (as a fast shutdown) and the services all end on it in good order.

    Args:
        run: folder of the pid files.
    """
    files = {path: load(path) for path in sorted(run.glob("*.pid"))}
    left = {path.stem: identity for path, identity in files.items() if identity is not None and identity.alive()}
    end(list(left.values()), first=signal.SIGINT)
    for path in files:
        path.unlink(missing_ok=True)
    return list(left)
