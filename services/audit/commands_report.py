"""Reports of the log on the command line: `kelmu audit report …`."""

import asyncio
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer

from services.audit.domain.generic_report import Band, GenericReport
from services.audit.outputs.folder import report_files, stem, write
from services.audit.outputs.tables import at, named, place, shown_band, title, words
from services.audit.report_data import indicators, working_hours
from services.audit.reporting import Reporting
from services.audit.settings import AuditSettings
from services.audit.store import reports
from services.audit.store.completeness import gaps_of_month
from shared.clock.civil import CivilTimeError, Month, month_of
from shared.contracts.base import Language
from shared.database.engine import raw
from shared.kit import offline

app = typer.Typer(no_args_is_help=True, help=__doc__)
_REFUSED: Final = 2
_NONE: Final = 1

Folder = Annotated[Path, typer.Argument(help="Where to write; made if missing.")]
In = Annotated[Language, typer.Option("--language", help="Language of headings and texts.")]
Of = Annotated[str | None, typer.Option("--municipality", help="Only of this municipality, by its code.")]


def attach(audit: typer.Typer) -> None:
    """Add the commands."""
    audit.add_typer(app, name="report")


@app.command()
def generic(
    chosen: Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2017-01.")],
    folder: Folder,
    municipality: Of = None,
    language: In = "fi",
) -> None:
    """Write the generic reports of a month as JSON, CSV, XLSX and PDF: those kept, or one made now of a running month.

    What is kept comes out byte for byte the same each time. Exit code 1: there is no report of that month.
    """
    month = _month(chosen)
    found = asyncio.run(_found(month, municipality))
    if not found:
        typer.echo(f"There is no report of {month}; `kelmu audit report list` tells which there are.", err=True)
        raise typer.Exit(_NONE)
    table = indicators()
    for report in found:
        write(folder, report_files(report, table, language))
    for line in summary(found[0], language):
        typer.echo(line)
    typer.echo(f"{len(found)} reports written to {folder}.")


@app.command("list")
def list_(municipality: Of = None) -> None:
    """Say which reports are kept, when each was made, and how much use it tells of."""
    for report in asyncio.run(_kept(Month(1, 1), Month(9999, 12), municipality)):
        volume = report.value("volume")
        told = "" if volume is None else shown_band(volume.least, volume.most, "en")
        typer.echo(f"{stem(report)}  made {at(report.made)}  use {told}  overrides {len(report.overrides)}")


def summary(report: GenericReport, language: Language) -> list[str]:
    """One screen of a report."""
    table, said = indicators(), words(language)

    def told(value: Band | None) -> str:
        return said["unknown"] if value is None else shown_band(value.least, value.most, language)

    lines = [title(report, language)]
    for figure in report.figures:
        name = table.of(figure.indicator).text.in_language(language)
        share = figure.share
        value = f"{share * 100:.1f} %" if share is not None else told(figure.value)
        lines.append(f"  {name:44} {said['withheld'] if figure.indicator == 'top_decile' and share is None else value}")
    lines += [
        f"    {at(one.time)}  {place(report, language)}  {named(one.outcome, language)}" for one in report.overrides
    ]
    return lines


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except CivilTimeError as error:
        _refuse(str(error))


async def _found(month: Month, municipality: str | None) -> list[GenericReport]:
    kept = await _kept(month, month, municipality)
    if kept:
        return kept
    async with offline("audit", cls=AuditSettings) as kit, kit.engine.begin() as connection:
        conn, now = await raw(connection), kit.clock.now()
        if month != month_of(now):
            return []
        made = await Reporting(indicators(), working_hours(), gaps_of_month).make(conn, month, now)
        return [one for one in made if municipality in (None, one.municipality)]


async def _kept(first: Month, last: Month, municipality: str | None) -> list[GenericReport]:
    async with offline("audit", cls=AuditSettings) as kit, kit.engine.connect() as connection:
        of = {} if municipality is None else {"municipality": municipality}
        return await reports.reports_of(await raw(connection), first, last, of)


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(_REFUSED)
