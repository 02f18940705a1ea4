"""Whether the log is complete, on the command line: `kelmu audit completeness`, and what retention erased."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Annotated, Final

import typer

from services.audit.domain.completeness import State
from services.audit.settings import AuditSettings
from services.audit.store import completeness, retention
from services.audit.store.completeness import Result
from shared.clock.civil import CivilTimeError, Month, helsinki
from shared.database.engine import raw
from shared.kit import offline

_GAP: Final = 1
_REFUSED: Final = 2


def attach(audit: typer.Typer) -> None:
    """Add the commands."""
    audit.command("completeness")(completeness_)
    audit.command("retention")(retention_)


def completeness_(
    chosen: Annotated[str, typer.Option("--month", help="Such as 2017-01.")],
    agreement: Annotated[str | None, typer.Option("--agreement", help="Only of this agreement.")] = None,
) -> None:
    """Say whether Kafka, the log and the services hold the same of each closed hour. Exit code 1: there is a gap."""
    try:
        month = Month.parse(chosen)
    except CivilTimeError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_REFUSED) from error
    hours, results = asyncio.run(_results(month))
    found = [one for one in results if agreement in (None, one.agreement)]
    for line in lines(month, hours, found):
        typer.echo(line)
    if any(one.state is State.GAP for one in found):
        raise typer.Exit(_GAP)


def retention_() -> None:
    """Say of which months retention destroyed the keys of personal parts, when, and how many."""
    runs = asyncio.run(_runs())
    for month, at, keys in runs:
        typer.echo(f"{month}  {helsinki(at):%Y-%m-%d %H:%M}  {keys} keys destroyed")
    if not runs:
        typer.echo("Nothing was old enough to be erased yet.")


def lines(month: Month, hours: int, found: Sequence[Result]) -> Iterator[str]:
    """What is told of a month: its gaps, those that were closed, then the sum."""
    gaps = [one for one in found if one.state is State.GAP]
    for one in found:
        if one.state is State.GAP:
            yield f"{_place(one)}: GAP: Kafka {one.published}, audit {one.audit}, {_services(one)}"
            yield f"  {one.difference}"
        elif one.closed is not None and one.found is not None:
            yield f"{_place(one)}: gap of {helsinki(one.found):%d.%m. %H:%M} closed {helsinki(one.closed):%d.%m. %H:%M}"
    waiting = sum(one.state is State.WAITING for one in found)
    events = sum(one.published for one in found)
    yield f"{month}: {hours} hours compared, {events} events on Kafka, {len(gaps)} gaps, {waiting} wait for an answer."


def _place(one: Result) -> str:
    return f"{helsinki(one.hour):%Y-%m-%d %H:00} {one.agreement or '(no agreement)'}"


def _services(one: Result) -> str:
    return f"billing {_count(one.billing)}, lookup {_count(one.lookup)}, claims {_count(one.claims)}"


def _count(number: int | None) -> str:
    return "?" if number is None else str(number)


async def _results(month: Month) -> tuple[int, list[Result]]:
    async with offline("audit", cls=AuditSettings) as kit, kit.engine.connect() as connection:
        conn = await raw(connection)
        return await completeness.hours_of(conn, month), await completeness.results_of(conn, month)


async def _runs() -> list[retention.Run]:
    async with offline("audit", cls=AuditSettings) as kit, kit.engine.connect() as connection:
        return await retention.runs(await raw(connection))
