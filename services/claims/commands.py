"""What operators run: `kelmu claims …`. Identity codes are never shown."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.claims.app import SERVICE, compose
from services.claims.bearing import Scope
from services.claims.domain.number import well_formed
from services.claims.domain.registration import Claim
from services.claims.domain.settlements import Settled, settled
from services.claims.store import claims as stored
from services.claims.store import lists
from services.claims.store.claims import Step
from shared.clock.civil import CivilTimeError, Month, helsinki, helsinki_date
from shared.commands import quarantine_commands
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.kit import offline
from shared.settings import GateSettings
from shared.settlement_files import as_csv, as_xlsx

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
def queue(after: Annotated[str | None, typer.Option(help="Go on after this place.")] = None) -> None:
    """List what Kela's handlers have to do, the nearest payday first."""
    claims, more = asyncio.run(_queue(after))
    for claim in claims:
        print(_line(claim))
    if not claims:
        print("No claims.")
    if more is not None:
        print(f"More: kelmu claims queue --after {more}")


@app.command()
def show(number: Annotated[str, typer.Argument(help="Claim number, MV-2016-7K3QX-9TB4M2.")]) -> None:
    """Show one claim: what is claimed, when it arrived, on which payday it bites, and what became of it."""
    number = number.strip().upper()
    found = asyncio.run(_by_number(number))
    if found is None:
        mistyped = "It is mistyped: its check character does not hold."
        _fail(f"There is no claim {number}.", "Look for it with `list`." if well_formed(number) else mistyped)
        return
    claim, steps = found
    for name, value in _fields(claim):
        print(f"{name:18} {value}")
    for step in steps:
        print(f"{step.version:4} {helsinki(step.at):%Y-%m-%d %H:%M}  {step.act} by {step.party}: {step.state.value}")


@app.command()
def settlements(
    month: Annotated[str, typer.Argument(help="Month in which the money moved, 2017-01.")],
    organisation: Annotated[str, typer.Option(help="Business id of the organisation.")],
    csv: Annotated[Path | None, typer.Option(help="Write the rows to this CSV file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the rows to this XLSX file.")] = None,
) -> None:
    """Tell what an organisation was paid in a month, by reference, corrections as rows of their own."""
    try:
        asked = Month.parse(month)
    except CivilTimeError as error:
        _fail(str(error), "Give the month as 2017-01.")
        return
    rows = [one.row for one in asyncio.run(_settled(asked, organisation)) if one.day in asked]
    if csv is not None:
        csv.write_bytes(as_csv(rows))
    if xlsx is not None:
        xlsx.write_bytes(as_xlsx(rows, f"{organisation} {asked}", asked.ends_before))
    if csv is None and xlsx is None:
        for row in rows:
            mark = "  correction" if row.correction else ""
            print(f"{row.reference}  {row.number}  {row.payday}  {row.to_municipality:>10}{mark}")
    print(f"{len(rows)} rows.")


async def _newest(organisation: str | None, limit: int) -> list[Claim]:
    async with offline(SERVICE, cls=GateSettings) as kit, kit.engine.connect() as conn:
        return await stored.newest(conn, organisation, limit)


async def _queue(after: str | None) -> tuple[list[Claim], str | None]:
    async with offline(SERVICE, cls=GateSettings) as kit, kit.engine.connect() as conn:
        day = helsinki_date(kit.clock.now())
        found = await lists.page(conn, "queue", Scope(members=None), day, after)
        known = await stored.by_ids(conn, found.claims)
        return [known[id_] for id_ in found.claims], found.next


async def _by_number(number: str) -> tuple[Claim, list[Step]] | None:
    async with offline(SERVICE, cls=GateSettings) as kit, kit.engine.connect() as conn:
        claim = await stored.by_number(conn, number)
        return None if claim is None else (claim, await stored.steps(conn, claim.id))


async def _settled(month: Month, organisation: str) -> list[Settled]:
    async with offline(SERVICE, cls=GateSettings) as kit, kit.engine.connect() as conn:
        entries = await lists.entries(conn, Scope(members=None, organisation=organisation), month)
        return settled(entries, helsinki_date(kit.clock.now()))


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
