"""Where things lie in a container. Each folder is a volume of its own, mounted only where it is needed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared.secrets import TABLE

ROOT: Final = Path("/var/lib/kelmu")
POSTGRES: Final = "postgres"
"""Holder of the superuser's password: the database server reads it when it creates its cluster."""
SUPERUSER: Final = "superuser"
"""File name of that password."""


def all_secrets(root: Path = ROOT) -> Path:
    """Folder of every secret; only the jobs that prepare the stack see it."""
    return root / "secrets"


def secrets_of(holder: str, root: Path = ROOT) -> Path:
    """Folder of the secrets that one process holds."""
    return root / "secrets-of" / holder


def holders() -> Iterator[str]:
    """Everybody who holds a secret of the table, in order of name."""
    yield from sorted({holder for row in TABLE for holder in (*row.holders, *row.public_holders)})
