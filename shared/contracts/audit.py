"""What the audit log says of itself (`audit.checkpoints`, `audit.freshness`, `audit.sequence`)."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.base import Contract, Instant


class CheckpointSigned(Contract):
    """A signed tree head: a C2SP signed note, verifiable with the log's key alone."""

    ce_type: ClassVar[str] = "kelmu.audit.checkpoint.v1"

    size: Annotated[int, Field(ge=0)]
    root: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    note: str


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
