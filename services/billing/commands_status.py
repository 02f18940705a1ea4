"""How billing stands: what is not invoiced and why, what would be corrected, which reversals took no effect."""

from collections.abc import Iterator
from datetime import datetime

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing import reports
from services.billing.book_files import PriceData
from services.billing.console import SERVICE, AsJson, prices_or_refuse, show, told
from services.billing.correcting import correct
from services.billing.issuing import closing_transaction
from services.billing.runs import Run
from services.billing.store.reversals import Listed, reversals
from shared.kit import offline

_PARKED = 3


def attach(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


def status(*, as_json: AsJson = False) -> None:
    """Show what of the closed periods is not invoiced, and why. Changes nothing; exit code 3 if there is any."""
    prices = prices_or_refuse()

    async def run() -> tuple[Run, list[Listed]]:
        async with offline(SERVICE) as kit:
            return await standing(kit.engine, prices, kit.clock.now())

    found, idle = told(run())
    run_data = reports.run_data(found)
    data = {
        "not_invoiced": run_data["parked"],
        "corrections": run_data["corrections"],
        "reversals_without_effect": [str(one.event) for one in idle],
    }
    show(data, _lines(found, idle), as_json=as_json)
    if found.parked:
        raise typer.Exit(_PARKED)


async def standing(engine: AsyncEngine, prices: PriceData, now: datetime) -> tuple[Run, list[Listed]]:
    """What a correction would do and could not, found by making it and undoing it; and reversals without effect.

    Raises:
        BillingRefusedError: ``close.busy`` or ``close.clock_back``.
    """
    async with closing_transaction(engine, keep=False) as conn:
        return await correct(conn, prices, now, issue_now=False), await reversals(conn, all_=False)


def _lines(run: Run, idle: list[Listed]) -> Iterator[str]:
    yield f"{len(run.parked)} not invoiced, {len(run.corrections)} to correct, {len(idle)} reversals without effect."
    for parked in run.parked:
        yield f"  NOT INVOICED {parked.agreement or '(no agreement)'}: {parked.reason} ({parked.code})"
    for one in run.corrections:
        yield f"  {one.agreement} {one.period}: charged {one.charged} €, rated {one.rated} € now."
    if idle:
        yield "  See `kelmu billing reversals`."
