"""What the commands print: the outcome of a run for people, and as plain data for programs."""

from collections.abc import Iterator

from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.rerating import Rerated
from services.billing.runs import Run

_SHOWN = 20


def run_data(run: Run) -> dict[str, object]:
    """A run as JSON-ready data; amounts are strings."""
    return {
        "book": run.book,
        "period": run.period,
        "issued": [
            {
                "number": invoice.number,
                "agreement": invoice.agreement,
                "payer": invoice.payer.business_id,
                "total": str(invoice.total),
                "due": invoice.due.isoformat(),
            }
            for invoice in run.issued
        ],
        "already": run.already,
        "total": str(run.total),
        "free": run.free,
        "rolled_over": {agreement: str(amount) for agreement, amount in run.rolled_over.items()},
        "waived": {agreement: str(amount) for agreement, amount in run.waived.items()},
        "parked": [{"agreement": p.agreement, "code": p.code, "reason": p.reason} for p in run.parked],
        "corrections": [
            {"agreement": c.agreement, "number": c.number, "invoiced": str(c.invoiced), "rated": str(c.rated)}
            for c in run.corrections
        ],
        "price_notice": ASSUMED_PRICE.en,
    }


def run_lines(run: Run) -> Iterator[str]:
    """A run in words, one line each; long lists are cut."""
    yield f"{run.period} by {run.book}: {len(run.issued)} invoices, {run.total} €. {ASSUMED_PRICE.en}"
    if run.already:
        yield f"  {len(run.already)} were issued by an earlier run and stand as they are."
    if run.free:
        yield f"  {run.free} agreements have nothing to pay."
    for what, amounts in (("carried to the next instalment", run.rolled_over), ("waived", run.waived)):
        if amounts:
            yield f"  {len(amounts)} amounts {what}, together {sum(amounts.values())} €."
    for correction in run.corrections[:_SHOWN]:
        yield (
            f"  Late usage of {correction.agreement}: invoice {correction.number} says {correction.invoiced} €, "
            f"the period now rates {correction.rated} €; it takes a correction."
        )
    for parked in run.parked[:_SHOWN]:
        yield f"  NOT INVOICED {parked.agreement or '(no agreement)'}: {parked.reason} ({parked.code})"
    if len(run.parked) > _SHOWN:
        yield f"  … and {len(run.parked) - _SHOWN} more not invoiced."


def rerated_data(rerated: Rerated) -> dict[str, object]:
    """The check as JSON-ready data."""
    return {
        "invoiced": str(rerated.invoiced),
        "rerated": str(rerated.rated),
        "difference": str(rerated.difference),
        "differences": [
            {
                "book": book,
                "period": period,
                "agreement": agreement,
                "invoiced": str(invoiced),
                "rerated": str(rated),
            }
            for (book, period, agreement), (invoiced, rated) in rerated.differences.items()
        ],
    }


def rerated_lines(rerated: Rerated) -> Iterator[str]:
    """The check in words."""
    yield f"Invoiced {rerated.invoiced} €; rated from zero {rerated.rated} €; difference {rerated.difference} €."
    for (book, period, agreement), (invoiced, rated) in list(rerated.differences.items())[:_SHOWN]:
        yield f"  {agreement} {period} ({book}): invoiced {invoiced} €, rated {rated} €."
