"""Borrowing the settings of a local stack that runs in this checkout, where the environment gives none.

A variable that is set always stands. The database is borrowed without the superuser's credentials: a command works
as the service's own role.
"""

import json
import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

CHECKOUT: Final = Path(__file__).resolve().parents[2]
_DEFAULT_ROOT: Final = CHECKOUT / ".local" / "up"


def borrow(
    service: str | None, environment: MutableMapping[str, str] | None = None, *, all_secrets: bool = False
) -> None:
    """Set what is unset from the running stack; does nothing when none runs.

    Args:
        service: The service whose database and secrets are wanted; None for a command that is no service's.
        environment: Where to read and write; the process's own environment when left out. `KELMU_STACK` names the
            stack's folder.
        all_secrets: Whether the command does what no service may, such as changing tables that no service owns.
    """
    values: MutableMapping[str, str] = os.environ if environment is None else environment
    root = Path(values.get("KELMU_STACK", str(_DEFAULT_ROOT)))
    endpoints = _endpoints(root / "endpoints.json")
    if endpoints is None:
        return
    kafka, postgres = endpoints
    values.setdefault("KELMU_KAFKA", kafka)
    values.setdefault("KELMU_CLOCK_FILE", str(root / "clock.json"))
    if service is not None and "KELMU_DATABASE" not in values:
        values["KELMU_DATABASE"] = _database(postgres, service)
        folder = root / "secrets" if all_secrets else root / "secrets-of" / service
        values.setdefault("KELMU_SECRETS", str(folder))


def _endpoints(path: Path) -> tuple[str, str] | None:
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # no stack, or one that is just starting
    match content:
        case {"kafka": str(kafka), "postgres": str(postgres)}:
            return kafka, postgres
        case _:
            return None


def _database(superuser_url: str, service: str) -> str:
    parts = urlsplit(superuser_url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], f"/kelmu_{service}", parts.query, ""))
