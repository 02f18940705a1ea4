"""An export of the log: a directory that anybody can check (`verifier`), with nothing personal in it.

entries.jsonl          line n holds exactly the leaf bytes of entry n
checkpoints/SIZE.note  signed checkpoints, co-signed ones among them: the newest, and earlier ones to narrow down where
                       something is wrong
log.vkey               the log's verifier keys in note form, oldest first
witness.vkey           those of its witness
leaf-hashes            32 bytes an entry, signed by nobody: if they lead to the signed root, they name the wrong line
"""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit import store
from services.audit.domain.merkle import leaf_hashes
from services.audit.domain.note import LogKey
from services.audit.store.cosigning import cosignatures, newest_cosigned
from shared.database.engine import raw
from verifier.export import CHECKPOINTS, ENTRIES, HASHES, LOG_KEYS, WITNESS_KEYS
from verifier.notes import Key

if TYPE_CHECKING:
    from asyncpg import Connection

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


async def export(
    engine: AsyncEngine, key: LogKey, folder: Path, witnesses: Sequence[Key] = (), *, witnessed: bool = False
) -> Exported:
    """Write the log under its newest checkpoint into a folder, all of one instant.

    An earlier export in the folder is replaced at the end, so that a failure leaves it as it was.

    Args:
        engine: The log's database.
        key: The log's verifier keys.
        folder: A new one, or one that holds an export.
        witnesses: Keys of witnesses, to be put beside it.
        witnessed: Whether to end at the newest checkpoint that a witness has signed.

    Raises:
        ExportError: the folder holds something else, or there is no such checkpoint yet.
    """
    building = _begin(folder)
    try:
        exported = await _write(engine, building, witnessed=witnessed)
        await asyncio.to_thread(_write_keys, building, key, witnesses)
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


async def _write(engine: AsyncEngine, folder: Path, *, witnessed: bool) -> Exported:
    async with engine.connect() as plain:
        conn = await plain.execution_options(isolation_level="REPEATABLE READ")
        async with conn.begin():
            connection = await raw(conn)
            size = await _end(connection, witnessed=witnessed)
            notes = await store.checkpoints(connection, size, EARLIER_CHECKPOINTS)
            lines = await cosignatures(connection, list(notes))
            tree, _ = await store.committed(connection)
            with (folder / ENTRIES).open("wb") as file, (folder / HASHES).open("wb") as hashes:
                async for chunk in store.leaves(connection, size):
                    file.writelines(leaf + b"\n" for leaf in chunk)
                    hashes.writelines(leaf_hashes(chunk))
    cosigned = {size: note + lines.get(size, "") for size, note in notes.items()}
    await asyncio.to_thread(_write_notes, folder, cosigned)
    return Exported(size, len(notes), tree.size - size)


async def _end(conn: "Connection", *, witnessed: bool) -> int:
    """The size to export."""
    if witnessed:
        cosigned = await newest_cosigned(conn)
        if cosigned is None:
            raise ExportError("No witness has signed a checkpoint yet: start the witness, it signs the next one.")
        return cosigned[0]
    newest = await store.newest_checkpoint(conn)
    if newest is None:
        raise ExportError("The log has no checkpoint yet: start the audit service, it signs one at once.")
    return newest[0]


def _write_notes(folder: Path, notes: dict[int, str]) -> None:
    (folder / CHECKPOINTS).mkdir()
    for size, note in notes.items():
        (folder / CHECKPOINTS / f"{size}.note").write_text(note, encoding="utf-8", newline="\n")


def _write_keys(folder: Path, key: LogKey, witnesses: Sequence[Key]) -> None:
    (folder / LOG_KEYS).write_text(f"{key}\n", encoding="utf-8", newline="\n")
    if witnesses:
        (folder / WITNESS_KEYS).write_text("".join(f"{one}\n" for one in witnesses), encoding="utf-8", newline="\n")


def _is_export(folder: Path) -> bool:
    """Whether a folder is empty or holds an export and nothing else: only such a one may be replaced."""
    return folder.is_dir() and {path.name for path in folder.iterdir()} <= {
        ENTRIES,
        CHECKPOINTS,
        LOG_KEYS,
        WITNESS_KEYS,
        HASHES,
    }
