"""What the commands print: the outcome of a run for people, and as plain data for programs."""

from collections.abc import Iterator

from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.rerating import Rerated
from services.billing.runs import Run

_SHOWN = 20
_OUTCOMES = {
    "waits": "the next invoice carries it",
    "invoiced": "{} carries it",
    "credited": "{} gives it back",
    "recorded": "recorded, nothing to pay",
}


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
        "credited": [
            {
                "number": note.number,
                "credits": note.credits,
                "agreement": note.agreement,
                "payer": note.payer.business_id,
                "total": str(note.total),
            }
            for note in run.credited
        ],
        "on_paper": run.on_paper,
        "already": run.already,
        "total": str(run.total),
        "free": run.free,
        "rolled_over": {agreement: str(amount) for agreement, amount in run.rolled_over.items()},
        "waived": {agreement: str(amount) for agreement, amount in run.waived.items()},
        "parked": [{"agreement": p.agreement, "code": p.code, "reason": p.reason} for p in run.parked],
        "corrections": [
            {
                "agreement": c.agreement,
                "book": c.book,
                "period": c.period,
                "charged": str(c.charged),
                "rated": str(c.rated),
                "outcome": c.outcome,
                "document": c.document,
            }
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
    yield from _after_lines(run)
    for parked in run.parked[:_SHOWN]:
        yield f"  NOT INVOICED {parked.agreement or '(no agreement)'}: {parked.reason} ({parked.code})"
    if len(run.parked) > _SHOWN:
        yield f"  … and {len(run.parked) - _SHOWN} more not invoiced."


def _after_lines(run: Run) -> Iterator[str]:
    if run.on_paper:
        yield f"  {len(run.on_paper)} have no e-invoice address and go on paper: {_list(run.on_paper)}."
    for note in run.credited[:_SHOWN]:
        yield f"  Credit note {note.number} of {note.agreement} takes back {-note.total} € of {note.credits}."
    for correction in run.corrections[:_SHOWN]:
        yield (
            f"  {correction.agreement} {correction.period}: charged {correction.charged} €, rated {correction.rated} € "
            f"now; {_OUTCOMES[correction.outcome].format(correction.document)}."
        )


def rerated_data(rerated: Rerated) -> dict[str, object]:
    """The check as JSON-ready data."""
    return {
        "invoiced": str(rerated.invoiced),
        "rerated": str(rerated.rated),
        "difference": str(rerated.difference),
        "rectified": str(rerated.rectified),
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
    if rerated.rectified:
        yield f"  Decisions on rectification gave back {-rerated.rectified} € besides."
    for (book, period, agreement), (invoiced, rated) in list(rerated.differences.items())[:_SHOWN]:
        yield f"  {agreement} {period} ({book}): invoiced {invoiced} €, rated {rated} €."


def _list(numbers: list[str]) -> str:
    more = len(numbers) - _SHOWN
    return ", ".join(numbers[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
