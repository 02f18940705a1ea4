"""The local stack in a folder of this test session's own, removed afterwards."""

import contextlib
import os
from typing import TYPE_CHECKING

from deploy.local.errors import StackError
from deploy.local.lock import Lock
from deploy.local.stack import LOCAL, LocalStack
from deploy.local.tidy import remove, stacks_in

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
        remove(self.root)


def _remove_abandoned() -> None:
    """Delete the folders of sessions that were killed before they could tidy up."""
    for folder in stacks_in(LOCAL):
        if folder.name.startswith("test-") and Lock(folder / "lock").holder() is None:
            with contextlib.suppress(StackError):  # another session took it, or is removing it, just now
                remove(folder)
