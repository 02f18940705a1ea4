"""Agreements: load, look at and check organisations, agreements and their paths, mandates, accounts, population."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer

from services.agreements import store
from services.agreements.app import compose
from services.agreements.domain.bearing import bearers, gaps
from services.agreements.domain.changes import Outcome
from services.agreements.domain.idle import IDLE_DAYS, idle_days
from services.agreements.domain.records import KINDS, RecordKey, key_of
from services.agreements.domain.spans import describe
from services.agreements.domain.state import State
from services.agreements.domain.validity import holds_on
from services.agreements.files import read_file
from services.agreements.handlers import take_in
from shared.clock.civil import at_helsinki, helsinki_date
from shared.commands import quarantine_commands
from shared.contracts.base import Validity
from shared.finnish.municipalities import municipalities
from shared.kit import offline
from shared.settings import GateSettings

app = typer.Typer(no_args_is_help=True, help=__doc__)
app.add_typer(quarantine_commands(store.SERVICE, compose, GateSettings), name="quarantine")

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
    valid: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what holds on this Helsinki day.")
    ] = None,
) -> None:
    """Write every record as it was known at the end of a day, as JSON lines."""
    end = at_helsinki(day.date() + timedelta(days=1))

    async def run() -> None:
        async with offline(store.SERVICE) as kit, kit.engine.connect() as conn:
            for record in await store.known_before(conn, end, kind):
                if valid is not None and not holds_on(record, valid.date()):
                    continue
                print(f'{{"kind":"{key_of(record).kind}","body":{record.model_dump_json()}}}')

    asyncio.run(run())


@app.command()
def bears(municipality: Annotated[str, typer.Argument(help="Three digits, 091.")]) -> None:
    """Show which agreement bears a municipality and who is responsible for its social welfare, and when."""
    if municipality not in municipalities():
        _refuse([f"There is no municipality {municipality}."], "Give three digits, such as 091.")

    async def run() -> list[str]:
        async with offline(store.SERVICE) as kit, kit.engine.connect() as conn:
            return list(_bearing_lines(await store.load_state(conn), municipality))

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


@app.command()
def idle(
    days: Annotated[int, typer.Option(min=0, help="Accounts not used for more days than this.")] = IDLE_DAYS,
) -> None:
    """Report active accounts by idle days, without names; the service locks them after 45."""

    async def run() -> list[str]:
        async with offline(store.SERVICE) as kit, kit.engine.connect() as conn:
            today = helsinki_date(kit.clock.now())
            found = await store.idle_candidates(conn, today - timedelta(days=days))
        return [f"{user.organisation}  {user.worker}  {idle_days(user, last, today)} days" for user, last in found]

    for line in asyncio.run(run()) or ["No account."]:
        print(line)


def _bearing_lines(state: State, municipality: str) -> Iterator[str]:
    for one in bearers(state, municipality):
        yield f"{one.agreement:16} {one.party}  {describe(one.days)}"
    stated = state.responsibility(municipality)
    for bearer in stated.bearers if stated else ():
        yield f"{bearer.form:16} {bearer.organisation}  {describe(bearer.validity)}"


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
