"""The proof that one event stands in the log, as a document that anybody checks with nothing but the log's key.

It holds the entry's bytes, the way from them to a root, and the signed checkpoint of that root (invariant 7).
"""

import base64
import binascii
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

    def check(self, key: LogKey) -> None:
        """Let a proof pass that leads from the event to a root that the log has signed.

        Raises:
            ProofError: the entry is another event's, the path does not lead to the root, or the signature fails.
        """
        self.check_against(signed(self.checkpoint, key))

    def check_against(self, checkpoint: Checkpoint) -> None:
        """The same once the signature of its checkpoint was checked (`signed`): many proofs share one.

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


def read_proof(line: bytes) -> InclusionProof:
    """Read a proof's document.

    Raises:
        ProofError: it is none, or contradicts itself.
    """
    try:
        fields = orjson.loads(line)
        proof = InclusionProof(
            event=UUID(fields["event"]),
            entry=_number(fields["entry"]),
            leaf=fields["leaf"].encode(),
            path=tuple(base64.b64decode(one, validate=True) for one in fields["path"]),
            checkpoint=str(fields["checkpoint"]),
        )
        form, hashed = fields["form"], fields["leaf_hash"]
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise ProofError("the line is not the JSON of a proof") from error
    if form != FORM:
        raise ProofError(f"the form is {form!r}, not {FORM}")
    if hashed != leaf_hash(proof.leaf).hex():
        raise ProofError("the leaf hash is not that of the leaf")
    return proof


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("an entry has a number")
    return value
