"""What operators run: `kelmu claims …`. Identity codes are never shown.

Whatever tells of a claim is an access event with the operator's name and reason, acknowledged before a line is printed.
"""

import asyncio
import re
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from services.claims.app import ROW_KEY, SERVICE, compose
from services.claims.bearing import Scope
from services.claims.domain.number import well_formed
from services.claims.domain.registration import Claim
from services.claims.domain.settlements import settled
from services.claims.domain.terms import Widening
from services.claims.events import Scribe
from services.claims.operating import NotLogged, Operator, Shown, log_access
from services.claims.store import claims as stored
from services.claims.store import lists, returns
from services.claims.store.claims import Step
from shared.clock.civil import CivilTimeError, Month, helsinki, helsinki_date
from shared.commands import quarantine_commands
from shared.contracts.answers import SettlementRow
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.kit import offline
from shared.settings import GateSettings
from shared.settlement_files import as_csv, as_xlsx

T = TypeVar("T")
app = typer.Typer(help="Payment claims (maksuvaatimukset).", no_args_is_help=True)
app.add_typer(
    quarantine_commands(SERVICE, compose, GateSettings, facts=(Replica.NAME, AuditFreshness.NAME)), name="quarantine"
)

Name = Annotated[str, typer.Option("--operator", envvar="KELMU_OPERATOR", help="Your name, for the log.")]
Reason = Annotated[str, typer.Option(help="Why you look, for the log.")]


def _business_id(given: str | None) -> str | None:
    if given is not None and not re.fullmatch(r"[0-9]{7}-[0-9]", given):
        raise typer.BadParameter("a business id looks like 0171450-7")
    return given


Organisation = Annotated[str | None, typer.Option(callback=_business_id, help="Business id of one organisation.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")]


@app.command("list")
def list_(operator: Name, reason: Reason, organisation: Organisation = None, limit: Limit = 20) -> None:
    """List the claims that arrived last."""
    claims = _run(_newest(_operator(operator, reason), organisation, limit))
    for claim in claims:
        print(_line(claim))
    if not claims:
        print("No claims.")


@app.command()
def queue(
    operator: Name, reason: Reason, after: Annotated[str | None, typer.Option(help="Go on after this place.")] = None
) -> None:
    """List what Kela's handlers have to do, the nearest payday first."""
    claims, more = _run(_queue(_operator(operator, reason), after))
    for claim in claims:
        print(_line(claim))
    if not claims:
        print("No claims.")
    if more is not None:
        print(f"More: kelmu claims queue --after {more}")


@app.command()
def show(
    number: Annotated[str, typer.Argument(help="Claim number, MV-2016-7K3QX-9TB4M2.")], operator: Name, reason: Reason
) -> None:
    """Show one claim: what is claimed, when it arrived, on which payday it bites, and what became of it."""
    number = number.strip().upper()
    found = _run(_by_number(_operator(operator, reason), number))
    if found is None:
        mistyped = "It is mistyped: its check character does not hold."
        _fail(f"There is no claim {number}.", "Look for it with `list`." if well_formed(number) else mistyped)
    claim, steps = found
    for name, value in fields_of(claim):
        print(f"{name:18} {value}")
    for step in steps:
        print(f"{step.version:4} {helsinki(step.at):%Y-%m-%d %H:%M}  {step.act} by {step.party}: {step.state.value}")


@app.command()
def settlements(
    month: Annotated[str, typer.Argument(help="Month in which the money moved, 2017-01.")],
    organisation: Annotated[str, typer.Option(callback=_business_id, help="Business id of the organisation.")],
    operator: Name,
    reason: Reason,
    csv: Annotated[Path | None, typer.Option(help="Write the rows to this CSV file.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write the rows to this XLSX file.")] = None,
) -> None:
    """Tell what an organisation was paid in a month, by reference, corrections as rows of their own."""
    try:
        asked = Month.parse(month)
    except CivilTimeError as error:
        _fail(str(error), "Give the month as 2017-01.")
    rows = _run(_settled(_operator(operator, reason), asked, organisation))
    if csv is not None:
        csv.write_bytes(as_csv(rows))
    if xlsx is not None:
        xlsx.write_bytes(as_xlsx(rows, f"{organisation} {asked}", asked.ends_before))
    if csv is None and xlsx is None:
        for row in rows:
            mark = "  correction" if row.correction else "  return" if row.returned else ""
            print(f"{row.reference}  {row.number}  {row.payday}  {row.to_municipality:>10}{mark}")
    print(f"{len(rows)} rows.")


