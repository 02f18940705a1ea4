"""Look-ups: what the read model holds and what waits in the quarantine. Nothing personal is ever printed."""

import asyncio
from datetime import datetime

import typer

from services.lookup.app import compose
from services.lookup.store import decided, notices, register
from shared.bus.quarantine import Quarantined, rows
from shared.commands import quarantine_commands
from shared.kit import offline
from shared.settings import GateSettings

app = typer.Typer(help="Look-ups: the read model of the register and what was decided.", no_args_is_help=True)
app.add_typer(quarantine_commands("lookup", compose, GateSettings), name="quarantine")


@app.command()
def status() -> None:
    """Print how much the read model holds, what waits in the quarantine and when the last look-up was decided."""
    counts, parked, waiting, last = asyncio.run(_status())
    for table, count in counts.items():
        print(f"{table:14} {count:>12,}")
    for reason, count in parked.items():
        print(f"{'notice parked':14} {count:>12,} {reason}")
    print(f"{'quarantined':14} {len(waiting):>12,}")
    print(f"last look-up   {last.isoformat() if last else 'never'}")


async def _status() -> tuple[dict[str, int], dict[str, int], list[Quarantined], datetime | None]:
    async with offline("lookup", cls=GateSettings) as kit, kit.engine.connect() as conn:
        counts, parked = await register.counts(conn), await notices.parked_counts(conn)
        return counts, parked, await rows(conn), await decided.last_decided(conn)
