"""When support answers: weekdays 8-17 Finnish time, not on holidays. The service itself is open every day."""

from datetime import datetime, time, timedelta

from shared.clock.civil import at_helsinki, helsinki
from shared.finnish.banking_days import is_banking_day, on_or_after

OPENS = time(8)
CLOSES = time(17)


def is_open(instant: datetime) -> bool:
    """Tell whether support answers at the instant; closing time itself is closed.

    Raises:
        CivilTimeError: The instant is naive.
    """
    local = helsinki(instant)
    return is_banking_day(local.date()) and OPENS <= local.time() < CLOSES


def next_opening(instant: datetime) -> datetime:
    """Return the UTC instant at which support next opens, later than the given one even while it is open.

    Raises:
        CivilTimeError: The instant is naive.
    """
    local = helsinki(instant)
    first_day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return at_helsinki(on_or_after(first_day), OPENS)
