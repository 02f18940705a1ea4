"""A log of a million entries: how long anybody needs to verify an export of it, and one proof to be made."""

import asyncio
import random
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final
from uuid import UUID

import asyncpg

from bench.figures import Figure, below
from bench.surroundings import CHECKOUT, ROOT, all_secrets, fresh_database, synthetic_history
from deploy.local.stack import LocalStack
from services.audit.decoding import Loggable, decode
from services.audit.domain.inclusion import InclusionProof
from services.audit.domain.merkle import CompactRange, leaf_hashes
from services.audit.domain.note import Checkpoint, KeyHistory, sign
from services.audit.proof_store import Completed, add_subtrees
from services.audit.proving import Prover
from services.audit.settings import key_history, signing_keys
from services.audit.store import ENTRY_COLUMNS
from services.audit.store.appending import EntryRow
from shared.bus.messages import Record
from shared.contracts.access import AccessDecided
from shared.secrets import Secrets
from verifier.export import CHECKPOINTS, ENTRIES, HASHES, LOG_KEYS

if TYPE_CHECKING:
    from asyncpg import Connection

ENTRIES_COUNT: Final = 1_000_000
PORTION: Final = 20_000
KINDS: Final = 5_000
"""Different events that the entries repeat, each time under an id of its own."""
VERIFICATIONS: Final = 3
VERIFY_SECONDS: Final = 10.0
PROOFS: Final = 2_000
PROOF_MS: Final = 5.0
ORIGIN: Final = "log.bench.checking"
_TIME: Final = datetime(2017, 1, 1, tzinfo=UTC)
_SEALED: Final = bytes(300)
"""In the place of a personal part, which neither verifying nor proving looks at."""
_SIZE: Final = "update head set size = $1, peaks = $2, root = $3"


async def log_checking() -> list[Figure]:
    """Build the log once, as an export and in a database; then verify it and prove single events of it."""
    shutil.rmtree(ROOT, ignore_errors=True)
    async with LocalStack(root=ROOT) as stack, fresh_database(stack.postgres, "audit") as database:
        held = all_secrets(stack.root)
        connection = await asyncpg.connect(database)
        try:
            folder = ROOT / "export"
            await build(connection, held, folder, ENTRIES_COUNT)
            proving = await proof_times(connection, key_history(held, ORIGIN), ENTRIES_COUNT)
        finally:
            await connection.close()
    verifying = min([await verify_seconds(folder) for _ in range(VERIFICATIONS)])
    shutil.rmtree(folder)
    return [
        below(f"verification of {ENTRIES_COUNT:,} entries", verifying, "s", VERIFY_SECONDS),
        below(f"one proof in a log of {ENTRIES_COUNT:,}, p99", proving[len(proving) * 99 // 100], "ms", PROOF_MS),
    ]


async def build(conn: "Connection", held: Secrets, folder: Path, count: int) -> None:
    """Write the same log into a folder and into a database, signed after each portion."""
    keys, tree, notes = signing_keys(held), CompactRange(), dict[int, str]()
    templates = leaf_templates(held)
    with _opened(folder, ENTRIES, HASHES) as (entries, hashes):
        for begin in range(0, count, PORTION):
            leaves = [leaf_of(templates, n) for n in range(begin, min(begin + PORTION, count))]
            hashed, completed = leaf_hashes(leaves), Completed()
            entries.write(b"\n".join(leaves) + b"\n")
            hashes.write(b"".join(hashed))
            rows = [row_of(n, *both) for n, both in enumerate(zip(leaves, hashed, strict=True), begin)]
            await conn.copy_records_to_table("entry", columns=ENTRY_COLUMNS, records=rows)
            tree = tree.extend(hashed, completed)
            await add_subtrees(conn, completed)
            notes[tree.size] = sign(Checkpoint(ORIGIN, tree.size, tree.root), *keys)
    await conn.execute(_SIZE, tree.size, list(tree.peaks), tree.root)
    await conn.executemany("insert into checkpoint (size, note, at) values ($1, $2, now())", list(notes.items()))
    await conn.execute("vacuum analyze")
    await asyncio.to_thread(_write_notes, folder, key_history(held, ORIGIN), notes)


def leaf_templates(held: Secrets) -> list[tuple[bytes, bytes]]:
    """Leaves of the synthetic history, as what stands before and behind the event's id."""
    return [_around_id(leaf, id_) for leaf, id_ in _real_leaves(held)]


def leaf_of(templates: list[tuple[bytes, bytes]], n: int) -> bytes:
    """The bytes of entry n."""
    before, behind = templates[n % len(templates)]
    return before + str(event_of(n)).encode() + behind


def event_of(n: int) -> UUID:
    """The event of entry n: as scattered as the ids of real events."""
    return UUID(int=random.Random(n).getrandbits(128))


def row_of(n: int, leaf: bytes, hashed: bytes) -> EntryRow:
    """The stored entry n."""
    type_ = AccessDecided.ce_type
    return (n, event_of(n), type_, "access.events", _TIME, leaf, hashed, 1, _SEALED, "sealed", _TIME, None, "")


async def proof_times(conn: "Connection", key: KeyHistory, size: int) -> list[float]:
    """Milliseconds for the proof of one event, each by a prover that knows nothing yet; sorted."""
    chosen = random.Random(1)
    times = []
    for _ in range(PROOFS):
        event = event_of(chosen.randrange(size))
        begun = time.perf_counter()
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            (proof,) = [one async for one in Prover(conn, key).prove([event])]
        times.append((time.perf_counter() - begun) * 1_000)
        if not isinstance(proof, InclusionProof):
            raise TypeError(f"no proof of {event}")
    return sorted(times)


async def verify_seconds(folder: Path) -> float:
    """Wall time of the verifier as anybody runs it, in a process of its own.

    Raises:
        RuntimeError: it says that the log is not whole.
    """
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "verifier", str(folder), cwd=CHECKOUT, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise RuntimeError("the log of the bench is not whole")
    return time.perf_counter() - begun


@contextmanager
def _opened(folder: Path, *names: str) -> Iterator[list[BinaryIO]]:
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        yield [stack.enter_context((folder / name).open("wb")) for name in names]


def _real_leaves(held: Secrets) -> Iterator[tuple[bytes, UUID]]:
    for offset, message in enumerate(synthetic_history(held, KINDS)):
        headers = tuple((name, value.encode()) for name, value in message.headers().items())
        record = Record(message.topic, 0, offset, message.key, message.body, headers, 0)
        body = decode(record).body
        if isinstance(body, Loggable):
            yield body.leaf, message.id


def _around_id(leaf: bytes, id_: UUID) -> tuple[bytes, bytes]:
    """What the leaf says before and behind its own id; the request of the body may bear the same one."""
    before, _, behind = leaf.rpartition(str(id_).encode())
    return before, behind


def _write_notes(folder: Path, key: KeyHistory, notes: Mapping[int, str]) -> None:
    (folder / CHECKPOINTS).mkdir()
    (folder / LOG_KEYS).write_text(f"{key}\n", encoding="utf-8")
    for size, note in notes.items():
        (folder / CHECKPOINTS / f"{size}.note").write_text(note, encoding="utf-8")
