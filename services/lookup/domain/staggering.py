"""Staggering: a municipality with a large backlog at the first run sees it a part a week. Pure."""

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field


class Staggering(BaseModel):
    """From how many on a backlog is spread, and how many are seen a week."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    over: int = Field(ge=0)
    per_week: int = Field(ge=1)
    assumed: bool


def visible_days(backlog: int, first_run: date, rule: Staggering) -> tuple[date, ...]:
    """The day on which each notice of a backlog is seen first, in the order of the backlog.

    Args:
        backlog: How many there are at the first run.
        first_run: Day of the first run.
        rule: The numbers.

    Returns:
        One day a notice: all on the first run's, or so many a week when there are more than may come at once.
    """
    if backlog <= rule.over:
        return (first_run,) * backlog
    return tuple(first_run + timedelta(weeks=place // rule.per_week) for place in range(backlog))
