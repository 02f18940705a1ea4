"""Explain a cent: from a line of a document to the price row, the law, and the events whose proofs audit gives."""

from collections.abc import Iterator
from typing import Annotated, Final, Protocol

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData
from services.billing.console import SERVICE, AsJson, prices_or_refuse, refuse, told
from services.billing.desks.telling import line_told, use_row
from services.billing.domain.invoice import Invoice, Line
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.explaining import Explained, amount_of, document, events, explain
from services.billing.reporting import snapshot
from services.billing.store.explaining import Cut, UsedEvent
from shared.kit import offline

_UNSOUND: Final = 1


class Printer(Protocol):
    """How a line and its events are printed."""

    def line(self, found: Explained, member: str | None) -> None:
        """Print what stands behind a line but its uses."""

    def use(self, use: UsedEvent) -> None:
        """Print one use."""


def attach(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain_document)


def explain_document(
    invoice: Annotated[str, typer.Argument(metavar="INVOICE", help="Such as K2017-00001.")],
    line: Annotated[int | None, typer.Argument(metavar="LINE", help="Its row; every line if left out.")] = None,
    member: Annotated[str | None, typer.Option(help="Only this municipality's part, such as 091.")] = None,
    *,
    as_json: AsJson = False,
    ids: Annotated[
        bool, typer.Option("--ids", help="Print event ids only, for: kelmu audit proof - (one proof each).")
    ] = False,
) -> None:
    """Lead each cent back to price row, law, and events. Exit code 1 when what is found is not what was charged."""
    if ids and as_json:
        refuse("Choose --json or --ids.")
    printer: Printer = _Ids() if ids else _Json() if as_json else _Words()
    prices = prices_or_refuse()
    if not told(_print(prices, invoice, line, member, printer)):
        raise typer.Exit(_UNSOUND)


async def _print(prices: PriceData, number: str, row: int | None, member: str | None, printer: Printer) -> bool:
    sound = True
    async with offline(SERVICE) as kit, snapshot(kit.engine) as conn:
        invoice = await document(conn, number)
        for one in _lines(invoice, row, member):
            found = await explain(conn, prices, invoice, one)
            sound = sound and found.fault is None
            printer.line(found, member)
            await _print_uses(conn, found, member, printer)
    return sound


async def _print_uses(conn: AsyncConnection, found: Explained, member: str | None, printer: Printer) -> None:
    if found.seen is None:
        return
    async for use in events(conn, found, Cut(found.ground, found.seen, member)):
        printer.use(use)


def _lines(invoice: Invoice, row: int | None, member: str | None) -> Iterator[int]:
    if row is not None:
        yield row
        return
    for line in invoice.lines:
        if member is None or member in {part.municipality for part in line.parts}:
            yield line.row


class _Ids:
    def line(self, found: Explained, member: str | None) -> None:
        del member
        for fact in found.facts:
            typer.echo(str(fact.event))

    def use(self, use: UsedEvent) -> None:
        typer.echo(str(use.event))


class _Json:
    """One object a line: first the line, then its uses."""

    def line(self, found: Explained, member: str | None) -> None:
        typer.echo(line_told(found, member).model_dump_json(exclude={"uses", "next"}))

    def use(self, use: UsedEvent) -> None:
        typer.echo(use_row(use).model_dump_json())


class _Words:
    def line(self, found: Explained, member: str | None) -> None:
        for text in _words(found, member):
            typer.echo(text)

    def use(self, use: UsedEvent) -> None:
        sign = {1: "", 0: "  taken back before it was charged", -1: "  takes back"}[use.counts]
        beside = f" by {use.reversal}" if use.reversal and use.counts >= 0 else f" {use.reversal or ''}"
        note = f"{sign}{beside}" if use.counts <= 0 else f"  taken back later{beside}" if use.reversal else ""
        typer.echo(f"    {use.time:%Y-%m-%d %H:%M:%S}Z  {use.member}  {use.product}  {use.event}{note}")


def _words(found: Explained, member: str | None) -> Iterator[str]:
    ground, line = found.ground, found.ground.line
    yield f"{ground.invoice.number} line {line.row}: {line.text.en}, {amount_of(found, member)} €"
    yield f"  charges for  {line.charged.agreement} {line.charged.period}, {line.why}"
    yield f"  price        {line.price_row}{_tier(ground.tier)}: {line.unit_price} €/{line.unit}"
    yield f"  law          {line.law}"
    yield f"  source       {line.source}{f'  [{ASSUMED_PRICE.en}]' if line.assumed else ''}"
    yield f"  calculation  {line.calculation}"
    yield f"  counted from {ground.basis}: {'agrees' if found.fault is None else f'DIFFERS: {found.fault}'}"
    yield from _grounds(found, line)


def _grounds(found: Explained, line: Line) -> Iterator[str]:
    for one in found.ground.rows:
        yield f"    line {one.row}: {one.amount} €"
    if found.ground.minimum is not None:
        yield f"    minimum invoice {found.ground.minimum} €"
    for code, count in sorted(found.counted.items()):
        yield f"    {code or 'no municipality'}: {count} of {line.quantity}"
    for fee in found.members:
        yield f"    {fee.municipality}: {fee.inhabitants} inhabitants, {fee.days} days: {fee.amount} €"
    for fact in found.facts:
        yield f"    {fact.what} stated by event {fact.event}{' (since then)' if fact.late else ''}"
    for before in found.earlier:
        yield f"    {before.period} {before.outcome} {before.document or ''} {before.amount} €"
    if found.decided:
        yield f"    demand {found.decided.demand}: {found.decided.outcome}, {found.decided.grounds}"


def _tier(tier: str) -> str:
    return f", units {tier}" if tier else ""
