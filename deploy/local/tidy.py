"""End and remove what stacks leave behind."""

import shutil
from pathlib import Path

from deploy.local import postgres
from deploy.local.lock import Lock
from deploy.local.processes import sweep


def end_leftovers(root: Path) -> list[str]:
    """End what a crashed launcher left running in a stack's folder. Returns the names."""
    left = sweep(root / "run")
    data = postgres.data_of(root / "postgres")
    if data.exists():
        postgres.clear(data)
    return left


def remove(root: Path) -> None:
    """Delete a stack's folder, with the data that had to lie outside it.

    Raises:
        StackError: `stack.running` while its launcher lives.
    """
    lock = Lock(root / "lock")
    lock.take()
    try:
        end_leftovers(root)
        shutil.rmtree(postgres.data_of(root / "postgres").parent, ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)
    finally:
        lock.release()


def stacks_in(folder: Path) -> list[Path]:
    """The stacks' folders in a folder such as `.local`."""
    return sorted(path.parent for path in folder.glob("*/lock") if (path.parent / "run").is_dir())
