"""Where a page of claims goes on: only what a page before told is read, everything else is the beginning."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.claims.domain.number import number_of
from services.claims.store.lists import cursor

NUMBER = number_of(UUID(int=7), datetime(2017, 1, 1, tzinfo=UTC).year)


@pytest.mark.parametrize("place", [0, 6211, -1482443999, 2921939])
def test_given_what_a_page_told_then_the_next_goes_on_there(place: int) -> None:
    assert cursor(f"{place}~{NUMBER}") == (place, NUMBER)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "--5~x",
        "-~x",
        "5",
        "5~",
        "~x",
        "5~x~y",
        "\u0665~x",
        "\u00b2~x",
        "1" * 15 + "~x",
        "5~" + "x" * 41,
        "5~x\n",
    ],
)
def test_given_anything_else_then_the_list_begins_at_its_beginning(text: str | None) -> None:
    assert cursor(text) == (None, "")
