"""Night work: look-ups outside the unit's hours by somebody who is not on emergency duty."""

from datetime import datetime

from services.audit.domain.anomalies.limits import Limits, Night
from services.audit.domain.anomalies.seen import Finding, Known
from shared.contracts.base import Text
from shared.finnish.banking_days import is_holiday

NAME = "night_work"
TEXT = Text(
    fi="Työntekijä teki {look_ups} hakua yksikön työajan ulkopuolella ilman päivystystehtävää.",
    sv="Arbetstagaren gjorde {look_ups} sökningar utanför enhetens arbetstid utan jouruppdrag.",
    en="The worker made {look_ups} look-ups outside the unit's hours without emergency duty.",
)


def outside_hours(local: datetime, hours: Night) -> bool:
    """Whether a time on the Finnish wall clock is outside the unit's hours; holidays are."""
    open_day = local.isoweekday() in hours.weekdays and not is_holiday(local.date())
    return not (open_day and hours.opens <= local.time() < hours.closes)


def find(known: Known, limits: Limits) -> Finding | None:
    """As many look-ups outside the hours in one day as the limit says. Emergency duty is at night (päivystys)."""
    look, limit = known.look, limits.night_work
    if known.duty or look.seq not in known.night or len(known.night) < limit.least:
        return None
    return Finding(
        subject=(look.organisation, look.worker, look.day.isoformat()),
        organisation=look.organisation,
        worker=look.worker,
        figures={"look_ups": len(known.night), "hour": look.local.hour},
        against={"least": limit.least, "opens": limit.opens.hour, "closes": limit.closes.hour},
        entries=known.night,
    )
