"""Sign-in with an OpenID provider: the client's side of the code flow with PKCE, state and nonce.

The provider is trusted for who a person is, and for nothing else. What is missing or odd ends the sign-in.
"""

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import quote

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.gateway.sessions import Identity
from shared.contracts.base import BusinessId
from shared.finnish.identity_code import IdentityCode

_ALGORITHMS = ["Ed25519", "ES256", "PS256", "RS256"]
_LEEWAY = 30
ATTEMPT_LIFE = timedelta(minutes=10)


class SignInError(Exception):
    """The sign-in cannot be completed; `code` says why, and the person starts again."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class SignInUnavailableError(Exception):
    """The identification service does not answer, or answers what cannot be understood."""


class Attempt(BaseModel):
    """A sign-in under way, kept sealed in the person's own cookie until they come back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    nonce: str = Field(repr=False)
    verifier: str = Field(repr=False)
    expires: AwareDatetime


class _Metadata(BaseModel):
    """What we use of the discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Tokens(BaseModel):
    id_token: str = Field(repr=False)


class _Claims(BaseModel):
    """What we use of the ID token."""

    name: str = Field(min_length=1, max_length=200)
    identity_code: str | None = Field(default=None, repr=False)
    organisation: BusinessId | None = None
    auth_time: int


_KeySetDocument = TypeAdapter(dict[Literal["keys"], list[dict[str, str | list[str]]]])


@dataclass(slots=True)
class Oidc:
    """The gateway as a client of one identification service. Metadata and keys are read once and kept."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    http: httpx.AsyncClient
    now: Callable[[], datetime]
    internal_url: str | None = None
    _metadata: _Metadata | None = None
    _keys: KeySet | None = None

    async def begin(self) -> tuple[str, Attempt]:
        """Start a sign-in: where to send the person, and what to remember of it.

        Raises:
            SignInUnavailableError: The identification service does not answer.
        """
        metadata = await self._discover()
        attempt = Attempt(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            expires=self.now() + ATTEMPT_LIFE,
        )
        address: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            client_id=self.client_id,
            response_type="code",
            redirect_uri=self.redirect_uri,
            scope="openid",
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )
        return address, attempt

    async def finish(self, attempt: Attempt, state: str, code: str) -> Identity:
        """Trade the code for who the person is.

        Raises:
            SignInError: Another sign-in's answer, a late one, or one that the provider or we refuse.
            SignInUnavailableError: The identification service does not answer.
        """
        if not secrets.compare_digest(attempt.state.encode(), state.encode()) or self.now() >= attempt.expires:
            raise SignInError("state", "The answer belongs to another sign-in, or came too late.")
        metadata = await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        response = await self._send("POST", self._reach(metadata.token_endpoint), form)
        if response.is_client_error:
            raise SignInError("refused", "The identification service refused the code.")
        try:
            tokens = _Tokens.model_validate_json(response.raise_for_status().content)
        except (httpx.HTTPStatusError, ValidationError) as error:
            raise SignInUnavailableError("the token endpoint answered what cannot be understood") from error
        return await self._identity(tokens.id_token, attempt.nonce, metadata)

    async def _identity(self, id_token: str, nonce: str, metadata: _Metadata) -> Identity:
        try:
            token = await self._verified(id_token, metadata)
            now = int(self.now().timestamp())
            jwt.JWTClaimsRegistry(
                now=now,
                leeway=_LEEWAY,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(token.claims)
            claims = _Claims.model_validate(token.claims)
            person = claims.identity_code
            return Identity(
                name=claims.name,
                identity_code=person and IdentityCode.parse(person, allow_artificial=True).reveal(),
                organisation=claims.organisation,
                signed_in=datetime.fromtimestamp(claims.auth_time, UTC),
            )
        except (JoseError, ValueError) as error:
            # The cause is left out on purpose: its text may quote the token.
            raise SignInError("token", f"The identification does not hold: {type(error).__name__}.") from None

    async def _verified(self, id_token: str, metadata: _Metadata) -> jwt.Token:
        keys = self._keys or await self._fetch_keys(metadata)
        try:
            return jwt.decode(id_token, keys, _ALGORITHMS)
        except (JoseError, ValueError):
            # The provider may have changed its keys since we read them.
            return jwt.decode(id_token, await self._fetch_keys(metadata), _ALGORITHMS)

    async def _fetch_keys(self, metadata: _Metadata) -> KeySet:
        response = await self._send("GET", self._reach(metadata.jwks_uri))
        try:
            document = _KeySetDocument.validate_json(response.raise_for_status().content)
            self._keys = KeySet.import_key_set({"keys": list(document["keys"])})
        except (httpx.HTTPStatusError, JoseError, KeyError, ValueError) as error:
            raise SignInUnavailableError("the key set cannot be understood") from error
        return self._keys

    async def _discover(self) -> _Metadata:
        if self._metadata is None:
            response = await self._send("GET", self._reach(f"{self.issuer}/.well-known/openid-configuration"))
            try:
                metadata = _Metadata.model_validate_json(response.raise_for_status().content)
            except (httpx.HTTPStatusError, ValidationError) as error:
                raise SignInUnavailableError("the discovery document cannot be understood") from error
            if metadata.issuer != self.issuer:
                raise SignInUnavailableError("the identification service calls itself by another name")
            self._metadata = metadata
        return self._metadata

    def _reach(self, address: str) -> str:
        return address.replace(self.issuer, self.internal_url, 1) if self.internal_url else address

    async def _send(self, method: str, address: str, form: dict[str, str] | None = None) -> httpx.Response:
        headers = {"Authorization": self._credentials()} if form else {}
        try:
            return await self.http.request(method, address, data=form, headers=headers)
        except httpx.HTTPError as error:
            raise SignInUnavailableError("the identification service does not answer") from error

    def _credentials(self) -> str:
        """Name and password in the Basic scheme, each form-encoded first (RFC 6749 2.3.1)."""
        pair = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"
