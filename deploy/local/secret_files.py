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
    names |= _of_rotation(folder, holder, table)
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in into.iterdir():
        if path.name not in names:
            path.unlink()
    for name in sorted(names):
        _write(into / name, read_secret(folder, name))


def rotate_secret(folder: Path, name: str) -> None:
    """Replace a signing key by a new one. The old one stays beside it as `NAME-previous` until the next rotation.

    Of the one before, nothing but its public half is kept, as `NAME-retired-NNN.pub`: what it signed can be checked for
    ever, and it signs no more. A rotation that was interrupted is completed when it is run again.

    Args:
        folder: holds every secret.
        name: an `ed25519` row of the table.

    Raises:
        FileNotFoundError: there is no such key.
    """
    current, previous = folder / name, folder / f"{name}-previous"
    if current.exists() or not previous.exists():
        _retire(folder, name)
        current.rename(previous)
    _write(previous.with_name(f"{previous.name}.pub"), _public(previous))
    current.with_name(f"{name}.pub").unlink(missing_ok=True)
    ensure_secrets(folder, [(name, "ed25519")])


def _retire(folder: Path, name: str) -> None:
    """Keep the public half of the key that is about to be forgotten, once."""
    previous = folder / f"{name}-previous"
    if not previous.exists():
        return
    retired = sorted(folder.glob(f"{name}-retired-*.pub"))
    if _public(previous) not in {read_secret(folder, path.name) for path in retired}:
        _write(folder / f"{name}-retired-{len(retired) + 1:03}.pub", _public(previous))


def _public(private: Path) -> str:
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private.read_text(encoding="ascii")))
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _of_rotation(folder: Path, holder: str, table: Sequence[SecretRow]) -> set[str]:
    """Keys before the present ones, for whoever holds those."""
    found: set[str] = set()
    for row in table:
        if row.kind != "ed25519":
            continue
        if holder in row.holders and (folder / f"{row.name}-previous").exists():
            found.add(f"{row.name}-previous")
        if holder in (*row.holders, *row.public_holders):
            found |= {path.name for path in folder.glob(f"{row.name}-retired-*.pub")}
        if holder in row.public_holders and (folder / f"{row.name}-previous.pub").exists():
            found.add(f"{row.name}-previous.pub")
    return found


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
