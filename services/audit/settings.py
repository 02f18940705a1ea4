"""What audit needs to know beyond what every service does."""

from typing import Annotated

from pydantic import Field

from shared.settings import Settings


class AuditSettings(Settings):
    """Settings of the audit service."""

    log_origin: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9./-]{2,99}$")] = "log.kelmu.example"
    """The log's name on every checkpoint and of its key (C2SP). Chosen once: another name is another log."""
    checkpoint_seconds: Annotated[float, Field(ge=0.05, le=1.0)] = 0.5
    """How often a head that has grown is signed, and freshness stated. Bounds the time from event to checkpoint."""
