"""When an announcement is told: news and notices while they hold, a break from a week before it begins."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.gateway.domain.announcing import Announcement, holds, is_told, news, of_every_page
from services.gateway.domain.helping import TOPICS, topic_of
from services.gateway.domain.plain_text import names_a_person
from shared.contracts.base import Text

WORDS = Text(fi="a", sv="b", en="c")
FIRST = datetime(2017, 1, 3, 16, 0, tzinfo=UTC)
LAST = FIRST + timedelta(hours=2)
TICK = timedelta(microseconds=1)
BREAK = Announcement(UUID(int=1), 1, "break", WORDS, WORDS, FIRST, LAST)
NOTICE = replace(BREAK, id=UUID(int=2), kind="notice", last=None)
NEWS = replace(NOTICE, id=UUID(int=3), kind="news")


@pytest.mark.parametrize(
    ("one", "at", "told", "held"),
    [
        (BREAK, FIRST - timedelta(days=7) - TICK, False, False),
        (BREAK, FIRST - timedelta(days=7), True, False),
        (BREAK, FIRST, True, True),
        (BREAK, LAST - TICK, True, True),
        (BREAK, LAST, False, False),
        (NOTICE, FIRST - TICK, False, False),
        (NOTICE, FIRST + timedelta(days=9999), True, True),
        (replace(NOTICE, withdrawn=True), FIRST, False, False),
        (NEWS, FIRST, True, True),
    ],
)
def test_each_kind_is_told_in_its_time(one: Announcement, at: datetime, *, told: bool, held: bool) -> None:
    assert (is_told(one, at), holds(one, at)) == (told, held)


def test_every_page_shows_notices_before_breaks_and_no_news() -> None:
    assert of_every_page([BREAK, NEWS, NOTICE], FIRST) == (NOTICE, BREAK)
    assert news([BREAK, NEWS, NOTICE], FIRST) == (NEWS,)


@pytest.mark.parametrize(
    "text",
    [
        "010180-9015",
        "Asiakas 010180\u20139015 ei näy",
        "010180\u22129015",
        "\uff10\uff11\uff10\uff11\uff18\uff10-9015",
        "0101\u200b80-9015",
    ],
)
def test_an_identity_code_is_seen_however_it_is_written(text: str) -> None:
    assert names_a_person("ok", text)


def test_a_text_without_one_is_let_through() -> None:
    assert not names_a_person("Haku ei vastaa 31.12.2016 klo 10, virhe 010180-XXXX")


def test_every_page_has_its_help() -> None:
    assert {topic_of(start) for starts in TOPICS.values() for start in starts} == set(TOPICS)
    assert topic_of("/claims/new") == "claims"
    assert topic_of("/claimsx") == "start"
