"""The authorization code flow with PKCE (RFC 6749 4.1, RFC 7636, OpenID Connect Core 3.1), without any I/O.

Stricter than the standards: PKCE with S256, a state and a nonce are demanded of everybody, so that a client
that forgets one is found in development.
"""

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet, KeySetSerialization, OKPKey

from deploy.devidp.users import User

ALGORITHM = "Ed25519"
"""RFC 9864: the fully specified name; "EdDSA" is deprecated there."""
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_TOKEN_LIFE = timedelta(minutes=5)


class ProtocolError(Exception):
    """A request that the flow refuses, with the error code of RFC 6749."""

    def __init__(self, error: str, description: str, *, status: int = 400, back: bool = False) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status
        self.back = back
        """Whether the client may be told by redirect: only once client and address belong together."""


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A checked request to sign somebody in."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class _Grant:
    request: AuthorizationRequest
    user: User
    at: datetime


@dataclass(slots=True)
class Provider:
    """Hands out codes and trades them for ID tokens. State is in memory and small: codes not yet used."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: frozenset[str]
    key: OKPKey = field(repr=False)
    now: Callable[[], datetime]
    code_life: timedelta = timedelta(seconds=60)
    _grants: dict[str, _Grant] = field(default_factory=dict, repr=False)

    def check(self, parameters: Mapping[str, str]) -> AuthorizationRequest:
        """Check an authorization request.

        Raises:
            ProtocolError: What is wrong; `back` says whether the client hears of it.
        """
        if parameters.get("client_id") != self.client_id:
            raise ProtocolError("invalid_client", "This client is not known here.")
        redirect_uri = parameters.get("redirect_uri", "")
        if redirect_uri not in self.redirect_uris:
            raise ProtocolError("invalid_request", "This client may not be answered at that address.")
        for name, fits, error in (
            ("response_type", lambda text: text == "code", "unsupported_response_type"),
            ("scope", lambda text: "openid" in text.split(), "invalid_scope"),
            ("state", bool, "invalid_request"),
            ("nonce", bool, "invalid_request"),
            ("code_challenge", _CHALLENGE.fullmatch, "invalid_request"),
            ("code_challenge_method", lambda text: text == "S256", "invalid_request"),
        ):
            if not fits(parameters.get(name, "")):
                raise ProtocolError(error, f"The parameter {name} is missing or not supported.", back=True)
        return AuthorizationRequest(
            redirect_uri, parameters["state"], parameters["nonce"], parameters["code_challenge"]
        )

    def grant(self, request: AuthorizationRequest, user: User) -> str:
        """Sign the person in and return the one-time code."""
        self._forget_old()
        code = secrets.token_urlsafe(32)
        self._grants[code] = _Grant(request, user, self.now())
        return code

    def redeem(self, form: Mapping[str, str], credentials: tuple[str, str] | None) -> dict[str, str | int]:
        """Trade a code for tokens. A code works once, whether or not the trade succeeds.

        Raises:
            ProtocolError: The client, the code, the address or the PKCE verifier is not right.
        """
        self._authenticate(credentials)
        if form.get("grant_type") != "authorization_code":
            raise ProtocolError("unsupported_grant_type", "Only authorization_code is served here.")
        self._forget_old()
        grant = self._grants.pop(form.get("code", ""), None)
        if grant is None:
            raise ProtocolError("invalid_grant", "The code is unknown, used or too old.")
        if form.get("redirect_uri") != grant.request.redirect_uri:
            raise ProtocolError("invalid_grant", "The code was given for another address.")
        verifier = form.get("code_verifier", "")
        if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(
            create_s256_code_challenge(verifier), grant.request.challenge
        ):
            raise ProtocolError("invalid_grant", "The PKCE verifier does not match the challenge.")
        return {
            "access_token": secrets.token_urlsafe(32),
            "token_type": "Bearer",
            "expires_in": int(_TOKEN_LIFE.total_seconds()),
            "scope": "openid",
            "id_token": self._id_token(grant),
        }

    def signed_out(self, parameters: Mapping[str, str]) -> str:
        """Where a person goes who has signed out (RP-initiated logout). Nobody stays signed in here, so that is all.

        Raises:
            ProtocolError: The client is unknown, or the address is not one of its pages.
        """
        if parameters.get("client_id") != self.client_id:
            raise ProtocolError("invalid_client", "This client is not known here.")
        back = parameters.get("post_logout_redirect_uri", "")
        if back not in {f"{'/'.join(uri.split('/')[:3])}/" for uri in self.redirect_uris}:
            raise ProtocolError("invalid_request", "This client may not be answered at that address.")
        return back

    def public_keys(self) -> KeySetSerialization:
        """The key set (JWKS) with which anybody checks the tokens."""
        public = self.key.as_dict(private=False)
        named = {**public, "kid": self.key.thumbprint(), "use": "sig", "alg": ALGORITHM}
        return KeySet([OKPKey.import_key(named)]).as_dict(private=False)

    def _authenticate(self, credentials: tuple[str, str] | None) -> None:
        name, secret = credentials or ("", "")
        if name != self.client_id or not hmac.compare_digest(secret.encode(), self.client_secret.encode()):
            raise ProtocolError("invalid_client", "The client's name or password is wrong.", status=401)

    def _id_token(self, grant: _Grant) -> str:
        now = self.now()
        claims: dict[str, str | int] = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": grant.user.subject,
            "iat": int(now.timestamp()),
            "exp": int((now + _TOKEN_LIFE).timestamp()),
            "auth_time": int(grant.at.timestamp()),
            "nonce": grant.request.nonce,
            "name": grant.user.name,
        }
        if grant.user.identity_code is not None:
            claims["identity_code"] = grant.user.identity_code
        if grant.user.organisation is not None:
            claims["organisation"] = grant.user.organisation
        return jwt.encode({"alg": ALGORITHM, "kid": self.key.thumbprint()}, claims, self.key, [ALGORITHM])

    def _forget_old(self) -> None:
        oldest = self.now() - self.code_life
        self._grants = {code: grant for code, grant in self._grants.items() if grant.at > oldest}
