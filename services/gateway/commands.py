"""What operators run: `kelmu gateway …`."""

import asyncio

import typer

from services.gateway.settings import GatewaySettings
from services.gateway.store import SessionStore
from shared.clock.system import system_now
from shared.kit import offline

app = typer.Typer(help="The gateway: sessions.", no_args_is_help=True)
sessions = typer.Typer(help="Sessions of signed-in people.", no_args_is_help=True)
app.add_typer(sessions, name="sessions")


@sessions.command()
def purge() -> None:
    """Delete sessions that have ended by age or disuse. The gateway does the same four times an hour."""
    print(f"{asyncio.run(_purge())} ended sessions deleted")


async def _purge() -> int:
    async with offline("gateway", cls=GatewaySettings) as kit:
        settings = kit.settings
        if not isinstance(settings, GatewaySettings):
            raise TypeError("the gateway needs its own settings")
        return await SessionStore(kit.engine).purge(system_now(), settings.idle)
