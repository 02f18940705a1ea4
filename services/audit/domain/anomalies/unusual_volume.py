"""Unusual volume: far more look-ups in a day than the worker's own days have had."""

from fractions import Fraction

from services.audit.domain.anomalies.limits import Limits
from services.audit.domain.anomalies.seen import Finding, Known
from shared.contracts.base import Text

NAME = "unusual_volume"
TEXT = Text(
    fi="Työntekijä teki päivän aikana {look_ups} hakua; hänen omien päiviensä keskiarvo on {mean} ({days} päivää).",
    sv="Arbetstagaren gjorde {look_ups} sökningar under dagen; medeltalet av hens egna dagar är {mean} ({days} dagar).",
    en="The worker made {look_ups} look-ups in the day; the mean of their own days is {mean} ({days} days).",
)


def find(known: Known, limits: Limits) -> Finding | None:
    """More than the given share of the mean of the worker's earlier active days, and more than the least."""
    limit, days = limits.unusual_volume, len(known.history)
    if known.today < limit.least or days < limit.least_days:
        return None
    mean = Fraction(sum(known.history), days)
    if known.today * 100 <= mean * limit.percent:
        return None
    look = known.look
    return Finding(
        subject=(look.organisation, look.worker, look.day.isoformat()),
        organisation=look.organisation,
        worker=look.worker,
        figures={"look_ups": known.today, "mean": round(mean), "days": days},
        against={"least": limit.least, "percent": limit.percent},
        entries=known.today_entries,
    )
