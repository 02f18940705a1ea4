"""An export of the log: a directory that anybody can check, with nothing personal in it.

entries.jsonl            line n holds exactly the leaf bytes of entry n checkpoints/SIZE.note    signed
checkpoints: the newest, and earlier ones to narrow down where something is wrong log.vkey
the log's verifier keys in note form, oldest first
"""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit import store
from services.audit.domain.note import KeyHistory, LogKey, NoteError
from services.audit.domain.verify import Verdict, verify_log
from shared.database.engine import raw

ENTRIES: Final = "entries.jsonl"
CHECKPOINTS: Final = "checkpoints"
VKEY: Final = "log.vkey"
EARLIER_CHECKPOINTS: Final = 100


class ExportError(Exception):
    """An export that cannot be made or read. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds."""

    entries: int
    checkpoints: int
    unsigned: int
    """Entries newer than the newest checkpoint: not exported, for nothing vouches for them yet."""


async def export(engine: AsyncEngine, key: LogKey, folder: Path) -> Exported:
    """Write the log under its newest checkpoint into a folder, all of one instant.

    An earlier export in the folder is replaced at the end, so that a failure leaves it as it was.

    Raises:
        ExportError: the folder holds something else, or there is no checkpoint yet.
    """
    building = _begin(folder)
    try:
        exported = await _write(engine, key, building)
        _put_in_place(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return exported


def _begin(folder: Path) -> Path:
    """A folder beside the wanted one, so that a rename can put it in place."""
    if folder.exists() and not _is_export(folder):
        raise ExportError(f"{folder} is not empty and not an export: choose another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))


def _put_in_place(building: Path, folder: Path) -> None:
    building.chmod(0o755)
    if folder.exists():
        shutil.rmtree(folder)
    building.rename(folder)


async def _write(engine: AsyncEngine, key: LogKey, folder: Path) -> Exported:
    async with engine.connect() as plain:
        conn = await plain.execution_options(isolation_level="REPEATABLE READ")
        async with conn.begin():
            connection = await raw(conn)
            newest = await store.newest_checkpoint(connection)
            if newest is None:
                raise ExportError("The log has no checkpoint yet: start the audit service, it signs one at once.")
            size = newest[0]
            notes = await store.checkpoints(connection, size, EARLIER_CHECKPOINTS)
            tree, _ = await store.committed(connection)
            with (folder / ENTRIES).open("wb") as file:
                async for chunk in store.leaves(connection, size):
                    file.writelines(leaf + b"\n" for leaf in chunk)
    await asyncio.to_thread(_write_notes, folder, notes, key)
    return Exported(size, len(notes), tree.size - size)


def _write_notes(folder: Path, notes: dict[int, str], key: LogKey) -> None:
    (folder / CHECKPOINTS).mkdir()
    for size, note in notes.items():
        (folder / CHECKPOINTS / f"{size}.note").write_text(note, encoding="utf-8", newline="\n")
    (folder / VKEY).write_text(f"{key}\n", encoding="utf-8", newline="\n")


def _is_export(folder: Path) -> bool:
    """Whether a folder is empty or holds an export and nothing else: only such a one may be replaced."""
    return folder.is_dir() and {path.name for path in folder.iterdir()} <= {ENTRIES, CHECKPOINTS, VKEY}


def verify_folder(folder: Path, pinned: str | None = None) -> Verdict:
    """Check an export with nothing but its own files, and the log's key if one is given.

    Args:
        folder: the export.
        pinned: the verifier key that the log is known by, or several with spaces between. No other is believed.
            Without it the export's own keys are: that shows that the export is whole, not whose it is.

    Raises:
        ExportError: the folder is no export, or its key is not the pinned one.
    """
    missing = [name for name in (ENTRIES, CHECKPOINTS, VKEY) if not (folder / name).exists()]
    if missing:
        raise ExportError(f"{folder} is not an export of the log: {', '.join(missing)} is missing.")
    key = _key(folder, pinned)
    notes = {path.stem: path.read_bytes() for path in sorted((folder / CHECKPOINTS).glob("*.note"))}
    with (folder / ENTRIES).open("rb") as file:
        return verify_log(_lines(file), notes, key)


def _key(folder: Path, pinned: str | None) -> LogKey:
    try:
        own = KeyHistory.parse((folder / VKEY).read_text(encoding="utf-8"))
        wanted = own if pinned is None else KeyHistory.parse("\n".join(pinned.split()))
    except (NoteError, UnicodeDecodeError) as error:
        raise ExportError(f"The verifier key cannot be read: {error}.") from error
    if not set(own.keys) & set(wanted.keys):
        raise ExportError(f"The export is signed by {own}, not by the log that is trusted: {wanted}.")
    return wanted


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Each line without its newline."""
    for line in file:
        yield line.removesuffix(b"\n")
