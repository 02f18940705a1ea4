"""The local stack in a folder of this test session's own, removed afterwards."""

import fcntl
import os
import shutil
from typing import TYPE_CHECKING

from deploy.local.processes import sweep
from deploy.local.stack import LOCAL, LocalStack

if TYPE_CHECKING:
    from types import TracebackType


class PlainStack(LocalStack):
    """Kafka and PostgreSQL as plain processes under `.local/test-PID/`."""

    def __init__(self) -> None:
        _remove_abandoned()
        super().__init__(root=LOCAL / f"test-{os.getpid()}")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        await super().__aexit__(kind, error, trace)
        shutil.rmtree(self.root, ignore_errors=True)


def _remove_abandoned() -> None:
    """Delete the folders of sessions that were killed before they could tidy up."""
    for folder in LOCAL.glob("test-*"):
        lock = folder / "lock"
        if not lock.exists():
            continue
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            sweep(folder / "run")
            shutil.rmtree(folder, ignore_errors=True)
