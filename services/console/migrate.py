"""Bring the database of one service, or of all, to its newest version."""

import asyncio
import os
import pkgutil
from importlib.util import find_spec
from typing import Annotated

import typer

import services
from services.console.discovery import CommandMissing
from services.console.surroundings import borrow
from shared.database.migrate import upgrade
from shared.settings import Settings, load_settings

_OF_ONE_SERVICE = ("KELMU_DATABASE", "KELMU_SECRETS")


def command(
    service: Annotated[str | None, typer.Argument(help="Name of the service; all when left out.")] = None,
) -> None:
    """Bring the database of one service, or of all, to its newest version."""
    known = migrated_services()
    if service is not None and service not in known:
        raise CommandMissing(f"There is no service '{service}' with a database. There are {', '.join(known)}.")
    if service is None and "KELMU_DATABASE" in os.environ:
        raise CommandMissing("KELMU_DATABASE is the database of one service: say of which.")
    for name in known if service is None else (service,):
        asyncio.run(_migrate(name, borrowed=service is None))
        typer.echo(f"{name} is at its newest version.")


def migrated_services() -> list[str]:
    """Names of the services that have migrations."""
    names = sorted(module.name for module in pkgutil.iter_modules(services.__path__) if module.ispkg)
    return [name for name in names if find_spec(f"services.{name}.migrations") is not None]


async def _migrate(service: str, *, borrowed: bool) -> None:
    if borrowed:
        for variable in _OF_ONE_SERVICE:
            os.environ.pop(variable, None)
    borrow(service, all_secrets=True)
    await upgrade(service, load_settings(service, Settings).owner_url())
