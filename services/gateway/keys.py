"""What the gateway derives from its session key: seals, form tokens, and names of overrides."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_HALF = 32
"""Hex digits of each half of a form token."""


class SealBrokenError(Exception):
    """Something presented as sealed by this gateway was not, or was sealed for another place."""


def new_token() -> str:
    """A new session id: 256 random bits, base64url."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database knows of a session id: its SHA-256, so that a copied table opens no session."""
    return hashlib.sha256(token.encode()).digest()


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kelmu-gateway-" + purpose).derive(secret)


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """Keys for one purpose each, all derived from the one session secret."""

    _seal: AESGCM = field(repr=False)
    _form: bytes = field(repr=False)
    _override: bytes = field(repr=False)

    @classmethod
    def derive(cls, secret: bytes) -> "SessionKeys":
        """Derive the keys (HKDF-SHA256) from the secret `session`."""
        return cls(AESGCM(_derive(secret, b"seal")), _derive(secret, b"form"), _derive(secret, b"override"))

    def seal(self, plaintext: bytes, place: bytes) -> bytes:
        """Seal for one place (a session's hash, a cookie's name); elsewhere it does not open."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._seal.encrypt(nonce, plaintext, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Open what `seal` made for this place.

        Raises:
            SealBrokenError: for whatever reason it does not open.
        """
        try:
            return self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError("it does not open") from error

    def form_token(self, token: str, shown: str) -> str:
        """The token that each form carries: of which session it is, and for whom and on whose behalf it was shown.

        Two halves of 128 bits: without the session nobody can compute the first, without the key the second.
        """
        return self._half(b"session", token) + self._half(b"shown", shown)

    def is_of_session(self, token: str, presented: str) -> bool:
        """Whether a form was one of this session's."""
        return hmac.compare_digest(self._half(b"session", token).encode(), presented[:_HALF].encode())

    def is_shown_for(self, shown: str, presented: str) -> bool:
        """Whether a form was shown for this person on this one's behalf, in whichever session."""
        return hmac.compare_digest(self._half(b"shown", shown).encode(), presented[_HALF:].encode())

    def _half(self, purpose: bytes, of: str) -> str:
        return hmac.new(self._form, purpose + b" " + of.encode(), hashlib.sha256).hexdigest()[:_HALF]

    def override(self, organisation: str, worker: str, client: str) -> bytes:
        """What an emergency override is known by: it names neither the worker nor the client."""
        return hmac.digest(self._override, f"{organisation} {worker} {client}".encode(), "sha256")
