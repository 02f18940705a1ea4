"""Reading an instant as a person writes it: with its offset, or as Finnish wall time.

Without an offset the clock on the wall in Finland is meant. Twice a year that has a catch: in spring an hour is
skipped, in autumn one passes twice. Both lie in the small hours, so neither moves an instant to another Finnish day.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from shared.clock.civil import at_helsinki, helsinki

_EXAMPLE = "Write it as 2016-12-31T23:59:59, or with an offset: 2016-12-31T21:59:59Z."


class MomentError(ValueError):
    """A text that names no instant.

    Attributes:
        code: ``moment.form`` or ``moment.skipped``.
        reason: Why, in plain words.
        advice: What to write instead.
    """

    def __init__(self, code: str, reason: str, advice: str) -> None:
        super().__init__(f"{reason} {advice}")
        self.code = code
        self.reason = reason
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (UTC), and how the text was read."""

    instant: datetime
    reading: str

    @property
    def wall(self) -> datetime:
        """The same on the Finnish wall clock."""
        return helsinki(self.instant)


def read_moment(text: str) -> Moment:
    """Read an instant or a day (its midnight in Finland).

    Raises:
        MomentError: ``moment.form`` for anything else, ``moment.skipped`` for a wall time that never was.
    """
    try:
        written = datetime.fromisoformat(text)
        return Moment(written.astimezone(UTC), "written with its offset") if written.tzinfo else _of_wall(written)
    except MomentError:
        raise
    except (ValueError, OverflowError) as error:
        raise MomentError("moment.form", f"{text} names no instant.", _EXAMPLE) from error


def _of_wall(wall: datetime) -> Moment:
    first = at_helsinki(wall.date(), wall.time(), fold=0)
    second = at_helsinki(wall.date(), wall.time(), fold=1)
    if first == second:
        return Moment(first, "written without an offset, so Finnish wall time")
    if first > second:
        # In a skipped hour the two folds stand on either side of it.
        reason = f"The clocks of Finland never showed {wall.isoformat()}: they went forward over it."
        raise MomentError("moment.skipped", reason, f"Write {helsinki(first).replace(tzinfo=None)}, or an offset.")
    again = second.isoformat().replace("+00:00", "Z")
    return Moment(
        first,
        f"written without an offset, so Finnish wall time; the clocks showed it twice, and the first is meant. "
        f"The second, {again}, lies on the same day and costs the same",
    )
