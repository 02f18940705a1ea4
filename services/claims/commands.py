"""What operators run: `kelmu claims …`. Identity codes are never shown."""

import asyncio
from typing import Annotated

import typer

from services.claims.app import SERVICE, compose
from services.claims.domain.number import well_formed
from services.claims.domain.registration import Claim
from services.claims.store import claims as stored
from shared.clock.civil import helsinki
from shared.commands import quarantine_commands
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.kit import offline
from shared.settings import GateSettings

app = typer.Typer(help="Payment claims (maksuvaatimukset).", no_args_is_help=True)
app.add_typer(
    quarantine_commands(SERVICE, compose, GateSettings, facts=(Replica.NAME, AuditFreshness.NAME)), name="quarantine"
)

Organisation = Annotated[str | None, typer.Option(help="Business id of one organisation.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")]


@app.command("list")
def list_(organisation: Organisation = None, limit: Limit = 20) -> None:
    """List the claims that arrived last."""
    claims = asyncio.run(_newest(organisation, limit))
    for claim in claims:
        print(_line(claim))
    if not claims:
        print("No claims.")


@app.command()
def show(number: Annotated[str, typer.Argument(help="Claim number, MV-2016-7K3QX-9TB4M2.")]) -> None:
    """Show one claim: what is claimed, when it arrived and on which payday it bites."""
    number = number.strip().upper()
    claim = asyncio.run(_by_number(number))
    if claim is None:
        mistyped = "It is mistyped: its check character does not hold."
        _fail(f"There is no claim {number}.", "Look for it with `list`." if well_formed(number) else mistyped)
        return
    for name, value in _fields(claim):
        print(f"{name:18} {value}")


async def _newest(organisation: str | None, limit: int) -> list[Claim]:
    async with offline(SERVICE, cls=GateSettings) as kit, kit.engine.connect() as conn:
        return await stored.newest(conn, organisation, limit)


async def _by_number(number: str) -> Claim | None:
    async with offline(SERVICE, cls=GateSettings) as kit, kit.engine.connect() as conn:
        return await stored.by_number(conn, number)


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
