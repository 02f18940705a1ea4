"""Own colleagues: a worker looks at clients who are workers of the same organisation, or at themself.

Known are workers who have used the service themselves; family and friends cannot be told from the log.
"""

from services.audit.domain.anomalies.limits import Limits
from services.audit.domain.anomalies.seen import Finding, Known
from services.audit.domain.anomalies.windows import entries_of, within
from shared.contracts.base import Text

NAME = "own_colleagues"
TEXT = Text(
    fi="Työntekijä haki {colleagues} saman organisaation työntekijän tietoja (itsensä: {oneself}).",
    sv="Arbetstagaren sökte uppgifter om {colleagues} arbetstagare i samma organisation (sig själv: {oneself}).",
    en="The worker looked up {colleagues} workers of the same organisation (themself: {oneself}).",
)


def find(known: Known, limits: Limits) -> Finding | None:
    """As many different colleagues within the days as the limit says; told once a month, and never who they are."""
    look, limit = known.look, limits.own_colleagues
    found = within(known.colleagues, look.day, limit.days)
    if len(found) < limit.least or look.seq not in entries_of(found):
        return None
    return Finding(
        subject=(look.organisation, look.worker, f"{look.day:%Y-%m}"),
        organisation=look.organisation,
        worker=look.worker,
        figures={"colleagues": len(found), "oneself": sum(mark.element == known.oneself for mark in found)},
        against={"least": limit.least, "days": limit.days},
        entries=entries_of(found),
    )
