"""Reports of finance: journal, monthly pack, price change; into a folder, byte for byte the same when made again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData, load_prices
from services.billing.domain.accounts import Chart, JournalError
from services.billing.domain.books import NoPriceBookError
from services.billing.domain.faults import FileError
from services.billing.domain.price_change import PriceChange
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.outputs.report_change import change_files, notes
from services.billing.outputs.report_folder import journal_files, pack_files, write_report
from services.billing.reporting import (
    load_chart,
    make_journal,
    make_pack,
    make_price_change,
    months_to_report,
    snapshot,
)
from shared.clock.civil import CivilTimeError, Month
from shared.kit import offline
from shared.money import Language, format_money

app = typer.Typer(no_args_is_help=True, help=__doc__)

_REFUSED = 2
Folder = Annotated[Path, typer.Argument(help="Where to write; made if missing.")]
In = Annotated[Language, typer.Option("--language", help="Language of headings and texts.")]
Year = Annotated[int, typer.Option(help="The new year, compared with the one before.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of words.")]
Work = Callable[[AsyncConnection, PriceData, Chart, datetime], Awaitable[list[Path]]]


@app.command("journal")
def journal_(folder: Folder, language: In = "fi") -> None:
    """Write the accounting journal (tositepäiväkirja) of all documents, waivers and payments, and the accounts."""

    async def write(conn: AsyncConnection, prices: PriceData, chart: Chart, _: datetime) -> list[Path]:
        return write_report(folder, journal_files(chart, await make_journal(conn, prices, chart), language))

    _say(folder, _carry_out(write))


@app.command()
def month(
    chosen: Annotated[str, typer.Argument(metavar="MONTH", help="Month of issue, such as 2017-01.")],
    folder: Folder,
    language: In = "fi",
) -> None:
    """Write the report pack of a calendar month: revenue, what was not charged, use at 0, corrections."""
    try:
        of = Month.parse(chosen)
    except CivilTimeError as error:
        _refuse(str(error))

    async def write(conn: AsyncConnection, prices: PriceData, _: Chart, __: datetime) -> list[Path]:
        return write_report(folder, pack_files(await make_pack(conn, prices, of), language))

    _say(folder, _carry_out(write))


@app.command("price-change")
def price_change_(folder: Folder, year: Year = 2017, language: In = "fi", *, as_json: AsJson = False) -> None:
    """Write what the year costs each municipality under every price book valid in it, beside the year before."""
    made: list[PriceChange] = []

    async def write(conn: AsyncConnection, prices: PriceData, _: Chart, now: datetime) -> list[Path]:
        made.append(await make_price_change(conn, prices, year, now))
        return write_report(folder, change_files(made[0], language))

    written = _carry_out(write)
    if as_json:
        typer.echo(orjson.dumps(change_data(made[0]), option=orjson.OPT_INDENT_2).decode())
    else:
        for line in change_lines(made[0]):
            typer.echo(line)
        _say(folder, written)


@app.command("all")
def all_(folder: Folder, year: Year = 2017, language: In = "fi") -> None:
    """Write the journal, the pack of every month in which something was issued, and the price change."""

    async def write(conn: AsyncConnection, prices: PriceData, chart: Chart, now: datetime) -> list[Path]:
        written = write_report(
            folder / "journal", journal_files(chart, await make_journal(conn, prices, chart), language)
        )
        for of in await months_to_report(conn):
            pack = await make_pack(conn, prices, of)
            written += write_report(folder / str(of), pack_files(pack, language))
        change = await make_price_change(conn, prices, year, now)
        return written + write_report(folder / "price-change", change_files(change, language))

    _say(folder, _carry_out(write))


def change_data(change: PriceChange) -> dict[str, object]:
    """The sums of the price change as JSON-ready data; amounts are strings."""
    return {
        "year": change.year,
        "own_use": change.own_use,
        "price_notice": ASSUMED_PRICE.en,
        "books": [
            {
                "book": total.book,
                "before": str(total.before),
                "after": str(total.after),
                "difference": str(total.difference),
                "share": None if total.share is None else str(total.share),
                "dearer": total.dearer,
                "cheaper": total.cheaper,
                "same": total.same,
                "unknown": total.unknown,
            }
            for total in change.totals
        ],
        "gaps": [{"agreement": gap.agreement, "book": gap.book, "reason": gap.reason} for gap in change.gaps],
    }


def change_lines(change: PriceChange) -> Iterator[str]:
    """The sums of the price change in words."""
    yield from notes(change, "en")
    for total in change.totals:
        share = "" if total.share is None else f", {total.share * 100:+.1f} %"
        yield (
            f"  {total.book:18} {format_money(total.before, 'en'):>14} -> {format_money(total.after, 'en'):>14} "
            f"({total.difference:+} €{share}): dearer for {total.dearer}, cheaper for {total.cheaper} municipalities"
            f"{f', not known for {total.unknown}' if total.unknown else ''}"
        )
    for gap in change.gaps:
        yield f"  NOT TOLD {gap.agreement} under {gap.book}: {gap.reason}"


def _carry_out(work: Work) -> list[Path]:
    try:
        prices, chart = load_prices(), load_chart()
        return asyncio.run(_with_snapshot(work, prices, chart))
    except (FileError, JournalError, NoPriceBookError) as error:
        _refuse(str(error))


async def _with_snapshot(work: Work, prices: PriceData, chart: Chart) -> list[Path]:
    async with offline("billing") as kit, snapshot(kit.engine) as conn:
        return await work(conn, prices, chart, kit.clock.now())


def _say(folder: Path, written: list[Path]) -> None:
    typer.echo(f"{len(written)} files written to {folder}. {ASSUMED_PRICE.en}")


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(_REFUSED)
