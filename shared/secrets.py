"""The secrets of the system as one table, and how a process reads the ones it was given.

Each secret is a file. A process gets a directory with its own secrets only, so that a service cannot read what it
does not need: billing, for one, holds no key that opens personal data (invariant 5).
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.bus.key_sets import KEY_SETS

SERVICES: Final = ("agreements", "audit", "billing", "claims", "gateway", "lookup", "witness")
UPSTREAM: Final = "upstream"
"""Whoever plays the benefit register and past use: the synthetic generator and the demo."""

SecretKind = Literal["aes256", "hmac", "ed25519", "password"]


class SecretMissing(Exception):
    """A secret that this process needs is not in its directory."""


@dataclass(frozen=True, slots=True)
class SecretRow:
    """One secret: its file name, how it is made, who holds it, and who holds its public half."""

    name: str
    kind: SecretKind
    holders: tuple[str, ...]
    public_holders: tuple[str, ...] = ()


def _rows() -> Iterator[SecretRow]:
    yield SecretRow("pseudonym", "hmac", ("gateway", "lookup", "claims", "agreements", "audit", UPSTREAM))
    for key_set in KEY_SETS:
        yield SecretRow(f"seal-{key_set.name}-1", "aes256", key_set.holders)
    yield SecretRow("seal-audit-personal-1", "aes256", ("audit",))
    yield SecretRow("seal-claim-rows-1", "aes256", ("claims",))
    yield SecretRow("actor", "ed25519", ("gateway",), ("lookup", "claims", "agreements", "billing", "audit"))
    yield SecretRow("log", "ed25519", ("audit",), ("audit", "lookup", "claims", "gateway", "witness", UPSTREAM))
    yield SecretRow("witness", "ed25519", ("witness",), ("audit", UPSTREAM))
    yield SecretRow("session", "aes256", ("gateway",))
    yield SecretRow("oidc-client", "password", ("gateway", "devidp"))
    yield SecretRow("oidc", "ed25519", ("devidp",))
    for service in SERVICES:
        yield SecretRow(f"database-{service}", "password", (service,))


TABLE: Final = tuple(_rows())


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of one process, read from its directory on demand."""

    directory: Path

    def text(self, name: str) -> str:
        """A secret as text.

        Raises:
            SecretMissing: naming the file, never its content.
        """
        path = self.directory / name
        try:
            return path.read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise SecretMissing(f"secret '{name}' is missing from {self.directory}") from error

    def key(self, name: str) -> bytes:
        """A secret as raw bytes (keys are stored base64)."""
        return base64.b64decode(self.text(name), validate=True)

    def ed25519_private(self, name: str) -> Ed25519PrivateKey:
        """A signing key."""
        return Ed25519PrivateKey.from_private_bytes(self.key(name))

    def ed25519_public(self, name: str) -> Ed25519PublicKey:
        """The public half of a signing key, from `<name>.pub`."""
        return Ed25519PublicKey.from_public_bytes(self.key(f"{name}.pub"))

    def holds(self, name: str) -> bool:
        """Whether a secret that not everybody always has is there."""
        return (self.directory / name).is_file()

    def ed25519_publics(self, name: str) -> tuple[Ed25519PublicKey, ...]:
        """The public half of a signing key, and of the one before it while the key changes."""
        previous = f"{name}-previous"
        names = [name, *([previous] if self.holds(f"{previous}.pub") else [])]
        return tuple(self.ed25519_public(each) for each in names)

    def retired(self, name: str) -> tuple[Ed25519PublicKey, ...]:
        """The public halves of a signing key's forerunners that sign no more, oldest first."""
        found = sorted(self.directory.glob(f"{name}-retired-*.pub"))
        return tuple(self.ed25519_public(path.name.removesuffix(".pub")) for path in found)

    def seal_keys(self) -> dict[str, dict[str, bytes]]:
        """All sealing keys of this process: key set -> key id -> key."""
        found: dict[str, dict[str, bytes]] = {}
        for path in sorted(self.directory.glob("seal-*")):
            key_set, _, key_id = path.name.removeprefix("seal-").rpartition("-")
            found.setdefault(key_set, {})[key_id] = self.key(path.name)
        return found
