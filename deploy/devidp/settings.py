"""What the development provider is told from outside, checked before it listens."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class DevIdpSettings(BaseSettings):
    """Settings, each an environment variable `KELMU_DEVIDP_<NAME>`; a bad one stops the start, named."""

    model_config = SettingsConfigDict(env_prefix="KELMU_DEVIDP_", frozen=True)

    issuer: HttpUrl
    """Its own address as browsers see it: the `iss` of every token."""
    users: Path
    """JSON file of the people one can sign in as (`deploy.devidp.users`)."""
    secrets: Path
    """Directory that holds `oidc` (Ed25519 signing key) and `oidc-client` (the gateway's password)."""
    client_id: str = "kelmu-gateway"
    redirect_uris: Annotated[tuple[str, ...], NoDecode, Field(min_length=1)]
    """Comma-separated addresses to which a person may be sent back, compared letter by letter."""
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8090
    other_machines: bool = False
    """Whether it may listen beyond this machine (containers need it)."""
    code_seconds: Annotated[int, Field(ge=1, le=600)] = 60
    """How long an authorization code lives, system clock."""

    @model_validator(mode="before")
    @classmethod
    def _split(cls, values: dict[str, object]) -> dict[str, object]:
        uris = values.get("redirect_uris")
        if isinstance(uris, str):
            split = tuple(uri.strip() for uri in uris.split(",") if uri.strip())
            return {**values, "redirect_uris": split}
        return values

    @model_validator(mode="after")
    def _stay_home(self) -> "DevIdpSettings":
        if self.host not in _LOOPBACK and not self.other_machines:
            raise ValueError(
                f"host {self.host} is reachable from other machines, and this provider lets anybody in; "
                "set KELMU_DEVIDP_OTHER_MACHINES=true only inside a closed container network"
            )
        return self
