"""What operators of lookup run: `kelmu lookup …`."""

import asyncio

import typer

from services.lookup import store
from services.lookup.app import compose
from services.lookup.settings import LookupSettings
from shared.kit import offline

app = typer.Typer(help="Look-ups: the read model of the register and what was decided.", no_args_is_help=True)


@app.callback()
def _lookup() -> None:
    """Look-ups: the read model of the register and what was decided."""


@app.command()
def status() -> None:
    """Print how much the read model holds and when the last look-up was decided."""
    asyncio.run(_status())


async def _status() -> None:
    async with offline("lookup", compose, LookupSettings) as kit, kit.engine.connect() as conn:
        for table, rows in (await store.counts(conn)).items():
            print(f"{table:12} {rows:>12,}")
        last = await store.last_decided(conn)
    print(f"last decided {last.isoformat() if last else 'never'}")
