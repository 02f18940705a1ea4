"""What the audit log says of itself (`audit.checkpoints`, `audit.freshness`)."""

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
