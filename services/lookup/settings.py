"""What lookup needs to know beyond the settings every service has."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.gate.facts import Limits
from shared.settings import Settings

Seconds = Annotated[int, Field(ge=1, le=3600)]


class LookupSettings(Settings):
    """Settings of lookup, each an environment variable `KELMU_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="KELMU_", extra="ignore", frozen=True)

    artificial_codes: bool = False
    """Whether clients may have artificial identity codes: demonstration and test installations only."""
    session_minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 8 * 60
    """How long an identification carries."""
    audit_stale_seconds: Seconds = 60
    """How far the audit log may be behind before look-ups are refused (invariant 1)."""
    agreements_stale_seconds: Seconds = 60
    """How long agreements may be silent before look-ups are refused."""

    def limits(self) -> Limits:
        """The settings that the gate's rules measure by."""
        return Limits(
            session=timedelta(minutes=self.session_minutes),
            audit=timedelta(seconds=self.audit_stale_seconds),
            agreements=timedelta(seconds=self.agreements_stale_seconds),
            artificial_codes=self.artificial_codes,
        )
