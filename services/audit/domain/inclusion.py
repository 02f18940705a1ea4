"""The proof that one event stands in the log, as a document that anybody checks with nothing but the log's key.

It holds the entry's bytes, the way from them to a root, and the signed checkpoint of that root (invariant 7). Here it
is made, and tried before it is given; whoever receives one checks it with `verifier`, which uses nothing of this.
"""

import base64
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson

from services.audit.domain.leaf import UnreadableError, read_leaf
from services.audit.domain.merkle import leaf_hash
from services.audit.domain.note import Checkpoint, LogKey, NoteError, open_checkpoint
from services.audit.domain.proofs import verify_inclusion

FORM: Final = "kelmu.audit.proof.v1"


class ProofError(ValueError):
    """A proof that does not hold. The text says why."""


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """One event's place in the log.

    Attributes:
        event: its id.
        entry: its number in the log, the first being 0.
        leaf: the bytes that the log commits to.
        path: hashes from the leaf up to the root.
        checkpoint: the signed note of the tree that the path leads to.
    """

    event: UUID
    entry: int
    leaf: bytes
    path: tuple[bytes, ...]
    checkpoint: str

    def document(self) -> bytes:
        """As one line of JSON."""
        return orjson.dumps(
            {
                "form": FORM,
                "event": str(self.event),
                "entry": self.entry,
                "leaf": self.leaf.decode(),
                "leaf_hash": leaf_hash(self.leaf).hex(),
                "path": [base64.b64encode(one).decode() for one in self.path],
                "checkpoint": self.checkpoint,
            }
        )

    def check_against(self, checkpoint: Checkpoint) -> None:
        """Let a proof pass that leads from the event to the root of a checkpoint whose signature holds (`signed`).

        Raises:
            ProofError: the entry is another event's, or the path does not lead to the root.
        """
        try:
            stated = read_leaf(self.leaf)
        except UnreadableError as error:
            raise ProofError(f"{error}") from error
        if stated.id != self.event:
            raise ProofError(f"the entry is that of event {stated.id}")
        hashed = leaf_hash(self.leaf)
        if not verify_inclusion(
            index=self.entry, size=checkpoint.size, leaf=hashed, proof=self.path, root=checkpoint.root
        ):
            raise ProofError(f"entry {self.entry} does not stand in the signed log of {checkpoint.size} entries")


def signed(note: str, key: LogKey) -> Checkpoint:
    """The checkpoint of a note that the log signed.

    Raises:
        ProofError: it is none, or not signed by this key.
    """
    try:
        return open_checkpoint(note.encode(), key)
    except NoteError as error:
        raise ProofError(f"{error}") from error
