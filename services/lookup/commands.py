"""What operators of lookup run: `kelmu lookup …`. Nothing personal is ever printed."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from services.lookup import store
from services.lookup.app import compose
from services.lookup.settings import LookupSettings
from shared.bus.batch import replay as replay_record
from shared.bus.quarantine import Quarantined, rows
from shared.bus.transaction import Refuse
from shared.kit import Kit, offline

app = typer.Typer(help="Look-ups: the read model of the register and what was decided.", no_args_is_help=True)
quarantine = typer.Typer(help="Messages that could not take effect.", no_args_is_help=True)
app.add_typer(quarantine, name="quarantine")

Row = Annotated[int, typer.Argument(help="Number of the row, from `list`.")]


@app.command()
def status() -> None:
    """Print how much the read model holds, what waits in the quarantine and when the last look-up was decided."""
    counts, waiting, last = asyncio.run(_status())
    for table, count in counts.items():
        print(f"{table:14} {count:>12,}")
    print(f"{'quarantined':14} {len(waiting):>12,}")
    print(f"last look-up   {last.isoformat() if last else 'never'}")


@quarantine.command("list")
def list_() -> None:
    """List what waits in the quarantine, and why."""
    waiting = asyncio.run(_waiting())
    for row in waiting:
        place = f"{row.record.topic}/{row.record.partition}@{row.record.offset}"
        print(f"{row.id:6} {row.quarantined_at:%Y-%m-%d %H:%M:%S} {row.code:14} {place}  {row.reason}")
    if not waiting:
        print("The quarantine is empty.")


@quarantine.command()
def replay(row: Row) -> None:
    """Give effect to one register record or claim after its cause was mended; its id still counts once."""
    reason = asyncio.run(_replay(row))
    if reason is not None:
        typer.echo(f"Row {row} did not take effect: {reason}.", err=True)
        typer.echo("Mend the cause and replay it again.", err=True)
        raise typer.Exit(2)
    print(f"Row {row} took effect.")


async def _status() -> tuple[dict[str, int], list[Quarantined], datetime | None]:
    async with offline("lookup", cls=LookupSettings) as kit, kit.engine.connect() as conn:
        return await store.counts(conn), await rows(conn), await store.last_decided(conn)


async def _waiting() -> list[Quarantined]:
    async with offline("lookup", cls=LookupSettings) as kit, kit.engine.connect() as conn:
        return await rows(conn)


async def _replay(row: int) -> str | None:
    async with offline("lookup", compose, LookupSettings) as kit:
        return await replay_row(kit, row)


async def replay_row(kit: Kit, row: int) -> str | None:
    """Give effect to one row of the quarantine: None when it took effect, else why not."""
    async with kit.engine.connect() as conn:
        found = next((known for known in await rows(conn) if known.id == row), None)
    if found is None:
        return f"there is no row {row} that waits"
    consumer = kit.consumers.get(found.consumer)
    if consumer is None:
        return "it is a look-up for whose answer nobody waits any more"
    try:
        return await replay_record(consumer.batch, found.record, found.id, kit.log)
    except Refuse as error:
        return error.reason
