"""The identification services that docs/sign-in.md shows are told to the gateway by settings alone."""

import re
import shlex
from pathlib import Path

import pytest

import services.gateway
from services.gateway.settings import GatewaySettings

GUIDE = Path(str(services.gateway.__file__)).parents[2] / "docs" / "sign-in.md"
EXAMPLES = re.findall(r"## (.+?)\n.*?```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
NEEDED = {"service": "gateway", "kafka": "k:9092", "database": "postgresql://p/kelmu_gateway", "secrets": "."}


def settings(**changed: str) -> GatewaySettings:
    return GatewaySettings.model_validate(
        {**NEEDED, "public_url": "https://kelmu.example.fi", "oidc_issuer": "https://idp.test", **changed}
    )


@pytest.mark.parametrize(("provider", "lines"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_each_example_of_the_guide_is_understood(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, provider: str, lines: str
) -> None:
    for name, value in (one.split("=", 1) for one in shlex.split(lines)):
        monkeypatch.setenv(name, value)
    for name, value in {**NEEDED, "secrets": str(tmp_path), "public_url": "https://kelmu.example.fi"}.items():
        monkeypatch.setenv(f"KELMU_{name.upper()}", value)
    found = GatewaySettings.model_validate({"service": "gateway"})
    assert found.oidc_scopes.split()[0] == "openid"
    assert len(found.oidc_claims.name) == 2, provider
    assert found.oidc_claims.identity_code in {"identity_code", "urn:oid:1.2.246.21"}


def test_the_guide_shows_keycloak_and_suomi_fi() -> None:
    assert [name for name, _ in EXAMPLES] == ["Keycloak", "Suomi.fi identification"]


def test_what_the_defaults_say_is_what_the_development_provider_needs() -> None:
    found = settings()
    assert (found.oidc_scopes, found.oidc_claims.name, found.oidc_client_auth) == (
        "openid",
        ("name",),
        "client_secret_basic",
    )
    assert found.identification_origin == "https://idp.test"


@pytest.mark.parametrize(
    "changed",
    [
        {"oidc_scopes": "profile"},
        {"oidc_skew_seconds": "121"},
        {"oidc_client_auth": "none"},
        {"typed_minutes": "16"},
        {"oidc_issuer": "idp.test"},
    ],
)
def test_a_setting_that_would_weaken_the_sign_in_stops_the_start(changed: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(changed))):
        settings(**changed)
