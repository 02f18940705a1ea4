"""What the log answers to whoever wants to check it: signatures, keys, and a proof that anybody can try offline."""

from typing import Literal
from uuid import UUID

from shared.contracts.base import Contract, Instant


class LogCosignature(Contract):
    """The newest checkpoint that a witness (todistaja) has signed too."""

    size: int
    witnesses: tuple[str, ...]
    at: Instant
    note: str
    """The checkpoint with the witnesses' signature lines."""


class LogProofDocument(Contract):
    """The proof that an event stands in the log."""

    event: UUID
    entry: int
    document: str
    """One line of JSON that `kelmu audit check-proof` reads. It holds the entry's clear part, which names nobody."""


class LogVerification(Contract):
    """The log as it vouches for itself, and what came of the proof."""

    kind: Literal["log_verification_view"] = "log_verification_view"
    origin: str
    """The log's name, which stands on each checkpoint."""
    keys: tuple[str, ...]
    """Its verifier keys, oldest first."""
    witness_keys: tuple[str, ...]
    size: int | None
    """Entries under the newest checkpoint; None: nothing was signed yet."""
    checkpoint: str | None
    signed_at: Instant | None
    cosigned: LogCosignature | None
    result: Literal["not_asked", "holds", "unreadable", "not_in_log", "not_covered", "contradicts"]
    """Of the proof: `unreadable` is no number and no id; `not_covered` waits for a checkpoint; `contradicts`: what is
    stored does not lead to what was signed."""
    proof: LogProofDocument | None
    event: UUID
    """Of this looking in the log."""
