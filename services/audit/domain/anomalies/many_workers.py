"""Many workers: one person looked up by many workers of different units of an organisation.

The smallest unit that the log knows is a member municipality: an organisation of one member has one unit.
"""

from services.audit.domain.anomalies.limits import Limits
from services.audit.domain.anomalies.seen import Finding, Known
from services.audit.domain.anomalies.windows import entries_of, within
from shared.contracts.base import Text

NAME = "many_workers"
TEXT = Text(
    fi="Saman henkilön tietoja haki {workers} työntekijää {units} yksiköstä {days} päivän aikana.",
    sv="Uppgifter om samma person söktes av {workers} arbetstagare i {units} enheter under {days} dagar.",
    en="The same person was looked up by {workers} workers of {units} units within {days} days.",
)


def find(known: Known, limits: Limits) -> Finding | None:
    """As many workers of as many units within the days as the limits say; once a month for each person."""
    look, limit = known.look, limits.many_workers
    if look.person is None:
        return None
    found = within(known.workers, look.day, limit.days)
    workers, units = len({mark.element for mark in found}), len({mark.unit for mark in found})
    if workers < limit.workers or units < limit.units:
        return None
    return Finding(
        subject=(look.organisation, look.person, f"{look.day:%Y-%m}"),
        organisation=look.organisation,
        worker=None,
        figures={"workers": workers, "units": units, "days": limit.days},
        against={"workers": limit.workers, "units": limit.units, "days": limit.days},
        entries=entries_of(found),
    )
