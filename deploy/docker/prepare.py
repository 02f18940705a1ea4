"""What the containers need before the services start. Each job may run again at every start.

    python -m deploy.docker.prepare secrets   # before anything runs: make missing secrets, give each holder its own
    python -m deploy.docker.prepare servers   # Kafka and PostgreSQL run: roles, databases, tables, topics

Exit code 2 and plain words when something is refused.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import asyncpg
from sqlalchemy import make_url

from deploy.docker.places import POSTGRES, ROOT, SUPERUSER, all_secrets, holders, secrets_of
from deploy.local.databases import OWNED_APART, owner_url, provision_databases, with_database
from deploy.local.errors import StackError
from deploy.local.secret_files import ensure_secrets, grant_secrets, read_secret
from deploy.local.services import SERVICES
from services.console.errors import told
from shared.bus.provision import provision
from shared.database.migrate import upgrade
from shared.secrets import TABLE, SecretRow

REFUSED: Final = 2
_SUPERUSER_ROW: Final = SecretRow(SUPERUSER, "password", (POSTGRES,))
_OWNER_ROWS: Final = tuple(SecretRow(f"database-{service}-owner", "password", ()) for service in sorted(OWNED_APART))
"""Passwords of the roles that own tables: no process holds one, and the job that migrates cannot write new ones."""


def make_secrets(root: Path = ROOT) -> None:
    """Make the secrets that are missing, and give each holder a folder with its own and nothing else.

    Args:
        root: holds `secrets` (all of them) and `secrets-of/HOLDER`.
    """
    table = (*TABLE, _SUPERUSER_ROW, *_OWNER_ROWS)
    ensure_secrets(all_secrets(root), [(row.name, row.kind) for row in table])
    for holder in (*holders(), POSTGRES):
        grant_secrets(all_secrets(root), secrets_of(holder, root), holder, table)
    # The server runs under a user of its own; no other container mounts this folder.
    secrets_of(POSTGRES, root).chmod(0o755)
    (secrets_of(POSTGRES, root) / SUPERUSER).chmod(0o444)


async def prepare_servers(kafka: str, postgres: str, replication: int = 1, root: Path = ROOT) -> None:
    """Bring roles, databases, tables and topics to what this release needs.

    Args:
        kafka: bootstrap address.
        postgres: the superuser's URL without its password, which lies among the secrets.
        replication: replicas of each topic that is created.
        root: holds `secrets`.

    Raises:
        StackError: `database.superuser` when the server knows another password than the secrets.
        TopicDiffers: a topic has another number of partitions than the table.
    """
    password = read_secret(all_secrets(root), SUPERUSER)
    place = make_url(postgres)
    superuser = with_database(postgres, place.database or "postgres", place.username or "postgres", password)
    names = [spec.name for spec in SERVICES if spec.database]
    try:
        urls = await provision_databases(superuser, names, all_secrets(root))
    except asyncpg.InvalidPasswordError as error:
        raise StackError(
            "database.superuser",
            "PostgreSQL does not know the superuser's password that lies among the secrets.",
            "The volumes `secrets` and `postgres` belong together: bring back the one that was replaced, "
            "or begin anew with `docker compose down --volumes`, which deletes all data.",
        ) from error
    for service in urls:
        url = owner_url(superuser, service, all_secrets(root))
        await upgrade(service, make_url(url).set(drivername="postgresql+asyncpg"))
        _say(f"{service}: database and tables are there")
    created = await provision(kafka, replication)
    _say(f"created topics: {', '.join(created)}" if created else "every topic is there")


def _secrets(_environment: Mapping[str, str]) -> None:
    make_secrets()
    _say("every holder has its secrets")


def _servers(environment: Mapping[str, str]) -> None:
    kafka, postgres = (_needed(environment, name) for name in ("KELMU_KAFKA", "KELMU_POSTGRES"))
    asyncio.run(prepare_servers(kafka, postgres, int(environment.get("KELMU_REPLICATION", "1"))))


JOBS: Final[Mapping[str, Callable[[Mapping[str, str]], None]]] = {"secrets": _secrets, "servers": _servers}


def main(argv: list[str], environment: Mapping[str, str]) -> int:
    """Run one job. Returns the exit status."""
    job = JOBS.get(argv[0]) if len(argv) == 1 else None
    if job is None:
        sys.stderr.write(f"Say which job to run: {', '.join(JOBS)}.\n")
        return REFUSED
    try:
        job(environment)
    except Exception as error:
        words = told(error)
        if words is None:
            raise
        sys.stderr.write(f"{words}\n")
        return REFUSED
    return 0


def _needed(environment: Mapping[str, str], name: str) -> str:
    if not environment.get(name):
        raise StackError("setting.missing", f"{name} is not set.", "docker-compose.yml sets it for this job.")
    return environment[name]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
