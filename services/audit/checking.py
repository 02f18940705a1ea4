"""Checking the log in its own database: every row against its leaf, every personal part against its commitment.

More than an export can show: here the clear columns that people search in, and what was sealed, are checked
too.
"""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit import store
from services.audit.decoding import raw_value
from services.audit.domain.leaf import Stated, UnreadableError, commits_to, read_leaf
from services.audit.domain.merkle import leaf_hash
from services.audit.domain.note import VerifierKey
from services.audit.domain.verify import LogVerifier, Verdict
from services.audit.personal import PersonalState, unseal, unwrap
from services.audit.store import StoredEntry
from shared.bus.sealing import KeyRing, Unsealable
from shared.database.engine import raw

MOST_CHECKPOINTS: Final = 1_000
MOST_REPORTED: Final = 20
"""Faulty rows named one by one; of more, only how many."""
ERASED: Final = "erased"


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


async def check_database(engine: AsyncEngine, ring: KeyRing, key: VerifierKey) -> Checked:
    """Recompute every leaf from its row, the tree from the leaves, and the commitments from the personal parts."""
    problems: list[str] = []
    states: Counter[str] = Counter()
    async with engine.connect() as plain:
        conn = await plain.execution_options(isolation_level="REPEATABLE READ")
        async with conn.begin():
            connection = await raw(conn)
            head, _ = await store.committed(connection)
            notes = await store.checkpoints(connection, head.size, MOST_CHECKPOINTS)
            verifier = LogVerifier({str(size): note.encode() for size, note in notes.items()}, key)
            async for portion in store.entries(connection):
                expected = range(verifier.tree.size, verifier.tree.size + len(portion))
                for seq, entry in zip(expected, portion, strict=True):
                    problems += _check_row(seq, entry)
                    state, fault = _check_personal(ring, entry)
                    states[state] += 1
                    problems += fault
                verifier.feed([entry.leaf for entry in portion])
    if verifier.tree != head:
        problems.append(f"The head says {head.size} entries with another root than the entries give.")
    return Checked(verifier.verdict(growing=True), _shortened(problems), dict(states))


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
    return []


def _check_personal(ring: KeyRing, entry: StoredEntry) -> tuple[str, list[str]]:
    """The state of the personal part, and what is wrong with it."""
    if entry.personal is None:
        return entry.personal_state, []
    if entry.wrapped is None or entry.person is None or entry.month is None:
        return ERASED, []
    try:
        key = unwrap(ring, (entry.person, entry.month), entry.wrapped)
        plaintext = unseal(key, entry.event_id, entry.personal)
        stated = read_leaf(entry.leaf)
    except (Unsealable, UnreadableError) as error:
        return entry.personal_state, [f"Entry {entry.seq}: {error}."]
    if _is_what_the_leaf_says(entry.personal_state, stated, plaintext):
        return entry.personal_state, []
    return entry.personal_state, [f"Entry {entry.seq}: the personal part is not what the leaf commits to."]


def _is_what_the_leaf_says(state: str, stated: Stated, plaintext: bytes) -> bool:
    if state == PersonalState.RAW:
        return sha256(raw_value(plaintext)).hexdigest() == stated.commitment
    # The other states say themselves that the part does not answer to its commitment; they are counted, not hidden.
    return state != PersonalState.SEALED or commits_to(stated.commitment, plaintext)


def _shortened(problems: list[str]) -> tuple[str, ...]:
    if len(problems) <= MOST_REPORTED:
        return tuple(problems)
    return (*problems[:MOST_REPORTED], f"… and {len(problems) - MOST_REPORTED} more.")
