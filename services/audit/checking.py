"""Checking the log in its own database: every row against its leaf, personal parts against their commitments, subtrees.

More than an export can show: here the clear columns that people search in, and what was sealed, are checked
too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit import proof_store, store
from services.audit.decoding import counted_day, raw_value
from services.audit.domain.leaf import Stated, UnreadableError, commits_to, read_leaf
from services.audit.domain.merkle import CompactRange, leaf_hash, leaf_hashes
from services.audit.domain.note import LogKey
from services.audit.personal import PersonalState, persons_in, unseal, unwrap
from services.audit.proof_store import Completed, SubtreeRow
from services.audit.store import StoredEntry
from shared.bus.sealing import KeyRing, Unsealable
from shared.database.engine import raw
from verifier.export import History, Verdict
from verifier.notes import Key

MOST_CHECKPOINTS: Final = 1_000
MOST_REPORTED: Final = 20
"""Faulty rows named one by one; of more, only how many."""
ERASED: Final = "erased"
FLAWED: Final = {
    PersonalState.MISMATCH: "was not what the leaf commits to when it arrived",
    PersonalState.UNSEALABLE: "could not be opened when it arrived",
}
"""States that were told when the entry was logged. The check fails on them: no state may excuse changed bytes."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking the database found: the tree's verdict, faulty rows, and the state of all personal parts."""

    verdict: Verdict
    problems: tuple[str, ...]
    personal: dict[str, int]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.verdict.whole and not self.problems


async def check_database(engine: AsyncEngine, ring: KeyRing, key: LogKey) -> Checked:
    """Recompute every leaf from its row, the tree from the leaves, and the commitments from the personal parts."""
    problems: list[str] = []
    states: Counter[str] = Counter()
    tree, completed = CompactRange(), Completed()
    async with engine.connect() as plain:
        conn = await plain.execution_options(isolation_level="REPEATABLE READ")
        async with conn.begin():
            connection = await raw(conn)
            head, _ = await store.committed(connection)
            newest = await store.newest_checkpoint(connection)
            # One that is newer than the head is what a log that was cut short leaves behind.
            upto = head.size if newest is None else max(head.size, newest[0])
            notes = await store.checkpoints(connection, upto, MOST_CHECKPOINTS)
            history = History({str(size): note.encode() for size, note in notes.items()}, _as_read(key))
            async for portion in store.entries(connection):
                expected = range(history.tree.size, history.tree.size + len(portion))
                for seq, entry in zip(expected, portion, strict=True):
                    problems += _check_row(seq, entry)
                    state, fault = _check_personal(ring, entry)
                    states[state] += 1
                    problems += fault
                hashes = leaf_hashes(entry.leaf for entry in portion)
                history.add(hashes)
                tree = tree.extend(hashes, completed)
            problems += _check_subtrees(completed, await proof_store.every_subtree(connection))
    if (history.tree.size, history.tree.root) != (head.size, head.root):
        problems.append(f"The head says {head.size} entries with another root than the entries give.")
    return Checked(history.verdict(growing=True), _shortened(problems), dict(states))


def _check_subtrees(completed: Completed, stored: Sequence[SubtreeRow]) -> list[str]:
    """The hashes from which proofs are made, against what the entries give."""
    given = {(height, position): found for height, position, found in completed.rows}
    kept = {(height, position): found for height, position, found in stored}
    return [
        f"The stored subtree of height {height} at position {position} is not what the entries give."
        for height, position in sorted(given.keys() | kept.keys())
        if given.get((height, position)) != kept.get((height, position))
    ]


def _as_read(key: LogKey) -> list[Key]:
    """The log's keys as the verifier reads them."""
    return [Key.parse(line) for line in str(key).splitlines()]


def _check_row(seq: int, entry: StoredEntry) -> list[str]:
    """The entry's place, its leaf's hash, and its searchable columns against what the leaf says."""
    if entry.seq != seq:
        return [f"Entry {seq} is missing: the next one is {entry.seq}."]
    try:
        stated = read_leaf(entry.leaf)
    except UnreadableError as error:
        return [f"Entry {seq}: {error}."]
    if leaf_hash(entry.leaf) != entry.leaf_hash:
        return [f"Entry {seq}: the stored hash is not that of the stored leaf."]
    if (stated.id, stated.type, stated.time) != (entry.event_id, entry.type, entry.time):
        return [f"Entry {seq}: the id, type or time beside the leaf is not the one in it."]
    if (entry.counted_on, entry.agreement) != (counted_day(stated.type, stated.happened), stated.agreement):
        return [f"Entry {seq}: the day or agreement under which it is counted is not the one in its leaf."]
    return []


def _check_personal(ring: KeyRing, entry: StoredEntry) -> tuple[str, list[str]]:
    """The state of the personal part, and what is wrong with it."""
    state = entry.personal_state
    try:
        fault = _fault(ring, entry, read_leaf(entry.leaf))
    except (Unsealable, UnreadableError) as error:
        fault = str(error)
    if fault is None and entry.erased:
        state = ERASED
    return state, [] if fault is None else [f"Entry {entry.seq}: {fault}."]


def _fault(ring: KeyRing, entry: StoredEntry, stated: Stated) -> str | None:
    """Why the personal part is not what its state and its leaf say, or None.

    Raises:
        Unsealable: it does not open.
    """
    state = entry.personal_state
    if state == PersonalState.NONE:
        if entry.personal is None and stated.commitment is None:
            return None
        return "the row says that there is no personal part, but there is one or the leaf commits to one"
    if state in FLAWED:
        return f"the personal part is {state}: it {FLAWED[PersonalState(state)]}"
    if entry.personal is None:
        return f"the personal part is missing although the row says {state}"
    return None if entry.erased else _fault_in_part(ring, entry, entry.personal, stated)


def _fault_in_part(ring: KeyRing, entry: StoredEntry, personal: bytes, stated: Stated) -> str | None:
    """Why a personal part that was not erased is not what the leaf commits to, or None.

    Raises:
        Unsealable: it does not open.
    """
    if entry.wrapped is None or entry.person is None or entry.month is None:
        return "the key of the personal part is gone, and nothing says that it was erased"
    key = unwrap(ring, (entry.person, entry.month), entry.wrapped)
    plaintext = unseal(key, entry.event_id, personal)
    if not _is_what_the_leaf_says(entry.personal_state, stated, plaintext):
        return "the personal part is not what the leaf commits to"
    _, listed = persons_in(plaintext)
    if entry.personal_state == PersonalState.SEALED and entry.listed != len(listed):
        return f"{entry.listed} persons are led to it, and {len(listed)} stand on the page"
    return None


def _is_what_the_leaf_says(state: str, stated: Stated, plaintext: bytes) -> bool:
    if state != PersonalState.RAW:
        return commits_to(stated.commitment, plaintext)
    try:
        value = raw_value(plaintext)
    except (ValueError, KeyError, TypeError):
        return False
    return sha256(value).hexdigest() == stated.commitment


def _shortened(problems: list[str]) -> tuple[str, ...]:
    if len(problems) <= MOST_REPORTED:
        return tuple(problems)
    return (*problems[:MOST_REPORTED], f"… and {len(problems) - MOST_REPORTED} more.")
