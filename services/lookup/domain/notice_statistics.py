"""Statistics of notices: how many of each type, how late, without persons. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from services.lookup.domain.due import is_overdue, weekdays_after
from shared.clock.civil import helsinki_date
from shared.contracts.answers import StatisticsRow


@dataclass(frozen=True, slots=True)
class Counted:
    """One notice, as far as it is counted."""

    type: str
    visible: datetime
    due: date | None
    done_at: datetime | None


def statistics(notices: Iterable[Counted], day: date) -> tuple[StatisticsRow, ...]:
    """One row a type, by type; types without a notice have none.

    Args:
        notices: Those that became visible in the period.
        day: The day on which is asked: what is overdue is overdue on it.
    """
    by_type: dict[str, list[Counted]] = {}
    for notice in notices:
        by_type.setdefault(notice.type, []).append(notice)
    return tuple(_row(type_, by_type[type_], day) for type_ in sorted(by_type))


def _row(type_: str, notices: list[Counted], day: date) -> StatisticsRow:
    done = [(notice, helsinki_date(notice.done_at)) for notice in notices if notice.done_at is not None]
    took = [weekdays_after(helsinki_date(notice.visible), finished) for notice, finished in done]
    return StatisticsRow(
        type=type_,
        arrived=len(notices),
        open=len(notices) - len(done),
        done=len(done),
        done_late=sum(notice.due is not None and finished > notice.due for notice, finished in done),
        overdue=sum(is_overdue(notice.due, day, done=notice.done_at is not None) for notice in notices),
        median_days=f"{median(took):g}" if took else None,
    )
