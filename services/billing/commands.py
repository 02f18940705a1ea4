"""Billing: close periods, check the sums, write the files, look at price books and usage."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Annotated, NoReturn

import orjson
import typer

from services.billing import (
    commands_books,
    commands_corrections,
    commands_drafts,
    commands_explain,
    commands_reports,
    commands_status,
    commands_usage,
    reports,
)
from services.billing.app import compose
from services.billing.book_files import BOOKS, PriceData, load_prices
from services.billing.closing import close_month
from services.billing.domain.faults import FileError
from services.billing.domain.periods import BillingRefusedError, instalment_period, month_period
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.instalment_runs import issue_instalment
from services.billing.issuing import closing_transaction
from services.billing.outputs.columns import Rolled
from services.billing.outputs.folder import Document, write_folder
from services.billing.rerating import recompute_from_zero
from services.billing.runs import Run
from services.billing.store import invoices
from shared.clock.civil import CivilTimeError, Month
from shared.commands import quarantine_commands
from shared.kit import offline
from shared.settings import GateSettings

SERVICE = "billing"
app = typer.Typer(no_args_is_help=True, help=__doc__)
app.add_typer(quarantine_commands(SERVICE, compose, GateSettings), name="quarantine")
app.add_typer(commands_books.app, name="price")
app.command("books")(commands_books.books)
app.add_typer(commands_reports.app, name="report")
commands_usage.attach(app)
commands_drafts.attach(app)
commands_corrections.attach(app)
commands_explain.attach(app)
commands_status.attach(app)

_DIFFERENT = 1
_REFUSED = 2
_PARKED = 3
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of words.")]
MonthText = Annotated[str, typer.Argument(metavar="MONTH", help="Such as 2016-12.")]


@app.command()
def close(month: MonthText, *, as_json: AsJson = False) -> None:
    """Invoice a month of use. Running it again issues nothing twice. Exit code 3 if something was not invoiced."""
    prices = _prices()
    chosen = _month(month)

    async def run() -> Run:
        async with offline(SERVICE) as kit:
            now = kit.clock.now()
            period = month_period(prices.books, chosen, now)
            async with closing_transaction(kit.engine) as conn:
                return await close_month(conn, period, prices, now)

    _show_run(_carry_out(run), as_json=as_json)


@app.command()
def instalment(
    period: Annotated[str, typer.Argument(metavar="YEAR/N", help="Such as 2017/1.")], *, as_json: AsJson = False
) -> None:
    """Issue an instalment of the population fee. Running it again issues nothing twice."""
    prices = _prices()

    async def run() -> Run:
        async with offline(SERVICE) as kit:
            now = kit.clock.now()
            chosen = instalment_period(prices.books, period, now)
            async with closing_transaction(kit.engine) as conn:
                return await issue_instalment(conn, chosen, prices, now)

    _show_run(_carry_out(run), as_json=as_json)


@app.command()
def recompute(*, as_json: AsJson = False) -> None:
    """Rate every closed period again from the raw usage; exit code 1 if one cent differs from the invoices."""
    prices = _prices()

    async def run() -> int:
        async with offline(SERVICE) as kit, kit.engine.connect() as conn:
            rerated = await recompute_from_zero(conn, prices.books, kit.clock.now())
        _print(reports.rerated_data(rerated), reports.rerated_lines(rerated), as_json=as_json)
        return _DIFFERENT if rerated.differences else 0

    raise typer.Exit(asyncio.run(run()))


@app.command()
def files(
    folder: Annotated[Path, typer.Argument(help="Where to write; made if missing.")],
    period: Annotated[list[str] | None, typer.Option(help="Only this one: 2016-12, 2017/1; may be repeated.")] = None,
) -> None:
    """Write every document as JSON, CSV, XLSX, Finvoice, UBL and PDF, and a summary of each period."""

    async def run() -> list[Path]:
        async with offline(SERVICE) as kit, kit.engine.connect() as conn:
            documents = [Document.read(stored.document) async for stored in invoices.documents(conn)]
            rolled = [Rolled(*row) for row in await invoices.all_rolled_over(conn)]
        if not period:
            return write_folder(folder, documents, rolled)
        wanted = [one for one in documents if one.invoice.period in period]
        return write_folder(folder, wanted, [one for one in rolled if one.period in period])

    print(f"{len(asyncio.run(run()))} files written to {folder}. {ASSUMED_PRICE.en}")


def _prices(folder: Path = BOOKS) -> PriceData:
    try:
        return load_prices(folder)
    except FileError as error:
        _refuse(str(error))


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except CivilTimeError as error:
        _refuse(str(error))


def _carry_out(work: Callable[[], Coroutine[None, None, Run]]) -> Run:
    try:
        return asyncio.run(work())
    except BillingRefusedError as error:
        _refuse(f"{error} ({error.code})")


def _show_run(run: Run, *, as_json: bool) -> None:
    _print(reports.run_data(run), reports.run_lines(run), as_json=as_json)
    if run.parked:
        raise typer.Exit(_PARKED)


def _print(data: dict[str, object], lines: Iterable[str], *, as_json: bool) -> None:
    if as_json:
        print(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
    else:
        for line in lines:
            print(line)


def _refuse(reason: str) -> NoReturn:
    sys.stderr.write(f"{reason}\n")
    raise typer.Exit(_REFUSED)
