"""Secrets of the local stack: random key files, made on the first start and kept."""

import base64
import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.local.errors import StackError
from shared.secrets import SecretKind, SecretRow

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def ensure_secrets(folder: Path, table: Sequence[tuple[str, SecretKind]]) -> None:
    """Create each secret of the table that is not there yet; existing ones are never touched.

    Args:
        folder: made with mode 0700; each secret is a file of mode 0600 in it.
        table: rows of (file name, kind). Kinds: `aes256` and `hmac` are 32 random bytes in base64, `ed25519`
            a raw private key in base64 with the public one beside it as `NAME.pub`, `password` 32 characters
            that need no quoting in a URL.

    Raises:
        StackError: `secret.name` for a name that could leave the folder.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, kind in table:
        if not _NAME.fullmatch(name):
            raise StackError("secret.name", f"{name!r} cannot name a secret file.", "Use a-z, 0-9, '.', '_' and '-'.")
        path = folder / name
        if path.exists():
            continue
        value, public = _MAKERS[kind]()
        if public is not None:
            _write(path.with_name(f"{name}.pub"), public)
        _write(path, value)


def grant_secrets(folder: Path, into: Path, holder: str, table: Sequence[SecretRow]) -> None:
    """Give one process a folder with the secrets that it holds, and with nothing else.

    Args:
        folder: where `ensure_secrets` made all of them.
        into: the process's own folder; what it may no longer hold is removed.
        holder: the process, as the table names it.
        table: who holds what.
    """
    names = {row.name for row in table if holder in row.holders}
    names |= {f"{row.name}.pub" for row in table if holder in row.public_holders}
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in into.iterdir():
        if path.name not in names:
            path.unlink()
    for name in sorted(names):
        _write(into / name, read_secret(folder, name))


def read_secret(folder: Path, name: str) -> str:
    """The text of a secret, without its newline."""
    return (folder / name).read_text(encoding="ascii").strip()


def _write(path: Path, value: str) -> None:
    """Write a file that nobody else can read at any moment, and that is whole whenever it is there."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(value + "\n")
    partial.rename(path)


def _bytes() -> tuple[str, str | None]:
    return base64.b64encode(secrets.token_bytes(32)).decode(), None


def _password() -> tuple[str, str | None]:
    return secrets.token_urlsafe(24), None


def _ed25519() -> tuple[str, str | None]:
    key = Ed25519PrivateKey.generate()
    private, public = key.private_bytes_raw(), key.public_key().public_bytes_raw()
    return base64.b64encode(private).decode(), base64.b64encode(public).decode()


_MAKERS: Mapping[SecretKind, Callable[[], tuple[str, str | None]]] = {
    "aes256": _bytes,
    "hmac": _bytes,
    "ed25519": _ed25519,
    "password": _password,
}
