"""What the audit log says of itself (`audit.checkpoints`, `audit.freshness`, `audit.sequence`)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.base import Contract, Instant

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class CheckpointSigned(Contract):
    """A signed tree head: a C2SP signed note, verifiable with the log's key alone."""

    ce_type: ClassVar[str] = "kelmu.audit.checkpoint.v1"

    size: Annotated[int, Field(ge=0)]
    root: Hash
    note: str
    previous: Annotated[int, Field(ge=0)] = 0
    """Size of the checkpoint before this one; 0 before the first."""
    consistency: tuple[Hash, ...] = ()
    """Consistency proof (RFC 9162, 2.1.4) from that size to this one: the log only grew."""


class CheckpointCosigned(Contract):
    """A witness saw this checkpoint continue the log that it had signed before."""

    ce_type: ClassVar[str] = "kelmu.audit.checkpoint-cosigned.v1"

    size: Annotated[int, Field(ge=0)]
    root: Hash
    witness: str
    """The witness's name, as on its key."""
    cosignature: str
    """A signature line (C2SP tlog-cosignature v1), to stand below the checkpoint's own."""


class CosigningRefused(Contract):
    """An alarm: the witness was shown a checkpoint that does not continue the log it has signed."""

    ce_type: ClassVar[str] = "kelmu.audit.cosigning-refused.v1"

    finding: Literal["unsigned", "smaller", "forked", "unproven"]
    reason: str
    witness: str
    size: Annotated[int, Field(ge=0)]
    root: Hash
    note: str
    """The refused note: where the log's key has signed it, the proof against the log."""
    signed_size: Annotated[int, Field(ge=0)]
    signed_root: Hash
    """What the witness had signed last."""


class LogKeyChanged(Contract):
    """The log signs with a new key from now on. An entry of the log itself, so the new key signs at once."""

    ce_type: ClassVar[str] = "kelmu.audit.log_key_changed.v1"

    key: str
    """The new verifier key, in note form."""
    replaced: tuple[str, ...] = ()
    """The keys that go on signing beside it until the next change."""


class FreshnessStated(Contract):
    """Up to when everything published is in the log. Published every second, from size 0 on.

    Stale is now minus `covered_until`: a signer that no longer consumes is stale too.
    """

    ce_type: ClassVar[str] = "kelmu.audit.freshness.v1"

    size: Annotated[int, Field(ge=0)]
    stated: Instant
    covered_until: Instant
    """System clock. The least over all partitions of the topics that audit logs."""
    partitions: dict[str, Instant]
    """Covered-until of each partition, by `topic/partition`."""
    signature: str
    """Ed25519 by the log's key over the canonical JSON of the fields above, base64."""


class SequenceRun(Contract):
    """Records that follow one another in one partition and became entries in that order."""

    topic: str
    partition: Annotated[int, Field(ge=0)]
    offset: Annotated[int, Field(ge=0)]
    """Of the first record."""
    count: Annotated[int, Field(ge=1)]
    conflict: bool = False
    """Whether they were logged as contradictions of events that were known with other content."""


class SequenceAssigned(Contract):
    """Which records became which entries of the log, in order, for one committed batch. Clear, and kept for ever.

    With it a database restored from an old copy writes the same log again instead of another one: the entries are made
    from the same records, and the root says that they came out the same.
    """

    ce_type: ClassVar[str] = "kelmu.audit.sequence.v1"

    first: Annotated[int, Field(ge=0)]
    """Number of the first entry; the others follow."""
    size: Annotated[int, Field(ge=1)]
    """Entries of the log with this batch."""
    root: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the tree over these `size` entries."""
    runs: tuple[SequenceRun, ...]
