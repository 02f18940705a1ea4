"""What operators run: `kelmu claims …`. Identity codes are never shown."""

import asyncio
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from services.claims import store
from services.claims.app import SERVICE, compose
from services.claims.domain.registration import Claim
from services.claims.replaying import replay_row
from services.claims.settings import ClaimsSettings
from shared.bus.quarantine import Quarantined, rows
from shared.clock.civil import helsinki
from shared.kit import offline

app = typer.Typer(help="Payment claims (maksuvaatimukset).", no_args_is_help=True)
quarantine = typer.Typer(help="Requests that could not take effect.", no_args_is_help=True)
app.add_typer(quarantine, name="quarantine")

Organisation = Annotated[str | None, typer.Option(help="Business id of one organisation.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")]
Row = Annotated[int, typer.Argument(help="Number of the row, from `list`.")]


@app.command("list")
def list_(organisation: Organisation = None, limit: Limit = 20) -> None:
    """List the claims that arrived last."""
    claims = asyncio.run(_newest(organisation, limit))
    for claim in claims:
        print(_line(claim))
    if not claims:
        print("No claims.")


@app.command()
def show(number: Annotated[str, typer.Argument(help="Claim number, MV-2016-000123.")]) -> None:
    """Show one claim: what is claimed, when it arrived and on which payday it bites."""
    claim = asyncio.run(_by_number(number))
    if claim is None:
        _fail(f"There is no claim {number}.", "Numbers are written as MV-2016-000123.")
        return
    for name, value in _fields(claim):
        print(f"{name:18} {value}")


@quarantine.command("list")
def list_quarantine() -> None:
    """List what waits in the quarantine, and why."""
    waiting = asyncio.run(_waiting())
    for row in waiting:
        place = f"{row.record.topic}/{row.record.partition}@{row.record.offset}"
        print(f"{row.id:6} {row.quarantined_at:%Y-%m-%d %H:%M:%S} {row.code:14} {place}  {row.reason}")
    if not waiting:
        print("The quarantine is empty.")


@quarantine.command()
def replay(row: Row) -> None:
    """Try one request again. Its id still takes effect once; the sender asks for the outcome by key."""
    reason = asyncio.run(_replay(row))
    if reason is not None:
        _fail(f"Row {row} did not take effect: {reason}.", "Mend the cause and replay it again.")
    print(f"Row {row} took effect.")


async def _newest(organisation: str | None, limit: int) -> list[Claim]:
    async with offline(SERVICE, cls=ClaimsSettings) as kit, kit.engine.connect() as conn:
        return await store.newest(conn, organisation, limit)


async def _by_number(number: str) -> Claim | None:
    async with offline(SERVICE, cls=ClaimsSettings) as kit, kit.engine.connect() as conn:
        return await store.by_number(conn, number)


async def _waiting() -> list[Quarantined]:
    async with offline(SERVICE, cls=ClaimsSettings) as kit:
        return await _rows(kit.engine)


async def _rows(engine: AsyncEngine) -> list[Quarantined]:
    async with engine.connect() as conn:
        return await rows(conn)


async def _replay(row: int) -> str | None:
    async with offline(SERVICE, compose, ClaimsSettings) as kit:
        return await replay_row(kit, row)


def _line(claim: Claim) -> str:
    bites = claim.timing.effective or claim.timing.earliest
    return (
        f"{claim.number}  {helsinki(claim.arrived):%Y-%m-%d %H:%M}  {claim.organisation} {claim.member}"
        f"  {claim.benefit} {claim.ground.value}  {claim.first}..{claim.last or ''}  {bites or 'too late'}"
        f"  {claim.state.value}"
    )


def _fields(claim: Claim) -> list[tuple[str, object]]:
    timing = claim.timing
    return [
        ("number", claim.number),
        ("state", f"{claim.state.value} (version {claim.version})"),
        ("arrived", f"{helsinki(claim.arrived):%Y-%m-%d %H:%M:%S} Helsinki"),
        ("claimant", f"{claim.organisation} for {claim.member}, agreement {claim.agreement}"),
        ("benefit", claim.benefit),
        ("ground", claim.ground.value),
        ("period", f"{claim.first} .. {claim.last or 'until further notice'}"),
        ("amount", "all" if claim.amount is None else f"{claim.amount} €"),
        ("account", claim.account),
        ("reference", claim.reference),
        ("effective payday", timing.effective or "-"),
        ("earliest", timing.earliest or "-"),
        ("missed paydays", ", ".join(map(str, timing.missed)) or "-"),
        ("notices", ", ".join(notice.value for notice in timing.notices) or "-"),
    ]


def _fail(what: str, advice: str) -> None:
    typer.echo(what, err=True)
    typer.echo(advice, err=True)
    raise typer.Exit(2)
