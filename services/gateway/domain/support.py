"""When support answers: weekdays 8-17 in Finland, banking holidays excepted. Shown on every page. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time

from shared.clock.civil import helsinki
from shared.finnish.banking_days import is_banking_day, next_banking_day

_OPENS, _CLOSES = time(8), time(17)


@dataclass(frozen=True, slots=True)
class Support:
    """Whether support answers now, and if not, the day on which it opens at 8."""

    open: bool
    opens_on: date | None


def support_at(instant: datetime) -> Support:
    """The state of support at an instant.

    Raises:
        CivilTimeError: the instant is naive.
    """
    local = helsinki(instant)
    today, now = local.date(), local.time()
    if is_banking_day(today) and now < _CLOSES:
        return Support(open=True, opens_on=None) if now >= _OPENS else Support(open=False, opens_on=today)
    return Support(open=False, opens_on=next_banking_day(today))
