"""From a row of the services' table to a process: its database, secrets, port and environment."""

import asyncio
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from deploy.local.databases import (
    database_name,
    owner_url,
    provision_databases,
    with_database,
    without_credentials,
)
from deploy.local.errors import StackError
from deploy.local.ports import HOST
from deploy.local.secret_files import ensure_secrets, grant_secrets
from deploy.local.services import ServiceSpec
from deploy.local.supervisor import ProcessSpec
from shared.database.migrate import upgrade
from shared.secrets import TABLE

_NOBODY: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody: what is asked here speaks plain HTTP, and each reading of the system's certificates costs 20 ms."""

CHECKOUT = Path(__file__).resolve().parents[2]
_MIGRATING = asyncio.Lock()
_NOT_INHERITED = frozenset({"KELMU_POSTGRES"})  # the superuser's URL is nobody's business but the launcher's


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a process of the stack finds around it.

    Attributes:
        root: the stack's folder.
        kafka: bootstrap address.
        postgres: the superuser's URL.
        environment: what processes inherit.
        ports: port of each process that listens.
    """

    root: Path
    kafka: str
    postgres: str
    environment: Mapping[str, str]
    ports: Mapping[str, int]

    @property
    def secrets(self) -> Path:
        """Folder of all secret files."""
        return self.root / "secrets"

    def granted(self, holder: str) -> Path:
        """Folder of the secrets that one process holds."""
        return self.root / "secrets-of" / holder


def grant(holder: str, around: Surroundings) -> Path:
    """Make the secrets that are missing, and give one process a folder with its own."""
    ensure_secrets(around.secrets, [(row.name, row.kind) for row in TABLE])
    grant_secrets(around.secrets, around.granted(holder), holder, TABLE)
    return around.granted(holder)


def process_for(spec: ServiceSpec, around: Surroundings) -> ProcessSpec:
    """How to run a row of the table; its secrets are made and granted on the way."""
    grant(spec.name, around)
    values = _values(spec, around)
    environment = {key: value for key, value in around.environment.items() if key not in _NOT_INHERITED}
    environment |= {key: value.format_map(values) for key, value in spec.environment.items()}
    ready_url = None if spec.ready_url is None else spec.ready_url.format_map(values)
    return ProcessSpec(
        name=spec.name,
        argv=tuple(part.format_map(values) for part in spec.argv),
        environment=environment,
        cwd=CHECKOUT,
        ready=None if ready_url is None else lambda: _answers(ready_url),
        ready_within=spec.ready_within,
    )


async def provision(spec: ServiceSpec, around: Surroundings) -> str | None:
    """Give a process its database. Returns the role's own URL; None for a process without a database."""
    if not spec.database:
        return None
    return (await provision_databases(around.postgres, [spec.name], around.secrets))[spec.name]


async def migrate(spec: ServiceSpec, around: Surroundings) -> None:
    """Bring a process's provisioned database up to date before its first start.

    One at a time: Alembic keeps its place globally.

    Raises:
        StackError: `process.migration`, naming the fault.
    """
    if spec.migrations is None:
        return
    database = owner_url(around.postgres, spec.name, around.secrets)
    try:
        async with _MIGRATING:
            await upgrade(spec.migrations, database.replace("postgresql://", "postgresql+asyncpg://", 1))
    except Exception as error:
        raise StackError(
            "process.migration",
            f"{spec.name}: its database could not be migrated ({type(error).__name__}).",
            f"Run `kelmu migrate {spec.migrations}` to see the whole fault.",
        ) from error


def _values(spec: ServiceSpec, around: Surroundings) -> dict[str, str]:
    values = {"python": sys.executable, "kafka": around.kafka, "root": str(around.root)}
    values["secrets"] = str(around.granted(spec.name))
    values |= {f"{name}_port": str(port) for name, port in around.ports.items()}
    if spec.name in around.ports:
        values["port"] = str(around.ports[spec.name])
    if spec.database:
        values["database"] = without_credentials(with_database(around.postgres, database_name(spec.name)))
    return values


async def _answers(url: str) -> bool:
    """Whether an HTTP server answers this URL with success."""
    try:
        async with httpx.AsyncClient(timeout=3, trust_env=False, verify=_NOBODY) as client:
            return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False


def url_of(port: int) -> str:
    """Address of a process that speaks HTTP."""
    return f"http://{HOST}:{port}"
