"""What an ID token must be before anybody is signed in by it. The provider here signs what a test tells it to."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, OKPKey

from services.gateway.oidc import Oidc, SignInError, SignInUnavailableError
from services.gateway.sessions import Identity
from services.gateway.settings import ClaimNames

ISSUER, CLIENT = "https://idp.test/realms/kelmu", "kelmu-gateway"
PASSWORD = "p:4% &ssword-of-the-gateway"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
GOOD: dict[str, object] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "f3a9",
    "iat": SECONDS,
    "exp": SECONDS + 300,
    "auth_time": SECONDS - 5,
    "name": "Virtanen Sari",
    "identity_code": "010180-9015",
}
MISSING = object()
Sign = Callable[[dict[str, object]], str]


def key(kid: str) -> OKPKey:
    return OKPKey.import_key({**OKPKey.import_key(Ed25519PrivateKey.generate()).as_dict(private=True), "kid": kid})


@dataclass
class Idp:
    """An identification service whose tokens and keys a test chooses."""

    keys: list[OKPKey] = field(default_factory=lambda: [key("first")])
    claims: dict[str, object] = field(default_factory=lambda: dict(GOOD))
    sign: Sign | None = None
    token_requests: list[httpx.Request] = field(default_factory=list)
    key_requests: int = 0
    nonce: str = ""

    def answer(self, request: httpx.Request) -> httpx.Response:
        match request.url.path.removeprefix("/realms/kelmu"):
            case "/.well-known/openid-configuration":
                ends = ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint")
                return httpx.Response(200, json={"issuer": ISSUER, **{one: f"{ISSUER}/{one}" for one in ends}})
            case "/jwks_uri":
                self.key_requests += 1
                return httpx.Response(200, json=KeySet(list(self.keys)).as_dict(private=False))
            case _:
                self.token_requests.append(request)
                claims = {"nonce": self.nonce, **self.claims}
                kept = {name: value for name, value in claims.items() if value is not MISSING}
                return httpx.Response(200, json={"access_token": "a", "id_token": (self.sign or self.signed)(kept)})

    def signed(self, claims: dict[str, object]) -> str:
        return jwt.encode({"alg": "Ed25519", "kid": self.keys[0].kid}, claims, self.keys[0], ["Ed25519"])

    def client(self, **changed: object) -> Oidc:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        oidc = Oidc(ISSUER, CLIENT, PASSWORD, "https://kelmu.test/sign-in/callback", http, lambda: NOW)
        for name, value in changed.items():
            setattr(oidc, name, value)
        return oidc

    async def sign_in(self, oidc: Oidc | None = None) -> Identity:
        oidc = oidc or self.client()
        address, attempt = await oidc.begin()
        self.nonce = dict(parse_qsl(urlsplit(address).query))["nonce"]
        return await oidc.finish(attempt, attempt.state, "code")


@pytest.fixture
def idp() -> Idp:
    return Idp()


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


async def test_a_token_in_order_says_who_the_person_is(idp: Idp) -> None:
    assert await idp.sign_in() == Identity(
        name="Virtanen Sari",
        identity_code="010180-9015",
        signed_in=datetime.fromtimestamp(SECONDS - 5, UTC),
    )


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "https://elsewhere.test"),
        ("iss", MISSING),
        ("aud", "somebody-else"),
        ("aud", ["somebody-else", "and-another"]),
        ("aud", [CLIENT, "somebody-else"]),  # several audiences and no authorized party
        ("aud", MISSING),
        ("azp", "somebody-else"),
        ("nonce", "of-another-sign-in"),
        ("nonce", MISSING),
        ("exp", SECONDS - 31),
        ("exp", MISSING),
        ("nbf", SECONDS + 31),
        ("iat", SECONDS + 31),
        ("iat", MISSING),
        ("sub", MISSING),
        ("at_hash", "of-another-access-token"),
        ("name", MISSING),
        ("identity_code", "010180-9016"),
        ("organisation", "no business id"),
        ("auth_time", "yesterday"),
    ],
)
async def test_a_token_with_one_wrong_claim_signs_nobody_in(idp: Idp, claim: str, value: object) -> None:
    idp.claims[claim] = value
    with pytest.raises(SignInError) as refused:
        await idp.sign_in()
    assert refused.value.code == "token"
    assert "010180" not in str(refused.value)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("exp", SECONDS - 29),
        ("nbf", SECONDS + 29),
        ("iat", SECONDS + 29),
        ("azp", CLIENT),
        ("aud", [CLIENT]),
    ],
)
async def test_clocks_may_differ_a_little_and_the_client_may_be_named_otherwise(
    idp: Idp, claim: str, value: object
) -> None:
    idp.claims[claim] = value
    assert (await idp.sign_in()).name == "Virtanen Sari"


async def test_the_skew_is_a_setting(idp: Idp) -> None:
    idp.claims["exp"] = SECONDS - 29
    with pytest.raises(SignInError):
        await idp.sign_in(idp.client(skew=0))


def forged(claims: dict[str, object]) -> str:
    return Idp(keys=[key("first")]).signed(claims)


def unsigned(claims: dict[str, object]) -> str:
    return f"{part({'alg': 'Ed25519', 'kid': 'first'})}.{part(claims)}."


def none_at_all(claims: dict[str, object]) -> str:
    return f"{part({'alg': 'none', 'kid': 'first'})}.{part(claims)}."


def by_password(claims: dict[str, object]) -> str:
    return jwt.encode({"alg": "HS256", "kid": "first"}, claims, OctKey.import_key(PASSWORD), ["HS256"])


def with_unknown_key(claims: dict[str, object]) -> str:
    return Idp(keys=[key("never-published")]).signed(claims)


@pytest.mark.parametrize("sign", [forged, unsigned, none_at_all, by_password, with_unknown_key, lambda _: "no token"])
async def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(idp: Idp, sign: Sign) -> None:
    idp.sign = sign
    with pytest.raises(SignInError) as refused:
        await idp.sign_in()
    assert refused.value.code == "token"


async def test_changed_claims_break_the_signature(idp: Idp) -> None:
    def changed(claims: dict[str, object]) -> str:
        header, _, signature = idp.signed(claims).split(".")
        return f"{header}.{part({**claims, 'identity_code': '010180Y9026'})}.{signature}"

    idp.sign = changed
    with pytest.raises(SignInError):
        await idp.sign_in()


async def test_a_key_published_since_is_read_once_and_the_old_one_no_longer_counts(idp: Idp) -> None:
    oidc, old = idp.client(), idp.keys[0]
    await idp.sign_in(oidc)
    idp.keys = [key("second")]
    assert (await idp.sign_in(oidc)).name == "Virtanen Sari"
    await idp.sign_in(oidc)
    assert idp.key_requests == 2
    idp.sign = Idp(keys=[old]).signed
    with pytest.raises(SignInError):
        await idp.sign_in(oidc)


async def test_the_flow_asks_with_pkce_and_trades_the_code_with_password_and_verifier(idp: Idp) -> None:
    oidc = idp.client(scopes="openid profile hetu")
    address, attempt = await oidc.begin()
    asked = dict(parse_qsl(urlsplit(address).query))
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == (
        "code",
        "S256",
        "openid profile hetu",
    )
    assert attempt.verifier not in address
    await idp.sign_in(oidc)
    (request,) = idp.token_requests
    assert base64.b64decode(request.headers["authorization"].removeprefix("Basic ")) == (
        b"kelmu-gateway:p%3A4%25%20%26ssword-of-the-gateway"
    )
    assert set(dict(parse_qsl(request.content.decode()))) == {"grant_type", "code", "redirect_uri", "code_verifier"}


async def test_the_password_goes_in_the_body_where_the_provider_wants_it_so(idp: Idp) -> None:
    await idp.sign_in(idp.client(client_auth="client_secret_post"))
    (request,) = idp.token_requests
    sent = dict(parse_qsl(request.content.decode()))
    assert (sent["client_id"], sent["client_secret"]) == (CLIENT, PASSWORD)
    assert "authorization" not in request.headers


async def test_another_providers_names_of_claims_are_settings(idp: Idp) -> None:
    names = ClaimNames.model_validate_json('{"name": ["family_name", "given_name"], "identity_code": "hetu"}')
    idp.claims |= {
        "name": "sari.virtanen",
        "family_name": "Virtanen",
        "given_name": "Sari",
        "hetu": "010180Y9026",
        "identity_code": MISSING,
        "auth_time": MISSING,
    }
    found = await idp.sign_in(idp.client(claims=names))
    assert (found.name, found.identity_code, found.signed_in) == ("Virtanen Sari", "010180Y9026", NOW)


async def test_signing_out_there_names_the_client_and_nobody(idp: Idp) -> None:
    address = await idp.client().end("https://kelmu.test/")
    assert address is not None
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "client_id": CLIENT,
        "post_logout_redirect_uri": "https://kelmu.test/",
    }


async def test_a_provider_that_calls_itself_otherwise_is_not_believed(idp: Idp) -> None:
    oidc = idp.client(issuer="https://idp.test/realms/kelmu/")
    with pytest.raises(SignInUnavailableError):
        await oidc.begin()
    assert await oidc.end("https://kelmu.test/") is None
