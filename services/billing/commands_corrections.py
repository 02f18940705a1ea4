"""Corrections, demands for rectification, payments: what happens to invoices after they were issued."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing import rectifying, reports, standing
from services.billing.book_files import PriceData
from services.billing.console import AsJson, carry_out, look_up, refuse, show
from services.billing.correcting import correct
from services.billing.domain.rectifying import Decision, Demand, Outcome
from services.billing.runs import Run
from services.billing.settling import Recorded, pay
from services.billing.store import rectifications
from services.billing.store.payments import Balance, Payment
from shared.clock.civil import helsinki_date
from shared.money import MoneyError, parse_amount

_PARKED = 3
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
Grounds = Annotated[str, typer.Option(help="Why, in a few sentences; nothing personal.")]
Amount = Annotated[str, typer.Option(help="Euros, such as 12.50.")]


class Verdict(StrEnum):
    """What a demand is decided."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


_OUTCOMES: Final[dict[Verdict, Outcome]] = {
    Verdict.ACCEPTED: "accepted",
    Verdict.PARTLY: "partly_accepted",
    Verdict.REJECTED: "rejected",
}


def attach(app: typer.Typer) -> None:
    """Add these commands to billing's."""
    for command in (correct_, demand, demands, decide, paid, unpaid):
        app.command(command.__name__.rstrip("_"))(command)


def correct_(
    *,
    issue: Annotated[
        bool, typer.Option("--issue", help="Charge at once what would wait for the next invoices.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rate all closed periods again: give back by credit notes, and say what the next invoices will carry."""

    async def work(conn: AsyncConnection, prices: PriceData, now: datetime) -> Run:
        return await correct(conn, prices, now, issue_now=issue)

    run = carry_out(work)
    show(reports.run_data(run), reports.run_lines(run), as_json=as_json)
    if run.parked:
        raise typer.Exit(_PARKED)


def demand(
    number: str,
    row: Annotated[int | None, typer.Argument(help="The line; left out, the whole invoice.")] = None,
    *,
    received: Day,
    grounds: Grounds,
    kela_erred: Annotated[bool, typer.Option("--kela-erred", help="Take up a late one: Kela's own error.")] = False,
    as_json: AsJson = False,
) -> None:
    """Register a demand for rectification (oikaisuvaatimus). The line rests until it is decided."""
    wanted = rectifying.Wanted(number, row, received.date(), grounds, kela_erred)

    async def work(conn: AsyncConnection, prices: PriceData, now: datetime) -> tuple[Demand, Decision | None]:
        return await rectifying.demand(conn, prices, wanted, now)

    made, decision = carry_out(work)
    show(_demand_data(made, decision), [_demand_line(made, decision)], as_json=as_json)


def decide(
    demand_id: Annotated[str, typer.Argument(metavar="DEMAND", help="Such as K2017-00001-D1.")],
    verdict: Verdict,
    *,
    grounds: Grounds,
    amount: Annotated[str | None, typer.Option(help="Euros given back; left out, all that was accepted.")] = None,
    as_json: AsJson = False,
) -> None:
    """Decide a demand; what is given back is a credit note."""
    outcome = _OUTCOMES[verdict]
    given = _euros(amount) if amount is not None else None

    async def work(conn: AsyncConnection, prices: PriceData, now: datetime) -> Decision:
        return await rectifying.decide(conn, prices, demand_id, outcome, given, grounds, now)

    found = carry_out(work)
    note = f"; credit note {found.document}" if found.document else ""
    show(_decision_data(found), [f"{found.demand}: {found.outcome}, {found.amount} €{note}."], as_json=as_json)


def demands(*, as_json: AsJson = False) -> None:
    """List all demands for rectification and their decisions."""

    async def work(conn: AsyncConnection, _: PriceData, __: datetime) -> list[tuple[Demand, Decision | None]]:
        return await rectifications.every(conn)

    found = look_up(work)
    show([_demand_data(*one) for one in found], (_demand_line(*one) for one in found), as_json=as_json)


def paid(
    number: str,
    *,
    amount: Amount,
    on: Day,
    reference: Annotated[str, typer.Option(help="The bank's reference of the payment (arkistointitunnus).")],
    as_json: AsJson = False,
) -> None:
    """Record a payment. Told again with the same reference, nothing changes; below zero, it takes one back."""
    payment = Payment(reference, number, _euros(amount), on.date())

    async def work(conn: AsyncConnection, _: PriceData, now: datetime) -> Recorded:
        return await pay(conn, payment, now)

    found = carry_out(work)
    known = "was known already; " if found.before else ""
    data = {**_balance_data(found.balance), "recorded_before": found.before}
    show(data, [f"{reference}: {known}{_balance_line(found.balance)}"], as_json=as_json)


def unpaid(*, as_json: AsJson = False) -> None:
    """List what may be dunned for, by due day. Lines under an open demand are left out; overpayments stand last."""

    async def work(conn: AsyncConnection, _: PriceData, now: datetime) -> tuple[list[Balance], date]:
        return await standing.balances(conn), helsinki_date(now)

    found, today = look_up(work)
    claimable = [one for one in found if one.claimable]
    overpaid = [one for one in found if one.open < 0]
    data = {
        "today": today.isoformat(),
        "unpaid": [{**_balance_data(one), "overdue": one.due < today} for one in claimable],
        "overpaid": [_balance_data(one) for one in overpaid],
        "frozen": [_balance_data(one) for one in found if one.frozen],
    }
    show(data, _unpaid_lines(claimable, overpaid, today), as_json=as_json)


def _unpaid_lines(claimable: list[Balance], overpaid: list[Balance], today: date) -> Iterable[str]:
    for one in claimable:
        late = f", {(today - one.due).days} days late" if one.due < today else ""
        rests = f" ({one.frozen} € rests until a demand is decided)" if one.frozen else ""
        yield f"{one.due}  {one.number}  {one.payer}  {one.claimable} €{late}{rests}"
    for one in overpaid:
        yield f"OVERPAID  {one.number}  {one.payer}  {-one.open} €"


def _balance_line(one: Balance) -> str:
    if one.open < 0:
        return f"{one.number} is overpaid by {-one.open} €."
    return f"{one.number} is settled." if not one.open else f"{one.open} € of {one.number} is open."


def _balance_data(one: Balance) -> dict[str, object]:
    return {
        "number": one.number,
        "agreement": one.agreement,
        "payer": one.payer,
        "due": one.due.isoformat(),
        "total": str(one.total),
        "credited": str(one.credited),
        "paid": str(one.paid),
        "open": str(one.open),
        "frozen": str(one.frozen),
        "claimable": str(one.claimable),
    }


def _demand_data(made: Demand, decision: Decision | None) -> dict[str, object]:
    return {
        "demand": made.id,
        "invoice": made.invoice,
        "row": made.row,
        "received": made.received.isoformat(),
        "grounds": made.grounds,
        "kela_erred": made.kela_erred,
        "decision": _decision_data(decision) if decision else None,
    }


def _decision_data(decision: Decision) -> dict[str, object]:
    return {
        "demand": decision.demand,
        "outcome": decision.outcome,
        "amount": str(decision.amount),
        "grounds": decision.grounds,
        "document": decision.document,
    }


def _demand_line(made: Demand, decision: Decision | None) -> str:
    what = f"{made.invoice} line {made.row}" if made.row else made.invoice
    state = f"{decision.outcome}, {decision.amount} €" if decision else "open: the line rests"
    return f"{made.id}  {what}, received {made.received}: {state}"


def _euros(text: str) -> Decimal:
    try:
        return parse_amount(text)
    except MoneyError as error:
        refuse(str(error))
