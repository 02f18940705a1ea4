"""The development provider refuses what a real one refuses, and stays on this machine."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from pydantic import ValidationError

import deploy.devidp
from deploy.devidp.provider import ProtocolError, Provider
from deploy.devidp.settings import DevIdpSettings
from deploy.devidp.users import User, load_users

BACK = "http://gateway.test/sign-in/callback"
VERIFIER = "v" * 50
GOOD = {
    "client_id": "kelmu-gateway",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid",
    "state": "s",
    "nonce": "n",
    "code_challenge": create_s256_code_challenge(VERIFIER),
    "code_challenge_method": "S256",
}
WHO = ("kelmu-gateway", "secret")
SARI = User(name="Sari", identity_code="010180-9015")


class Clock:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Provider:
    key = OKPKey.import_key(Ed25519PrivateKey.generate())
    return Provider("http://idp.test", "kelmu-gateway", "secret", frozenset({BACK}), key, clock)


def trade(provider: Provider, changed: Mapping[str, str] | None = None, user: User = SARI) -> dict[str, str | int]:
    code = provider.grant(provider.check(GOOD), user)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    return provider.redeem({**form, **(changed or {})}, WHO)


def claims_of(provider: Provider, tokens: dict[str, str | int]) -> dict[str, object]:
    keys = KeySet.import_key_set(provider.public_keys())
    return jwt.decode(str(tokens["id_token"]), keys, ["Ed25519"]).claims


def test_the_token_says_who_the_person_is(provider: Provider, clock: Clock) -> None:
    claims = claims_of(provider, trade(provider))
    assert (claims["name"], claims["identity_code"], claims["nonce"]) == ("Sari", "010180-9015", "n")
    assert (claims["iss"], claims["aud"]) == ("http://idp.test", "kelmu-gateway")
    assert claims["auth_time"] == int(clock.now.timestamp())


def test_a_sub_id_is_bound_to_no_person(provider: Provider) -> None:
    claims = claims_of(
        provider, trade(provider, user=User(name="alitunniste", identity_code=None, organisation="0211675-2"))
    )
    assert "identity_code" not in claims
    assert claims["organisation"] == "0211675-2"


@pytest.mark.parametrize(
    ("name", "value", "error", "back"),
    [
        ("client_id", "other", "invalid_client", False),
        ("redirect_uri", f"{BACK}/x", "invalid_request", False),
        ("response_type", "token", "unsupported_response_type", True),
        ("scope", "profile", "invalid_scope", True),
        ("state", "", "invalid_request", True),
        ("nonce", "", "invalid_request", True),
        ("code_challenge", "", "invalid_request", True),
        ("code_challenge_method", "plain", "invalid_request", True),
    ],
)
def test_an_incomplete_request_is_refused(provider: Provider, name: str, value: str, error: str, *, back: bool) -> None:
    with pytest.raises(ProtocolError) as refused:
        provider.check({**GOOD, name: value})
    assert (refused.value.error, refused.value.back) == (error, back)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": "w" * 50}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code": "guessed"}, "invalid_grant"),
        ({"redirect_uri": "http://elsewhere.test"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_worth_nothing_to_somebody_else(provider: Provider, changed: dict[str, str], error: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        trade(provider, changed)
    assert refused.value.error == error


def test_a_wrong_verifier_spends_the_code(provider: Provider) -> None:
    code = provider.grant(provider.check(GOOD), SARI)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    for verifier in ("w" * 50, VERIFIER):
        with pytest.raises(ProtocolError, match=r"PKCE|used"):
            provider.redeem({**form, "code_verifier": verifier}, WHO)


@pytest.mark.parametrize("credentials", [None, ("kelmu-gateway", "wrong"), ("other", "secret")])
def test_the_client_must_prove_itself(provider: Provider, credentials: tuple[str, str] | None) -> None:
    with pytest.raises(ProtocolError) as refused:
        provider.redeem({}, credentials)
    assert (refused.value.error, refused.value.status) == ("invalid_client", 401)


def test_a_code_lives_for_a_minute(provider: Provider, clock: Clock) -> None:
    code = provider.grant(provider.check(GOOD), SARI)
    clock.now += timedelta(seconds=61)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    with pytest.raises(ProtocolError, match="too old"):
        provider.redeem(form, WHO)


def settings(**changed: object) -> DevIdpSettings:
    values = {"issuer": "http://idp.test", "users": "u.json", "secrets": ".", "redirect_uris": f"{BACK}, {BACK}/2"}
    return DevIdpSettings.model_validate({**values, **changed})


def test_it_listens_beyond_this_machine_only_when_told_twice() -> None:
    assert settings().redirect_uris == (BACK, f"{BACK}/2")
    with pytest.raises(ValidationError, match="lets anybody in"):
        settings(host="0.0.0.0")  # noqa: S104 - the point of the test
    assert settings(host="0.0.0.0", other_machines=True).other_machines  # noqa: S104 - same


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ('[{"name": "A", "identity_code": "131052-308T"}]', "artificial"),
        ('[{"name": "A"}, {"name": "A"}]', "share a name"),
        ('[{"name": "A", "power": "boss"}]', "wrong at 0.power"),
        ("{}", "wrong at"),
    ],
)
def test_a_faulty_user_table_stops_the_start_and_names_the_fault(tmp_path: Path, content: str, complaint: str) -> None:
    table = tmp_path / "users.json"
    table.write_text(content)
    with pytest.raises(ValueError, match=complaint) as refused:
        load_users(table)
    assert "131052-308T" not in str(refused.value)


def test_signing_out_leads_back_to_the_client_and_nowhere_else(provider: Provider) -> None:
    told = {"client_id": "kelmu-gateway", "post_logout_redirect_uri": "http://gateway.test/"}
    assert provider.signed_out(told) == "http://gateway.test/"
    for wrong in ({"client_id": "other"}, {"post_logout_redirect_uri": "http://elsewhere.test/"}):
        with pytest.raises(ProtocolError):
            provider.signed_out({**told, **wrong})


def test_the_table_in_the_repository_is_in_order() -> None:
    users = load_users(Path(str(deploy.devidp.__file__)).parent / "users.json")
    assert any(user.identity_code is None for user in users.values())
