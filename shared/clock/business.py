"""The business clock: decides law, prices, paydays and periods, for every process alike.

Its value is one small file that all processes share and that outlives them. The file says either that the
clock stands at an instant (while data is loaded, or a period is replayed) or that it runs at an offset from
real time:

    {"mode": "standing", "at": "2016-12-31T21:59:30+00:00"}
    {"mode": "running", "offset_microseconds": -283132800000000}

No file means no shift. A file that cannot be understood stops the reader: a wrong date would give wrong law.
Machinery (tokens, deadlines, freshness) uses `shared.clock.system`, which nothing here can move.
"""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from shared.clock.civil import CivilTimeError, require_utc
from shared.clock.system import system_now

_MICROSECOND = timedelta(microseconds=1)


class BusinessClockError(RuntimeError):
    """The shared clock file is unreadable or says something else than this module writes."""


class BusinessClock(Protocol):
    """What decides the date of law. Implementations return aware UTC instants and never block for long."""

    def now(self) -> datetime:
        """Return the business instant (aware, UTC)."""
        ...


class SystemClock:
    """A business clock that follows real time: what a production installation uses."""

    def now(self) -> datetime:
        """Return the present instant (aware, UTC)."""
        return system_now()


@dataclass(frozen=True, slots=True)
class Standing:
    """The clock stands still at ``at``."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Running:
    """The clock runs, ``offset`` ahead of the system clock."""

    offset: timedelta


class FileClock:
    """A business clock shared through one file; safe to read from any number of processes.

    A reader stats the file on each call and reads it again only when it was replaced. A writer replaces the
    file in one rename, so a reader sees the old value or the new one, never a part. Writers are operators'
    commands: if two write at once, the later rename stands.

    Args:
        path: The shared file. It may be missing; then the clock follows the system clock.
        system: The system clock, replaceable in tests.
    """

    def __init__(self, path: Path, system: Callable[[], datetime] = system_now) -> None:
        self._path = path
        self._system = system
        self._seen: tuple[int, int, int] | None = None
        self._state: Standing | Running = Running(timedelta(0))

    def now(self) -> datetime:
        """Return the business instant (aware, UTC).

        Raises:
            BusinessClockError: The file exists but cannot be read or understood.
        """
        state = self.state()
        return state.at if isinstance(state, Standing) else self._system() + state.offset

    def state(self) -> Standing | Running:
        """Return what the file says now.

        Raises:
            BusinessClockError: The file exists but cannot be read or understood.
        """
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if seen != self._seen:
                self._state = _parse(self._path.read_bytes(), self._path)
                self._seen = seen
        except FileNotFoundError:
            self._seen = None
            self._state = Running(timedelta(0))
        except OSError as error:
            raise BusinessClockError(
                f"The business clock {self._path.name} cannot be read: {error.strerror}."
            ) from error
        return self._state

    def stand_at(self, instant: datetime) -> None:
        """Make the clock stand still at the instant, for every process.

        Raises:
            CivilTimeError: The instant is naive.
        """
        self._write({"mode": "standing", "at": require_utc(instant).isoformat()})

    def run(self) -> None:
        """Let the clock run on from where it stands; a running clock is left as it is.

        Raises:
            BusinessClockError: The present file cannot be understood.
        """
        state = self.state()
        if isinstance(state, Standing):
            self._run_from(state.at)

    def jump_to(self, instant: datetime) -> None:
        """Move the clock to the instant; it keeps standing or running as before.

        Raises:
            BusinessClockError: The present file cannot be understood.
            CivilTimeError: The instant is naive.
        """
        if isinstance(self.state(), Standing):
            self.stand_at(instant)
        else:
            self._run_from(require_utc(instant))

    def _run_from(self, instant: datetime) -> None:
        offset = instant - self._system()
        self._write({"mode": "running", "offset_microseconds": offset // _MICROSECOND})

    def _write(self, content: dict[str, str | int]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def clock_from(path: str | None) -> BusinessClock:
    """Return the clock a setting asks for: a `FileClock` on the path, or real time when there is none."""
    return FileClock(Path(path)) if path else SystemClock()


def _parse(raw: bytes, path: Path) -> Standing | Running:
    try:
        match json.loads(raw):
            case {"mode": "standing", "at": str(at), **rest} if not rest:
                return Standing(require_utc(datetime.fromisoformat(at)))
            case {"mode": "running", "offset_microseconds": int(offset), **rest} if not rest and type(offset) is int:
                return Running(timedelta(microseconds=offset))
    except (ValueError, OverflowError, CivilTimeError) as error:
        raise BusinessClockError(_garbage(path)) from error
    raise BusinessClockError(_garbage(path))


def _garbage(path: Path) -> str:
    return f"The business clock {path.name} holds no known state; set it again, or remove it for real time."
