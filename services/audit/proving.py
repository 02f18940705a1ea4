"""Makes proofs that events stand in the log, each checked before it is given: a proof that fails is never shown."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from services.audit import proof_store
from services.audit.domain.inclusion import InclusionProof, signed
from services.audit.domain.note import LogKey
from services.audit.domain.subtrees import BLOCK, STORED_HEIGHT, Subtree, inclusion_from, needed, small_hash
from services.audit.store import newest_checkpoint

if TYPE_CHECKING:
    from asyncpg import Connection

PORTION: Final = 500
_BLOCKS_KEPT: Final = 64
_SUBTREES_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Unproven:
    """An event of which there is no proof, and why."""

    event: UUID
    reason: str


class Prover:
    """Proves events under the newest checkpoint of one moment.

    Args:
        conn: The log's database; one transaction, so that entries and checkpoint belong together.
        key: The log's verifier key.
    """

    def __init__(self, conn: "Connection", key: LogKey) -> None:
        self._conn = conn
        self._key = key
        self._trees: dict[Subtree, bytes] = {}
        self._blocks: OrderedDict[int, list[bytes]] = OrderedDict()

    async def prove(self, events: Sequence[UUID]) -> AsyncIterator[InclusionProof | Unproven]:
        """The proof of each event, in order, or why there is none.

        Raises:
            ProofError: a stored hash or leaf was tampered with, so that a proof does not hold.
        """
        newest = await newest_checkpoint(self._conn)
        checkpoint = None if newest is None else signed(newest[1], self._key)
        for start in range(0, len(events), PORTION):
            portion = events[start : start + PORTION]
            places = await proof_store.found(self._conn, portion)
            for event in portion:
                if newest is None or checkpoint is None or event not in places:
                    yield Unproven(event, "It is not in the log.")
                elif places[event][0] >= checkpoint.size:
                    yield Unproven(event, "It is in the log, but no signed checkpoint covers it yet; ask again soon.")
                else:
                    proof = await self._proof(event, *places[event], checkpoint.size, newest[1])
                    proof.check_against(checkpoint)
                    yield proof

    async def _proof(self, event: UUID, entry: int, leaf: bytes, size: int, note: str) -> InclusionProof:
        trees = needed(entry, size)
        stored = [tree for tree in trees if tree.height >= STORED_HEIGHT and tree not in self._trees]
        if stored:
            if len(self._trees) > _SUBTREES_KEPT:
                self._trees.clear()
                stored = [tree for tree in trees if tree.height >= STORED_HEIGHT]
            self._trees |= await proof_store.subtrees(self._conn, stored)
        hashes = {tree: await self._hash(tree) for tree in trees}
        return InclusionProof(event, entry, leaf, inclusion_from(entry, size, hashes.__getitem__), note)

    async def _hash(self, tree: Subtree) -> bytes:
        if tree.height < STORED_HEIGHT:
            return small_hash(tree, await self._block(tree.leaves[0] // BLOCK))
        # A hash that is missing makes a proof that fails its check, which says so.
        return self._trees.get(tree, b"")

    async def _block(self, number: int) -> list[bytes]:
        kept = self._blocks.get(number)
        if kept is None:
            kept = await proof_store.block(self._conn, number)
            # The last block may grow; within this transaction's snapshot it does not.
            self._blocks[number] = kept
            if len(self._blocks) > _BLOCKS_KEPT:
                self._blocks.popitem(last=False)
        return kept
