"""What operators, auditors and anybody else run on the log: `kelmu audit …`, and `kelmu verify`."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, cast

import typer

from services.audit import (
    commands_cef,
    commands_completeness,
    commands_freshness,
    commands_proof,
    commands_report,
    exporting,
    store,
)
from services.audit.app import compose
from services.audit.checking import Checked, check_database
from services.audit.domain.note import KeyHistory
from services.audit.exporting import ExportError
from services.audit.settings import AuditSettings, key_history, witnesses
from shared.commands import quarantine_commands
from shared.database.engine import raw
from shared.kit import Kit, offline
from verifier import export as export_verifier
from verifier.export import Verdict

app = typer.Typer(no_args_is_help=True, help="The verifiable access log: export it, verify it, see how it stands.")
app.add_typer(quarantine_commands("audit", compose, AuditSettings), name="quarantine")
commands_cef.attach(app)
commands_completeness.attach(app)
commands_freshness.attach(app)
commands_proof.attach(app)
commands_report.attach(app)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="New folder, or an earlier export to replace.")],
    *,
    witnessed: Annotated[
        bool, typer.Option("--witnessed", help="End at the newest checkpoint that a witness has signed.")
    ] = False,
) -> None:
    """Write the log with its checkpoints into a folder that anybody can verify. Holds nothing personal."""
    try:
        exported = asyncio.run(_export(folder, witnessed=witnessed))
    except ExportError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{exported.entries} entries and {exported.checkpoints} checkpoints written to {folder}.")
    if exported.unsigned:
        typer.echo(f"{exported.unsigned} newer entries are not signed yet and not exported.")


@app.command()
def verify(
    folder: Annotated[Path | None, typer.Argument(help="An export of the log; needs nothing else.")] = None,
    *,
    vkey: Annotated[
        list[str] | None, typer.Option("--vkey", help="A verifier key (name+id+key) of the log, oldest first.")
    ] = None,
    database: Annotated[
        bool, typer.Option("--database", help="Check the stored rows and personal parts instead of an export.")
    ] = False,
) -> None:
    """Check that the log is whole. Exit code 0: it is; 1: it is not, and the text says what and where."""
    if database == (folder is not None):
        raise typer.BadParameter("give either an export's folder or --database")
    if folder is not None:
        raise typer.Exit(export_verifier.run(folder, vkey or ()))
    _report_database(asyncio.run(_check_database()))


@app.command()
def checkpoint() -> None:
    """Print the newest signed checkpoint (a C2SP note)."""
    newest = asyncio.run(_newest())
    if newest is None:
        typer.echo("The log has no checkpoint yet: start the audit service, it signs one at once.", err=True)
        raise typer.Exit(1)
    typer.echo(newest, nl=False)


@app.command()
def status() -> None:
    """Say how many entries there are, of which kinds, and up to where they are signed."""
    for line in asyncio.run(_status()):
        typer.echo(line)


@app.command()
def erase(
    person: Annotated[str, typer.Argument(help="The client's pseudonym, never the identity code.")],
    month: Annotated[str, typer.Argument(help="Month of the events, YYYY-MM.")],
) -> None:
    """Destroy the key of one client's personal parts of one month. For ever; the log stays verifiable."""
    if asyncio.run(_erase(person, month)):
        typer.echo(f"Erased: the personal parts of {person} in {month} can no longer be opened.")
        return
    typer.echo(f"Nothing to erase: there is no key of {person} for {month}.", err=True)
    raise typer.Exit(1)


def _report(verdict: Verdict, problems: Sequence[str], notes: Sequence[str] = ()) -> None:
    for note in notes:
        typer.echo(note)
    if problems:
        typer.echo(f"The log {verdict.origin} is NOT whole:", err=True)
        for problem in problems:
            typer.echo(f"  {problem}", err=True)
        raise typer.Exit(1)
    typer.echo(
        f"The log {verdict.origin} is whole: {verdict.entries} entries, {verdict.checkpoints} signed checkpoints, "
        f"root {verdict.root.hex()}."
    )


def _report_database(checked: Checked) -> None:
    states = ", ".join(f"{count} {state}" for state, count in sorted(checked.personal.items())) or "none"
    _report(checked.verdict, (*checked.problems, *checked.verdict.problems), [f"Personal parts: {states}."])


@asynccontextmanager
async def _audit() -> AsyncIterator[tuple[Kit, KeyHistory]]:
    async with offline("audit", cls=AuditSettings) as kit:
        settings = cast("AuditSettings", kit.settings)
        yield kit, key_history(kit.secrets, settings.log_origin)


async def _export(folder: Path, *, witnessed: bool) -> exporting.Exported:
    async with _audit() as (kit, key):
        found = witnesses(kit.secrets, cast("AuditSettings", kit.settings))
        return await exporting.export(kit.engine, key, folder, found, witnessed=witnessed)


async def _check_database() -> Checked:
    async with _audit() as (kit, key):
        return await check_database(kit.engine, kit.ring, key)


async def _newest() -> str | None:
    async with _audit() as (kit, _), kit.engine.connect() as conn:
        newest = await store.newest_checkpoint(await raw(conn))
        return None if newest is None else newest[1]


async def _erase(person: str, month: str) -> int:
    async with _audit() as (kit, _), kit.engine.begin() as conn:
        return await store.destroy_keys(await raw(conn), person, month)


async def _status() -> list[str]:
    async with _audit() as (kit, key), kit.engine.connect() as conn:
        connection = await raw(conn)
        tree, _ = await store.committed(connection)
        newest = await store.newest_checkpoint(connection)
        census = await store.census(connection)
    signed = "none yet" if newest is None else f"{newest[0]} entries, {newest[2]:%Y-%m-%d %H:%M:%S} UTC"
    kinds = [f"  {count:>10}  {type_}  (personal part: {state})" for (type_, state), count in census.items()]
    return [
        "Log: " + ", ".join(str(one) for one in key.keys),
        f"Entries: {tree.size}",
        f"Newest checkpoint: {signed}",
        *kinds,
    ]