async def _newest(operator: Operator, organisation: str | None, limit: int) -> list[Claim]:
    async with offline(SERVICE, cls=GateSettings) as kit:
        async with kit.engine.connect() as conn:
            found = await stored.newest(conn, organisation, limit)
        await log_access(kit, operator, Shown("list", [claim.id for claim in found], organisation))
        return found


async def _queue(operator: Operator, after: str | None) -> tuple[list[Claim], str | None]:
    async with offline(SERVICE, cls=GateSettings) as kit:
        async with kit.engine.connect() as conn:
            day = helsinki_date(kit.clock.now())
            found = await lists.page(conn, "queue", Scope(members=None), day, after)
            known = await stored.by_ids(conn, found.claims)
        await log_access(kit, operator, Shown("queue", found.claims))
        return [known[id_] for id_ in found.claims], found.next


async def _by_number(operator: Operator, number: str) -> tuple[Claim, list[Step]] | None:
    async with offline(SERVICE, cls=GateSettings) as kit:
        async with kit.engine.connect() as conn:
            claim = await stored.by_number(conn, number)
            steps = [] if claim is None else await stored.steps(conn, claim.id)
            sealed = None if claim is None else await stored.sealed_row(conn, claim.id)
        if claim is None or sealed is None:
            await log_access(kit, operator, Shown("show", ()))
            return None
        client = Scribe(kit.ring, kit.secrets.key(ROW_KEY)).client(sealed, claim.id)
        await log_access(kit, operator, Shown("show", (claim.id,), claim.organisation, client))
        return claim, steps


async def _settled(operator: Operator, month: Month, organisation: str) -> list[SettlementRow]:
    async with offline(SERVICE, cls=GateSettings) as kit:
        async with kit.engine.connect() as conn:
            scope = Scope(members=None, organisation=organisation)
            entries = await lists.entries(conn, scope, month)
            given_back = await returns.of_month(conn, scope, month)
            rows = [one.row for one in settled(entries, helsinki_date(kit.clock.now()), given_back) if one.day in month]
            ids = await lists.ids_of(conn, sorted({row.number for row in rows}))
        await log_access(kit, operator, Shown(f"settlements {month}", ids, organisation))
        return rows


def _operator(name: str, reason: str) -> Operator:
    if not name.strip() or not reason.strip():
        _fail("Who looks and why stands in the log.", "Give --operator and --reason.")
    return Operator(name.strip(), reason.strip())


def _run(work: Coroutine[None, None, T]) -> T:
    try:
        return asyncio.run(work)
    except NotLogged as error:
        _fail(f"The access could not be logged ({error}): nothing is shown.", "See that Kafka runs, and try again.")


def _line(claim: Claim) -> str:
    bites = claim.timing.effective or claim.timing.earliest
    return (
        f"{claim.number}  {helsinki(claim.arrived):%Y-%m-%d %H:%M}  {claim.organisation} {claim.member}"
        f"  {claim.benefit} {claim.ground.value}  {claim.first}..{claim.last or ''}  {bites or 'too late'}"
        f"  {claim.state.value}"
    )


def fields_of(claim: Claim) -> list[tuple[str, object]]:
    """What is shown of a claim, line by line; nothing of it names the client."""
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
        ("hearing until", claim.hearing_deadline or "-"),
        ("stops from", claim.stops_from or "-"),
        ("amounts asked", f"since {claim.amounts_asked}" if claim.amounts_asked else "-"),
        ("widening", "-" if claim.widening is None else _proposed(claim.widening)),
    ]


def _proposed(widening: Widening) -> str:
    """What is proposed, in one line."""
    said = [] if widening.last is None else [f"until {widening.last}"]
    said += [f"{month}: {amount} €" for month, amount in sorted(widening.advances.items())]
    if widening.care is not None:
        month, care = widening.care
        said.append(f"fee from {month}: {care.fee - care.others} €")
    return "; ".join([*said, "heard" if widening.heard else "not heard"])


def _fail(what: str, advice: str) -> NoReturn:
    typer.echo(what, err=True)
    typer.echo(advice, err=True)
    raise typer.Exit(2)
