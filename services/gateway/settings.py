"""What the gateway needs to know beyond the settings every service has."""

from datetime import timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field
from pydantic_settings import SettingsConfigDict

from shared.settings import Settings

Minutes = Annotated[int, Field(ge=1, le=24 * 60)]


class ClaimNames(BaseModel):
    """What an identification service calls the claims of its ID token that say who a person is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[tuple[str, ...], Field(min_length=1)] = ("name",)
    """Claims that make the name together, in the order in which they are written: surname first."""
    identity_code: str = "identity_code"
    organisation: str = "organisation"
    """Business id of the organisation that issued the ID, where the service states it."""


class GatewaySettings(Settings):
    """Settings of the gateway, each an environment variable `KELMU_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="KELMU_", extra="ignore", frozen=True)

    public_url: AnyHttpUrl
    """The gateway's address as browsers see it, without a path. Requests from other origins are refused."""
    oidc_issuer: AnyHttpUrl
    """The identification service, by the name it gives itself (`iss`)."""
    oidc_internal_url: AnyHttpUrl | None = None
    """Where this process reaches the identification service, when that differs from what browsers use."""
    oidc_client_id: str = "kelmu-gateway"
    oidc_scopes: Annotated[str, Field(pattern=r"^openid( [!-~]+)*$")] = "openid"
    """What is asked of the identification service; its documentation says which scope brings which claims."""
    oidc_claims: ClaimNames = ClaimNames()
    """What the identification service calls the claims that we read, as JSON."""
    oidc_client_auth: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"
    """How the gateway shows its password (the secret file `oidc-client`) at the token endpoint."""
    oidc_skew_seconds: Annotated[int, Field(ge=0, le=120)] = 30
    """How far the identification service's clock may be from ours."""
    cookie_secure: bool = True
    """Whether cookies travel over TLS only. Off for plain http on one machine."""
    session_idle_minutes: Minutes = 30
    session_minutes: Minutes = 8 * 60
    """A session ends after so long even if it is used all the time."""
    typed_minutes: Annotated[int, Field(ge=1, le=15)] = 15
    """How long what was typed is kept, sealed, when a form came after its session had ended."""
    look_up_seconds: Annotated[float, Field(gt=0, le=60)] = 5.0
    """How long a look-up may take; past it nobody works on it and nothing is shown."""
    claim_seconds: Annotated[float, Field(gt=0, le=60)] = 8.0
    """How long the page waits for a claim's receipt before it says how to ask for it."""
    body_limit: Annotated[int, Field(ge=1024, le=1_048_576)] = 65_536
    """Largest request body in bytes."""
    certificate_header: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{3,60}$")] | None = None
    """Header in which the TLS terminator in front states the SHA-256 fingerprint of the client's certificate, hex.
    None: certificates are not believed. Set it only where the terminator removes the header from what it receives:
    whoever can set it himself is whoever he says."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the gateway, as browsers state it in `Origin`."""
        return str(self.public_url).rstrip("/")

    @property
    def identification_origin(self) -> str:
        """Scheme, host and port of the identification service, as browsers see it."""
        issuer = urlsplit(str(self.oidc_issuer))
        return f"{issuer.scheme}://{issuer.netloc}"

    @property
    def idle(self) -> timedelta:
        """How long a session may stand unused."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def life(self) -> timedelta:
        """How long a session may last."""
        return timedelta(minutes=self.session_minutes)

    @property
    def typed_life(self) -> timedelta:
        """How long what was typed is kept."""
        return timedelta(minutes=self.typed_minutes)

    def cookie(self, name: str) -> str:
        """A cookie's name; with TLS the prefix that ties it to this host and to TLS."""
        return f"__Host-{name}" if self.cookie_secure else name
