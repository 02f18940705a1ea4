"""One launcher per folder: a file lock that the kernel releases when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path
from typing import IO

from deploy.local.errors import StackError
from deploy.local.processes import Identity


class Lock:
    """An exclusive hold on a stack's folder, with the holder's process id readable inside.

    Args:
        path: the lock file; made when missing, never removed (removing it would let two holders in).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the hold for this process.

        Raises:
            StackError: `stack.running` when a launcher that still lives holds it.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            holder = self.holder()
            raise StackError(
                "stack.running",
                f"A stack already runs in {self._path.parent}"
                + (f" (launcher process {holder.pid})." if holder else "."),
                "Use it (`make status` shows it), or end it first (`make down`).",
            ) from None
        file.truncate(0)
        identity = Identity.of(os.getpid())
        if identity is not None:
            file.write(f"{identity.pid} {identity.started}\n")
            file.flush()
        self._file = file

    def holder(self) -> Identity | None:
        """The launcher that holds it, if one does and still lives."""
        try:
            pid, started = self._path.read_text(encoding="ascii").split()
        except (FileNotFoundError, ValueError):
            return None
        identity = Identity(int(pid), int(started))
        return identity if identity.alive() else None

    def release(self) -> None:
        """Give it free. Idempotent."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None
