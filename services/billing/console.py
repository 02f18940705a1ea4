"""What billing's command line has in common: prices, refusals with their reason, words or JSON."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Annotated, Final, NoReturn, TypeVar

import orjson
import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData, load_prices
from services.billing.domain.books import NoPriceBookError
from services.billing.domain.faults import FileError
from services.billing.domain.periods import BillingRefusedError
from services.billing.issuing import closing_transaction
from shared.clock.civil import CivilTimeError
from shared.kit import offline

SERVICE: Final = "billing"
REFUSED: Final = 2
T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of words.")]
Work = Callable[[AsyncConnection, PriceData, datetime], Coroutine[None, None, T]]


def carry_out(work: Work[T]) -> T:
    """Do one piece of work in a closing transaction; a refusal ends the command with its reason and exit code 2."""
    prices = prices_or_refuse()

    async def run() -> T:
        async with offline(SERVICE) as kit, closing_transaction(kit.engine) as conn:
            return await work(conn, prices, kit.clock.now())

    return told(run())


def look_up(work: Work[T]) -> T:
    """Read what is stored; a closing that is going on does not hinder it."""
    prices = prices_or_refuse()

    async def run() -> T:
        async with offline(SERVICE) as kit, kit.engine.connect() as conn:
            return await work(conn, prices, kit.clock.now())

    return told(run())


def told(work: Coroutine[None, None, T]) -> T:
    """Run to the end, or say why not."""
    try:
        return asyncio.run(work)
    except BillingRefusedError as error:
        refuse(f"{error} ({error.code})")
    except (CivilTimeError, NoPriceBookError) as error:
        refuse(str(error))


def prices_or_refuse() -> PriceData:
    """The price data; every fault is named."""
    try:
        return load_prices()
    except FileError as error:
        refuse(str(error))


def show(data: object, lines: Iterable[str], *, as_json: bool) -> None:
    """Print for programs or for people."""
    if as_json:
        typer.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
    else:
        for line in lines:
            typer.echo(line)


def refuse(reason: str) -> NoReturn:
    """End the command with a reason."""
    sys.stderr.write(f"{reason}\n")
    raise typer.Exit(REFUSED)
