"""The proof that the log only grew between two of its sizes, for witnesses: a few rows however long it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from services.audit import proof_store
from services.audit.domain.note import Checkpoint
from services.audit.domain.subtrees import (
    BLOCK,
    STORED_HEIGHT,
    Subtree,
    consistency_from,
    consistency_needed,
    small_hash,
)
from shared.bus.messages import Outgoing
from shared.bus.topics import AUDIT_CHECKPOINTS
from shared.contracts.audit import CheckpointSigned
from shared.ids import event_id

if TYPE_CHECKING:
    from asyncpg import Connection


async def consistency(conn: "Connection", old: int, new: int) -> tuple[bytes, ...]:
    """The consistency proof from one size of the log to a later one (RFC 9162, 2.1.4); empty from size 0.

    Not checked here: whoever it convinces checks it, and what was tampered with convinces nobody.
    """
    trees = consistency_needed(old, new)
    hashes = await proof_store.subtrees(conn, [tree for tree in trees if tree.height >= STORED_HEIGHT])
    blocks: dict[int, list[bytes]] = {}
    for tree in trees:
        if tree.height < STORED_HEIGHT:
            number = tree.leaves[0] // BLOCK
            if number not in blocks:
                blocks[number] = await proof_store.block(conn, number)
            hashes[tree] = small_hash(tree, blocks[number])
    return consistency_from(old, new, lambda tree: _found(hashes, tree))


def announcement(checkpoint: Checkpoint, note: str, previous: int, proof: Sequence[bytes], at: datetime) -> Outgoing:
    """A signed checkpoint as it is published, with the proof that leads to it from an earlier size."""
    body = CheckpointSigned(
        size=checkpoint.size,
        root=checkpoint.root.hex(),
        note=note,
        previous=previous,
        consistency=tuple(one.hex() for one in proof),
    )
    id_ = event_id("audit-checkpoint", checkpoint.origin, str(checkpoint.size), str(previous))
    return Outgoing.of(AUDIT_CHECKPOINTS, checkpoint.origin, id_, body, source="audit", time=at)


def _found(hashes: dict[Subtree, bytes], tree: Subtree) -> bytes:
    """A hash, or none of any tree where the stored one is missing: the proof then fails, loudly, at the witness."""
    return hashes.get(tree, bytes(32))
