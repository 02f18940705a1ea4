"""The witness of the log: what it has signed, what it refused, and acknowledging that."""

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, cast

import typer

from services.witness import store
from services.witness.app import compose, own_key
from services.witness.handlers import SERVICE
from services.witness.settings import WitnessSettings
from shared.clock.system import system_now
from shared.commands import quarantine_commands
from shared.database.engine import driver
from shared.kit import Kit, offline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from asyncpg import Connection

app = typer.Typer(no_args_is_help=True, help="The witness of the log: what it signed and what it refused.")
app.add_typer(quarantine_commands(SERVICE, compose, WitnessSettings), name="quarantine")


@app.command()
def status() -> None:
    """Say whose key it is, up to where it has signed, and what it refused. Exit code 1 while a refusal stands open."""
    if asyncio.run(_status()):
        raise typer.Exit(1)


@app.command()
def acknowledge(
    refusal: Annotated[int, typer.Argument(help="The refusal's number, from `status`.")],
    why: Annotated[str, typer.Option("--why", help="What had happened, and what was done about it.")],
) -> None:
    """Close a refusal, so that the witness is ready again. It still signs nothing that does not continue the log."""
    if not asyncio.run(_acknowledge(refusal, why)):
        typer.echo(f"There is no open refusal {refusal}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Refusal {refusal} is closed.")


@asynccontextmanager
async def _witness() -> "AsyncIterator[tuple[Kit, Connection]]":
    async with offline(SERVICE, cls=WitnessSettings) as kit, driver(kit.engine) as conn:
        yield kit, conn


async def _status() -> int:
    async with _witness() as (kit, conn):
        key = own_key(kit.secrets, cast("WitnessSettings", kit.settings).witness_name)
        last = await store.last_signed(conn)
        found = await store.open_refusals(conn)
    typer.echo(f"Witness: {key}")
    typer.echo(f"Signed up to: {last.size} entries, root {last.root.hex()}")
    for one in found:
        typer.echo(f"Refused ({one.id}), {one.at:%Y-%m-%d %H:%M:%S} UTC: {one.finding}: {one.reason}")
    return len(found)


async def _acknowledge(refusal: int, why: str) -> bool:
    async with _witness() as (_, conn):
        return await store.acknowledge(conn, refusal, why, system_now())
