"""Without action: look-ups made for claims, after which the organisation claimed nothing of the person.

Only look-ups for a claim (purpose CLAIM) are judged: a fee decision, for which one looks as well, is made in the
municipality's own system and never reaches the log. Any event of the organisation about a claim of the person, and a
notice that it handles, is an action.
"""

from services.audit.domain.anomalies.limits import Limits
from services.audit.domain.anomalies.seen import Finding, Known
from shared.contracts.base import Text

NAME = "without_action"
TEXT = Text(
    fi="Työntekijän {look_ups} hakua vaatimusta varten kuukaudessa {month} ei johtanut toimeen {days} päivän kuluessa.",
    sv="{look_ups} av arbetstagarens sökningar för krav i månaden {month} ledde inte till åtgärd inom {days} dagar.",
    en="{look_ups} of the worker's look-ups for claims in month {month} led to no action within {days} days.",
)


def find(known: Known, limits: Limits) -> Finding | None:
    """As many, and as large a share of those whose days are over, as the limits say; once for each month."""
    look, limit, settled = known.look, limits.without_action, known.settled
    if settled is None or settled.unfollowed < limit.least:
        return None
    share = settled.unfollowed * 100 // (settled.unfollowed + settled.followed)
    if share < limit.percent:
        return None
    return Finding(
        subject=(look.organisation, look.worker, settled.month),
        organisation=look.organisation,
        worker=look.worker,
        figures={
            "look_ups": settled.unfollowed,
            "followed": settled.followed,
            "percent": share,
            "days": limit.days,
            "month": int(settled.month[-2:]),
        },
        against={"least": limit.least, "percent": limit.percent, "days": limit.days},
        entries=settled.entries,
    )
