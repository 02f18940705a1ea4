"""Agreements: load, look at and check organisations, agreements, mandates and population."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer

from services.agreements import store
from services.agreements.domain.bearing import bearers, gaps
from services.agreements.domain.changes import Outcome
from services.agreements.domain.records import KINDS, RecordKey, key_of
from services.agreements.domain.spans import describe
from services.agreements.files import read_file
from services.agreements.handlers import take_in
from shared.clock.civil import at_helsinki
from shared.contracts.base import Validity
from shared.finnish.municipalities import municipalities
from shared.kit import offline

app = typer.Typer(no_args_is_help=True, help=__doc__)

_REFUSED = 2
_SHOWN_FAULTS = 20
Kind = Annotated[str, typer.Argument(help=f"One of {', '.join(KINDS)}.")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Helsinki day, 2016-12-31.")]


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help='JSON lines of {"kind": …, "body": …}.')],
    actor: Annotated[str, typer.Option(help="Who answers for the change.")] = "operator",
    reason: Annotated[str, typer.Option(help="Why, for whoever reads the history.")] = "loaded from a file",
) -> None:
    """Take a file of records in: all of it, or none when anything in it is refused."""
    try:
        records, faults = read_file(file)
    except OSError as error:
        _refuse([f"{file.name} cannot be read: {error.strerror}."], "Name a file that exists.")
    if faults:
        _refuse(faults, "Nothing was loaded. Correct the file and load it again.")

    async def run() -> Outcome:
        async with offline(store.SERVICE) as kit:
            return await take_in(kit.engine, records, store.Change(actor, reason, kit.clock.now()))

    outcome = asyncio.run(run())
    if outcome.refused:
        _refuse(outcome.refused, "Nothing was loaded. Correct the file and load it again.")
    print(f"{len(outcome.accepted)} accepted, {outcome.unchanged} unchanged.")


@app.command()
def show(kind: Kind, record: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show every version of one record: what, since when known, by whom, why."""

    async def run() -> list[store.Entry]:
        async with offline(store.SERVICE) as kit, kit.engine.connect() as conn:
            return await store.history(conn, RecordKey(kind, record))

    entries = asyncio.run(run())
    if not entries:
        _refuse([f"There is no {kind} {record}."], f"Kinds are {', '.join(KINDS)}; ids are case-sensitive.")
    for entry in entries:
        head = f"version {entry.record.version}, {entry.recorded_at.isoformat()}, {entry.actor}: {entry.reason}"
        print(head)
        print(orjson.dumps(entry.record.model_dump(mode="json"), option=orjson.OPT_INDENT_2).decode())


@app.command("as-of")
def as_of(
    day: Day,
    kind: Annotated[str | None, typer.Option(help=f"Only one of {', '.join(KINDS)}.")] = None,
) -> None:
    """Write every record as it was known at the end of a day, as JSON lines that `load` reads."""
    end = at_helsinki(day.date() + timedelta(days=1))

    async def run() -> None:
        async with offline(store.SERVICE) as kit, kit.engine.connect() as conn:
            for record in await store.known_before(conn, end, kind):
                print(f'{{"kind":"{key_of(record).kind}","body":{record.model_dump_json()}}}')

    asyncio.run(run())


@app.command()
def bears(municipality: Annotated[str, typer.Argument(help="Three digits, 091.")]) -> None:
    """Show which agreement bears a municipality, and when."""
    if municipality not in municipalities():
        _refuse([f"There is no municipality {municipality}."], "Give three digits, such as 091.")

    async def run() -> list[str]:
        async with offline(store.SERVICE) as kit, kit.engine.connect() as conn:
            found = bearers(await store.load_state(conn), municipality)
            return [f"{one.agreement:16} {one.party}  {describe(one.days)}" for one in found]

    for line in asyncio.run(run()) or ["Nobody."]:
        print(line)


@app.command("gaps")
def show_gaps(first: Day, last: Day) -> None:
    """Name the municipalities that no agreement bears on some day of a period; exit code 1 when there are any."""
    period = Validity(first=first.date(), last=last.date())

    async def run() -> list[str]:
        async with offline(store.SERVICE) as kit, kit.engine.connect() as conn:
            state = await store.load_state(conn)
        found = gaps(state, municipalities(), period)
        return [f"{gap.municipality} {_name(gap.municipality)}: {describe(gap.days)}" for gap in found]

    lines = asyncio.run(run())
    for line in lines or ["Every municipality is borne on every day."]:
        print(line)
    if lines:
        raise typer.Exit(1)


def _name(code: str) -> str:
    return municipalities()[code].name_fi


def _refuse(faults: Iterable[object], advice: str) -> NoReturn:
    told = list(faults)
    for fault in told[:_SHOWN_FAULTS]:
        typer.echo(str(fault), err=True)
    if len(told) > _SHOWN_FAULTS:
        typer.echo(f"… and {len(told) - _SHOWN_FAULTS} more.", err=True)
    typer.echo(advice, err=True)
    raise typer.Exit(_REFUSED)
