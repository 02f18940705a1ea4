"""What the claims service needs to know beyond the settings that every service has."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.gate.facts import Limits
from shared.settings import Settings

Seconds = Annotated[int, Field(ge=1, le=3600)]


class ClaimsSettings(Settings):
    """Settings of the claims service, each an environment variable `KELMU_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="KELMU_", extra="ignore", frozen=True)

    artificial_codes: bool = False
    """Whether identity codes with individual numbers 900-999 are taken: demonstration and test only."""
    audit_limit_seconds: Seconds = 60
    """How far audit may be behind before registrations wait."""
    agreements_limit_seconds: Seconds = 60
    """How long the agreements service may be silent before registrations wait."""

    @property
    def limits(self) -> Limits:
        """The gate's limits."""
        return Limits(
            audit=timedelta(seconds=self.audit_limit_seconds),
            agreements=timedelta(seconds=self.agreements_limit_seconds),
            artificial_codes=self.artificial_codes,
        )
