"""What operators run: `kelmu gateway …`."""

import asyncio

import typer

from services.gateway import fault_commands
from services.gateway.app import SERVICE, compose
from services.gateway.sessions import REMEMBERED
from services.gateway.settings import GatewaySettings
from services.gateway.store.sessions import SessionStore
from shared.clock.system import system_now
from shared.commands import quarantine_commands
from shared.kit import offline

app = typer.Typer(help="The gateway: sessions, and alerts that could not be kept.", no_args_is_help=True)
sessions = typer.Typer(help="Sessions of signed-in people.", no_args_is_help=True)
app.add_typer(sessions, name="sessions")
app.add_typer(fault_commands.app, name="faults")
app.add_typer(quarantine_commands(SERVICE, compose, GatewaySettings), name="quarantine")


@sessions.command()
def purge() -> None:
    """Delete sessions whose time was over a day ago. The gateway does the same four times an hour."""
    print(f"{asyncio.run(_purge())} ended sessions deleted")


async def _purge() -> int:
    async with offline(SERVICE, cls=GatewaySettings) as kit:
        return await SessionStore(kit.engine).purge(system_now() - REMEMBERED)
