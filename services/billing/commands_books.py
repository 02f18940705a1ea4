"""Prices: which books there are, and why a use costs what it costs."""

import asyncio
import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer

from services.billing.book_files import BOOKS, PriceData, load_prices
from services.billing.domain.books import NoPriceBookError
from services.billing.domain.faults import FileError
from services.billing.domain.moments import Moment, MomentError, read_moment
from services.billing.domain.pricing import NotPricedError
from services.billing.domain.pricing import explain as explain_price
from services.billing.facts import payer_of
from services.billing.price_reports import ForAgreement, book_data, book_lines, explained_data, explained_lines
from services.billing.store import agreements
from shared.clock.business import clock_from
from shared.clock.civil import Month, helsinki_date
from shared.kit import offline

app = typer.Typer(no_args_is_help=True, help=__doc__)

_REFUSED = 2
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of words.")]
Folder = Annotated[Path, typer.Option("--books", help="Read the books of this folder instead.")]


@app.command()
def books(
    folder: Annotated[Path, typer.Argument(help="Check this folder instead.")] = BOOKS, *, as_json: AsJson = False
) -> None:
    """List the price books; say every fault if there is one."""
    found = _prices(folder).books
    if as_json:
        _print_json(book_data(found))
    else:
        for line in book_lines(found):
            typer.echo(line)


@app.command()
def explain(
    at: Annotated[str, typer.Option(help="When it was used: an instant with offset, or Finnish wall time.")],
    product: Annotated[str, typer.Option(help="Such as QUERY_PERSON.")],
    agreement: Annotated[str | None, typer.Option(help="Say also who pays under this agreement.")] = None,
    known: Annotated[str | None, typer.Option(help="By what was known at this instant; now if left out.")] = None,
    unit: Annotated[int, typer.Option(min=1, help="Which unit of the month it is: it decides the tier.")] = 1,
    folder: Folder = BOOKS,
    *,
    as_json: AsJson = False,
) -> None:
    """Say which book, row, tier and law price a use, from which source, and why."""
    prices = _prices(folder)
    moment = _moment(at)
    as_known = _moment(known).instant if known else clock_from(os.environ.get("KELMU_CLOCK_FILE")).now()
    try:
        found = explain_price(prices.books, moment, product, as_known, unit)
    except (NoPriceBookError, NotPricedError) as error:
        _refuse(str(error))
    asked = asyncio.run(_asked(agreement, moment.wall.date(), as_known)) if agreement else None
    if as_json:
        _print_json(explained_data(found, asked))
    else:
        for line in explained_lines(found, asked):
            typer.echo(line)


async def _asked(agreement_id: str, day: date, now: datetime) -> ForAgreement:
    async with offline("billing") as kit, kit.engine.connect() as conn:
        directory, _ = await agreements.directory(conn)
    agreement = directory.agreement(agreement_id)
    if agreement is None:
        _refuse(f"Billing knows no agreement {agreement_id}. Leave --agreement out: the price does not depend on it.")
    # Its month is invoiced when it is over at the earliest, to whoever pays then (golden G8).
    issued = max(Month.of(day).plus(1).first, helsinki_date(now))
    return ForAgreement(agreement, day, payer_of(directory, agreement, issued))


def _prices(folder: Path) -> PriceData:
    try:
        return load_prices(folder)
    except FileError as error:
        _refuse(str(error))


def _moment(text: str) -> Moment:
    try:
        return read_moment(text)
    except MomentError as error:
        _refuse(f"{error} ({error.code})")


def _print_json(data: object) -> None:
    typer.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(_REFUSED)
