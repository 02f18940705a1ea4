"""What an operator runs in every service that consumes: `kelmu SERVICE quarantine list | show | replay`.

Nothing of a message's content is printed, and no identity code that stands where it does not belong.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Final

import typer

from shared.bus import quarantine
from shared.bus.quarantine import Quarantined
from shared.finnish.identity_code import redact
from shared.kit import Kit, offline
from shared.replaying import replay_row
from shared.settings import Settings

REFUSED: Final = 2
RowId = Annotated[int, typer.Argument(metavar="ROW", help="Number of the row, from `list`.")]
All = Annotated[bool, typer.Option("--all", help="Also what has taken effect since.")]


def quarantine_commands(
    service: str, compose: Callable[[Kit], None], cls: type[Settings] = Settings, *, facts: Sequence[str] = ()
) -> typer.Typer:
    """The group of commands over one service's quarantine.

    Args:
        service: Its name.
        compose: Its wiring: a message is replayed by the handlers of this release.
        cls: Its settings.
        facts: Background work that its handlers need to decide (see `shared.replaying`).
    """
    app = typer.Typer(help="Messages that could not take effect.", no_args_is_help=True)

    @app.command("list")
    def list_(*, all_: All = False) -> None:
        """List what waits in the quarantine, oldest first, and why."""
        _print_rows(asyncio.run(_rows(service, cls, waiting_only=not all_)))

    @app.command()
    def show(row: RowId) -> None:
        """Show one message: where it came from, what its headers say and why it is here. Never its content."""
        _print_row(row, asyncio.run(_row(service, cls, row)))

    @app.command()
    def replay(row: RowId) -> None:
        """Give effect to one message after its cause was mended. Its id still takes effect once."""
        reason = asyncio.run(_replay(service, compose, cls, row, facts))
        if reason is not None:
            _refuse(f"Row {row} did not take effect: {reason}.", "Mend the cause and replay it again.")
        print(f"Row {row} took effect.")

    return app


async def _rows(service: str, cls: type[Settings], *, waiting_only: bool) -> list[Quarantined]:
    async with offline(service, cls=cls) as kit, kit.engine.connect() as conn:
        return await quarantine.rows(conn, waiting_only=waiting_only)


async def _row(service: str, cls: type[Settings], id: int) -> Quarantined | None:
    async with offline(service, cls=cls) as kit, kit.engine.connect() as conn:
        return await quarantine.row(conn, id)


async def _replay(
    service: str, compose: Callable[[Kit], None], cls: type[Settings], id: int, facts: Sequence[str]
) -> str | None:
    async with offline(service, compose, cls) as kit:
        return await replay_row(kit, id, facts)


def _print_rows(found: Sequence[Quarantined]) -> None:
    for row in found:
        print(_line(row))
    if not found:
        print("The quarantine is empty.")


def _print_row(id: int, found: Quarantined | None) -> None:
    if found is None:
        _refuse(f"There is no row {id}.", "`list --all` shows every row.")
        return
    for name, value in _fields(found):
        print(f"{name:12} {value}")


def _line(row: Quarantined) -> str:
    since = "" if row.replayed_at is None else f"  (took effect {_second(row.replayed_at)})"
    return f"{row.id:6} {_second(row.quarantined_at)} {row.code:14} {_place(row)}  {_plain(row.reason)}{since}"


def _fields(row: Quarantined) -> Iterator[tuple[str, str]]:
    yield "consumer", row.consumer
    yield "place", _place(row)
    yield "code", row.code
    yield "reason", _plain(row.reason)
    yield "set aside", f"{_second(row.quarantined_at)} UTC"
    yield "replayed", "not yet" if row.replayed_at is None else f"{_second(row.replayed_at)} UTC"
    yield "size", f"{len(row.record.value)} bytes"
    for name, value in row.record.headers:
        yield "header", f"{_plain(name)}: {'(null)' if value is None else _plain(value.decode('utf-8', 'replace'))}"


def _place(row: Quarantined) -> str:
    return f"{row.record.topic}/{row.record.partition}@{row.record.offset}"


def _second(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}"


def _plain(text: str) -> str:
    """A stranger's text, without identity codes and without what could steer a terminal."""
    return ascii(redact(text))[1:-1][:400]


def _refuse(what: str, advice: str) -> None:
    typer.echo(what, err=True)
    typer.echo(advice, err=True)
    raise typer.Exit(REFUSED)
