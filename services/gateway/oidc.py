"""Sign-in with an OpenID provider: the client's side of the code flow with PKCE, state and nonce.

The protocol is authlib's; what is checked of an answer, and what is made of it, stands here. The provider is
trusted for who a person is, and for nothing else. What is missing or odd ends the sign-in.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import quote

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.client import OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_token_request
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.gateway.sessions import Identity
from services.gateway.settings import ClaimNames
from shared.contracts.base import BusinessId
from shared.finnish.identity_code import IdentityCode

_ALGORITHMS = ["Ed25519", "ES256", "PS256", "RS256"]
"""Signatures only, by keys that the provider publishes: neither `none` nor a shared password signs here."""
ATTEMPT_LIFE = timedelta(minutes=10)
ClientAuthMethod = Literal["client_secret_basic", "client_secret_post"]


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
    end_session_endpoint: str | None = None


class _Tokens(BaseModel):
    id_token: str = Field(repr=False)
    access_token: str | None = Field(default=None, repr=False)


class _Person(BaseModel):
    """What we use of the ID token, by our own names."""

    name: str = Field(min_length=1, max_length=200)
    identity_code: str | None = Field(default=None, repr=False)
    organisation: BusinessId | None = None
    at: int
    """When the person identified; where the provider does not say, when it issued the token."""


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
    scopes: str = "openid"
    claims: ClaimNames = field(default_factory=ClaimNames)
    client_auth: ClientAuthMethod = "client_secret_basic"
    skew: int = 30
    _metadata: _Metadata | None = None
    _keys: KeySet | None = None

    async def begin(self) -> tuple[str, Attempt]:
        """Start a sign-in: where to send the person, and what to remember of it.

        Raises:
            SignInUnavailableError: The identification service does not answer.
        """
        metadata = await self._discover()
        client = OAuth2Client(
            session=None,
            client_id=self.client_id,
            scope=self.scopes,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
        )
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        address, state = client.create_authorization_url(
            metadata.authorization_endpoint, state=secrets.token_urlsafe(32), nonce=nonce, code_verifier=verifier
        )
        return address, Attempt(state=state, nonce=nonce, verifier=verifier, expires=self.now() + ATTEMPT_LIFE)

    async def finish(self, attempt: Attempt, state: str, code: str) -> Identity:
        """Trade the code for who the person is.

        Raises:
            SignInError: Another sign-in's answer, a late one, or one that the provider or we refuse.
            SignInUnavailableError: The identification service does not answer.
        """
        if not secrets.compare_digest(attempt.state.encode(), state.encode()) or self.now() >= attempt.expires:
            raise SignInError("state", "The answer belongs to another sign-in, or came too late.")
        metadata = await self._discover()
        form = prepare_token_request(
            "authorization_code", code=code, redirect_uri=self.redirect_uri, code_verifier=attempt.verifier
        )
        response = await self._trade(self._reach(metadata.token_endpoint), form)
        if response.is_client_error:
            raise SignInError("refused", "The identification service refused the code.")
        try:
            tokens = _Tokens.model_validate_json(response.raise_for_status().content)
        except (httpx.HTTPStatusError, ValidationError) as error:
            raise SignInUnavailableError("the token endpoint answered what cannot be understood") from error
        return await self._identity(tokens, attempt.nonce, metadata)

    async def end(self, back: str) -> str | None:
        """Where to send a person who has signed out here, so that they are signed out there too; None: nowhere.

        The ID token is never sent along as a hint: it holds the identity code, and this is an address.
        """
        try:
            metadata = await self._discover()
        except SignInUnavailableError:
            return None
        if metadata.end_session_endpoint is None:
            return None
        told = {"client_id": self.client_id, "post_logout_redirect_uri": back}
        address: str = add_params_to_uri(metadata.end_session_endpoint, list(told.items()))
        return address

    async def _identity(self, tokens: _Tokens, nonce: str, metadata: _Metadata) -> Identity:
        try:
            token = await self._verified(tokens.id_token, metadata)
            self._checked(token, tokens, nonce)
            person = self._person(token.claims)
            code = person.identity_code
            return Identity(
                name=person.name,
                identity_code=code and IdentityCode.parse(code, allow_artificial=True).reveal(),
                organisation=person.organisation,
                signed_in=datetime.fromtimestamp(person.at, UTC),
            )
        except (JoseError, ValueError) as error:
            # The cause is left out on purpose: its text may quote the token.
            raise SignInError("token", f"The identification does not hold: {type(error).__name__}.") from None

    def _checked(self, token: jwt.Token, tokens: _Tokens, nonce: str) -> None:
        """Issuer, audience, authorized party, expiry, not-before, issue, nonce, and the hash of the access token."""
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {"nonce": nonce, "client_id": self.client_id, "access_token": tokens.access_token}
        claims = CodeIDToken(token.claims, token.header, options, params)
        claims.validate(now=int(self.now().timestamp()), leeway=self.skew)

    def _person(self, claims: Mapping[str, object]) -> _Person:
        named = [str(claims[one]).strip() for one in self.claims.name if claims.get(one)]
        return _Person.model_validate(
            {
                "name": " ".join(named),
                "identity_code": claims.get(self.claims.identity_code),
                "organisation": claims.get(self.claims.organisation),
                "at": claims.get("auth_time") or claims.get("iat"),
            }
        )

    async def _verified(self, id_token: str, metadata: _Metadata) -> jwt.Token:
        keys = self._keys or await self._fetch_keys(metadata)
        try:
            return jwt.decode(id_token, keys, _ALGORITHMS)
        except (JoseError, ValueError):
            # The provider may have changed its keys since we read them.
            return jwt.decode(id_token, await self._fetch_keys(metadata), _ALGORITHMS)

    async def _fetch_keys(self, metadata: _Metadata) -> KeySet:
        response = await self._send(httpx.Request("GET", self._reach(metadata.jwks_uri)))
        try:
            document = _KeySetDocument.validate_json(response.raise_for_status().content)
            self._keys = KeySet.import_key_set({"keys": list(document["keys"])})
        except (httpx.HTTPStatusError, JoseError, KeyError, ValueError) as error:
            raise SignInUnavailableError("the key set cannot be understood") from error
        return self._keys

    async def _discover(self) -> _Metadata:
        if self._metadata is None:
            address = self._reach(f"{self.issuer}/.well-known/openid-configuration")
            response = await self._send(httpx.Request("GET", address))
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

    async def _trade(self, address: str, form: str) -> httpx.Response:
        basic = self.client_auth == "client_secret_basic"
        # RFC 6749 2.3.1: both are form-encoded inside the Basic scheme, which authlib leaves to its caller.
        name, password = (quote(one, safe="") if basic else one for one in (self.client_id, self.client_secret))
        proof = ClientAuth(name, password, self.client_auth)
        plain = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        address, headers, body = proof.prepare("POST", address, plain, form)
        return await self._send(httpx.Request("POST", address, headers=headers, content=body))

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self.http.send(request)
        except httpx.HTTPError as error:
            raise SignInUnavailableError("the identification service does not answer") from error
