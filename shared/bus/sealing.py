"""Sealing: personal data on the bus is AES-256-GCM, bound to the event it belongs to.

The event's id and type are the associated data, so that a sealed part cannot be moved to another event. Key ids stand
in clear in front, so that keys can be rotated while old messages stay readable.
"""

import base64
import hashlib
import hmac
import os
from binascii import Error as Base64Error
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12


class Unsealable(Exception):
    """The sealed part cannot be opened: wrong key, moved to another event, or changed. Says no content."""


def commit(plaintext: bytes) -> str:
    """The commitment to a personal part: SHA-256 hex of the exact plaintext, which begins with a secret salt."""
    return hashlib.sha256(plaintext).hexdigest()


def _aad(id_: UUID, type_: str) -> bytes:
    return f"{id_}|{type_}".encode()


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _nonce(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    return hmac.digest(key, aad + b"\0" + plaintext, "sha256")[:NONCE_BYTES]


def seal_with(key: AESGCM, plaintext: bytes, *, id: UUID, type: str) -> str:
    """Seal under a one-off key; base64url of a random nonce and the ciphertext."""
    nonce = os.urandom(NONCE_BYTES)
    return _text(nonce + key.encrypt(nonce, plaintext, _aad(id, type)))


def open_with(key: AESGCM, sealed: str, *, id: UUID, type: str) -> bytes:
    """Open what `seal_with` sealed.

    Raises:
        Unsealable: for every reason alike, so that an attacker learns nothing from which it was.
    """
    try:
        raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _aad(id, type))
    except (InvalidTag, Base64Error, ValueError) as error:
        raise Unsealable("the sealed part does not open") from error


class KeyRing:
    """The sealing keys that one process holds: key set -> key id -> key. Seals with the highest key id.

    Sealing is deterministic: the nonce is a keyed hash of the event and the plaintext. Whoever publishes an event
    again, after a crash or on request, so publishes the same bytes, and readers see a repeat and not a contradiction
    (invariant 2). Two events never share a nonce but by a collision of 96 bits; equal bytes tell only that it is the
    same event.
    """

    def __init__(self, keys: dict[str, dict[str, bytes]]) -> None:
        self._keys = {name: {kid: AESGCM(key) for kid, key in kids.items()} for name, kids in keys.items()}
        self._nonce_keys = {
            name: {kid: hmac.digest(key, b"kelmu nonce v1", "sha256") for kid, key in kids.items()}
            for name, kids in keys.items()
        }
        self._newest = {name: max(kids, key=int) for name, kids in keys.items()}

    def holds(self, key_set: str) -> bool:
        """Whether this process can seal and open for the key set."""
        return key_set in self._keys

    def seal(self, key_set: str, plaintext: bytes, *, id: UUID, type: str) -> str:
        """Seal for everyone who holds the key set.

        Raises:
            KeyError: this process does not hold the key set: a wiring error, not data.
        """
        kid = self._newest[key_set]
        aad = _aad(id, type)
        nonce = _nonce(self._nonce_keys[key_set][kid], plaintext, aad)
        sealed = nonce + self._keys[key_set][kid].encrypt(nonce, plaintext, aad)
        return f"{key_set}.{kid}.{_text(sealed)}"

    def open(self, sealed: str, *, id: UUID, type: str) -> bytes:
        """Open a sealed part of the event with this id and type.

        Raises:
            Unsealable: unknown key, moved, or changed.
        """
        key_set, _, rest = sealed.partition(".")
        kid, _, content = rest.partition(".")
        key = self._keys.get(key_set, {}).get(kid)
        if key is None:
            raise Unsealable("sealed with a key that this process does not hold")
        return open_with(key, content, id=id, type=type)
