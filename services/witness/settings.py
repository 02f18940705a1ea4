"""What the witness needs to know beyond what every service does."""

from typing import Annotated

from pydantic import Field

from shared.settings import Settings

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9./-]{2,99}$")]


class WitnessSettings(Settings):
    """Settings of the witness."""

    log_origin: Name = "log.kelmu.example"
    """The log that it watches."""
    witness_name: Name = "witness.kelmu.example"
    """Its own name on every co-signature."""
