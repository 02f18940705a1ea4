"""What was used: count it, take a use back by its event, see reversals that wait, tell of renamed workers."""

import asyncio
import csv
import sys
from pathlib import Path
from typing import Annotated, Final, NoReturn
from uuid import UUID

import typer

from services.billing.book_files import load_prices
from services.billing.domain.faults import FileError
from services.billing.reversing import ReversalRefusedError, Reversed, reverse_use
from services.billing.store import workers
from services.billing.store.reversals import Listed, reversals
from services.billing.store.usage import month_usage
from services.billing.store.workers import AliasRefusedError
from shared.clock.civil import CivilTimeError, Month
from shared.kit import offline

SERVICE: Final = "billing"
_REFUSED: Final = 2


def usage(month: Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2016-12.")]) -> None:
    """Show what each agreement used in a month: counts by product, and active users."""
    try:
        chosen, active = Month.parse(month), load_prices().products.active_products
    except (CivilTimeError, FileError) as error:
        _refuse(str(error))

    async def run() -> None:
        async with offline(SERVICE) as kit, kit.engine.connect() as conn:
            found = await month_usage(conn, chosen, active)
        for agreement, used in sorted(found.items()):
            typer.echo(f"{agreement or '(no agreement)'}: {used.users} active users")
            for count in used.counts:
                typer.echo(f"  {count.member or '---'}  {count.product:24}{count.quantity}")

    asyncio.run(run())


def reverse(
    event: Annotated[UUID, typer.Argument(metavar="EVENT", help="Id of the event, as explanations show it.")],
    reason: Annotated[str, typer.Option(help="Why; goes into the log. No identity codes.")],
) -> None:
    """Take back a use that was wrong, by its event. Running it again changes nothing."""

    async def run() -> Reversed:
        async with offline(SERVICE) as kit:
            return await reverse_use(kit.engine, event, reason, kit.clock.now())

    try:
        done = asyncio.run(run())
    except ReversalRefusedError as error:
        _refuse(f"{error} ({error.code})")
    use = done.use
    what = f"{use.product} of {use.agreement or '(no agreement)'} on {use.day}"
    typer.echo(f"{what} is reversed." if done.now else f"{what} was reversed before; nothing was changed.")


def list_reversals(
    *, all_: Annotated[bool, typer.Option("--all", help="Also those that were applied.")] = False
) -> None:
    """List reversals that took no effect, with their reasons: their use has not come, or is another service's."""

    async def run() -> list[Listed]:
        async with offline(SERVICE) as kit, kit.engine.connect() as conn:
            return await reversals(conn, all_=all_)

    found = asyncio.run(run())
    for row in found:
        what = f"{row.of}  {row.agreement or '---':14} {row.time:%Y-%m-%d}"
        typer.echo(f"{row.state:10} {what}  {row.source}: {row.reason}{_told_by(row)}")
    if not found:
        typer.echo("No reversal waits for its use.")


def _told_by(row: Listed) -> str:
    return f" (told by {row.service}, which did not make the use)" if row.state == "foreign" else ""


def same_workers(
    file: Annotated[Path, typer.Argument(help="CSV without a heading: the new pseudonym, the earlier one.")],
) -> None:
    """Tell which pseudonyms are one worker, before a new version of the pseudonym key is used: counted once."""

    async def run(pairs: list[tuple[str, str]]) -> int:
        async with offline(SERVICE) as kit, kit.engine.begin() as conn:
            return await workers.add_aliases(conn, pairs)

    try:
        with file.open(encoding="utf-8", newline="") as lines:
            told = asyncio.run(run([workers.pair(row) for row in csv.reader(lines) if row]))
    except AliasRefusedError as error:
        _refuse(str(error))
    typer.echo(f"{told} workers are known under their new pseudonym too.")


def attach(app: typer.Typer) -> None:
    """Add these commands to billing's."""
    app.command()(usage)
    app.command()(reverse)
    app.command("reversals")(list_reversals)
    app.command("same-workers")(same_workers)


def _refuse(reason: str) -> NoReturn:
    sys.stderr.write(f"{reason}\n")
    raise typer.Exit(_REFUSED)
