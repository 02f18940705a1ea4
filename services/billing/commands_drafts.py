"""Drafts: what a closing would issue, and how that compares, without issuing anything."""

import csv
import io
from collections.abc import Iterable
from typing import Annotated

import typer

from services.billing import reports
from services.billing.console import SERVICE, AsJson, prices_or_refuse, show, told
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.previewing import Compared, compare, draft_of, preview
from services.billing.runs import Run
from shared.kit import offline

PeriodText = Annotated[str, typer.Argument(metavar="MONTH|YEAR/N", help="Such as 2016-12 or 2017/1.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print one line of CSV a line of a draft.")]
_DRAFT = ("agreement", "payer", "period", "due", "delivery", "row", "product", "charged", "why", "quantity", "amount")


def attach(app: typer.Typer) -> None:
    """Add these commands to billing's."""
    app.command("preview")(preview_)
    app.command("compare")(compare_)


def preview_(period: PeriodText, *, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Show the drafts of a period: what closing it would issue now. Nothing is issued, no number is taken."""
    prices = prices_or_refuse()

    async def run() -> Run:
        async with offline(SERVICE) as kit:
            return await preview(kit.engine, prices, period, kit.clock.now())

    found = told(run())
    if as_csv:
        typer.echo(_csv(_DRAFT, _draft_rows(found)), nl=False)
        return
    data = {**reports.run_data(found), "issued": [], "credited": [], "corrections": [], "on_paper": [], "drafts": []}
    data["drafts"] = [draft_of(one) for one in (*found.issued, *found.credited)]
    show(data, _preview_lines(found), as_json=as_json)


def compare_(
    period: PeriodText,
    book: Annotated[str | None, typer.Option(help="Rate by this book instead, such as KELMU-2017-USAGE.")] = None,
    *,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Compare what a period is worth now, or by another book, with what was issued for it, agreement by agreement."""
    prices = prices_or_refuse()

    async def run() -> list[Compared]:
        async with offline(SERVICE) as kit:
            return await compare(kit.engine, prices, period, book, kit.clock.now())

    found = told(run())
    rows = [(one.agreement, str(one.issued), str(one.draft), str(one.difference)) for one in found]
    heads = ("agreement", "issued", "draft", "difference")
    if as_csv:
        typer.echo(_csv(heads, rows), nl=False)
        return
    data = {
        "period": period,
        "book": book,
        "agreements": [dict(zip(heads, row, strict=True)) for row in rows],
        "price_notice": ASSUMED_PRICE.en,
    }
    different = [one for one in found if one.difference]
    lines = [f"{one.agreement}: issued {one.issued} €, draft {one.draft} € ({one.difference:+} €)" for one in different]
    same = f"{len(found) - len(different)} agreements do not differ. {ASSUMED_PRICE.en}"
    show(data, [*lines, same], as_json=as_json)


def _preview_lines(run: Run) -> Iterable[str]:
    yield f"DRAFT {run.period}: {len(run.issued)} invoices, {run.total} €; nothing is issued. {ASSUMED_PRICE.en}"
    for one in (*run.issued, *run.credited):
        yield f"  {one.agreement} {one.payer.name}: {one.total} €, due {one.due}, {one.delivery}"
    for parked in run.parked:
        yield f"  WOULD NOT BE INVOICED {parked.agreement or '(no agreement)'}: {parked.reason} ({parked.code})"


def _draft_rows(run: Run) -> Iterable[tuple[object, ...]]:
    for one in (*run.issued, *run.credited):
        head = (one.agreement, one.payer.business_id, one.period, one.due, one.delivery)
        for line in one.lines:
            on = f"{line.charged.agreement} {line.charged.period}"
            yield (*head, line.row, line.product, on, line.why, line.quantity, line.amount)


def _csv(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()
