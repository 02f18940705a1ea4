"""`kelmu audit cef`: the log for a SIEM, line by line, to a file or the standard output."""

import asyncio
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, TextIO, cast

import typer

from services.audit.domain.cef import event_of, line
from services.audit.settings import AuditSettings
from services.audit.store import cef
from shared.clock.civil import require_utc
from shared.database.engine import raw
from shared.kit import Kit, offline

POLL_SECONDS: Final = 1.0


def attach(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cef")(export_cef)


def export_cef(
    file: Annotated[Path | None, typer.Argument(help="File to add to; without it the standard output.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="From entries logged at this time on, as 2026-11-01T00:00:00Z.")
    ] = None,
    after: Annotated[
        int | None, typer.Option("--after", min=-1, help="From the entry after this number (cn1 of the last line).")
    ] = None,
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with new entries until stopped.")] = False,
) -> None:
    """Write entries as CEF, one line each, for a SIEM. Nothing personal: workers by pseudonym, clients not at all."""
    if (since is None) == (after is None):
        raise typer.BadParameter("say where to begin: either --since TIME or --after NUMBER (-1: from the first)")
    start = _instant(since) if since is not None else cast("int", after) + 1
    opened = nullcontext(sys.stdout) if file is None else file.open("a", encoding="utf-8", newline="\n")
    with opened as out:
        asyncio.run(_export(out, start, follow=follow))


def _instant(text: str) -> datetime:
    try:
        return require_utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise typer.BadParameter(
            "a time is written 2026-11-01T00:00:00Z, with its offset", param_hint="--since"
        ) from error


async def _export(out: TextIO, start: datetime | int, *, follow: bool) -> None:
    async with offline("audit", cls=AuditSettings) as kit:
        if isinstance(start, datetime):
            async with kit.engine.connect() as conn:
                start = await cef.first_since(await raw(conn), start.astimezone(UTC))
        while True:
            next_ = await write(kit, out, start)
            if next_ == start:
                if not follow:
                    return
                await asyncio.sleep(POLL_SECONDS)
            start = next_


async def write(kit: Kit, out: TextIO, first: int) -> int:
    """Write the next entries; the number after the last. The same number: there were none."""
    origin = cast("AuditSettings", kit.settings).log_origin
    async with kit.engine.connect() as conn:
        entries = await cef.portion(await raw(conn), first)
    out.writelines(line(event_of(entry, origin)) + "\n" for entry in entries)
    out.flush()
    return entries[-1].seq + 1 if entries else first
