"""What is done again and again waits for a database that is away, and hides no other failure."""

import asyncio
from collections.abc import Sequence

import pytest
import structlog
from structlog.testing import capture_logs
from structlog.typing import EventDict

from shared.database import repeating
from shared.database.repeating import again_and_again

LOG = structlog.get_logger("test")


class EnoughError(Exception):
    """Ends what would go on for ever."""


def told(outcomes: Sequence[Exception | None], *outages: type[Exception]) -> list[EventDict]:
    """What is logged while the work ends as said, one time after the other, and then fails for good."""
    left = [*outcomes, EnoughError()]

    async def work() -> None:
        if (outcome := left.pop(0)) is not None:
            raise outcome

    with capture_logs() as lines, pytest.raises(EnoughError):
        asyncio.run(again_and_again(work, 0, LOG, "waits", outages=outages))
    assert not left
    return lines


def test_given_a_database_that_is_away_then_it_is_told_and_the_work_begun_anew() -> None:
    lines = told([None, ConnectionRefusedError(), None])
    assert [(line["event"], line["reason"]) for line in lines] == [("waits", "ConnectionRefusedError")]


def test_given_another_outage_that_was_named_then_it_is_waited_out_too() -> None:
    assert len(told([KeyError(), KeyError()], KeyError)) == 2


def test_given_any_other_failure_then_it_is_raised_at_once() -> None:
    assert told([]) == []


def test_given_an_outage_then_what_is_done_seldom_is_tried_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeating, "SOON_SECONDS", 0)
    left: list[Exception] = [TimeoutError(), EnoughError()]

    async def work() -> None:
        raise left.pop(0)

    with pytest.raises(EnoughError):
        asyncio.run(asyncio.wait_for(again_and_again(work, 3600, LOG, "waits"), 5))
