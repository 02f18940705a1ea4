"""Counts and digests of sets of events name what is missing or too much."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import pytest

from shared.clock.civil import Month
from shared.contracts.access import AccessReversed
from shared.contracts.agreements import Heartbeat
from shared.contracts.counting import CountsAsked
from shared.counting import Difference, Held, Place, answer_of, differences, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = date(2016, 12, 31)
PLACE: Place = (DAY, "A-1")
IDS = [uuid5(UUID(int=1), str(n)) for n in range(50)]
STRANGER = uuid5(UUID(int=2), "stranger")


def compare(audit: list[UUID], billing: list[UUID], published: list[UUID] = IDS) -> list[Difference]:
    held: Mapping[str, Mapping[Place, Held]] = {
        "audit": {PLACE: Held.of(audit)} if audit else {},
        "billing": {PLACE: Held.of(billing)} if billing else {},
    }
    return list(differences({PLACE: frozenset(published)}, held))


def test_equal_sets_in_any_order_do_not_differ() -> None:
    assert compare(IDS[::-1], IDS[25:] + IDS[:25]) == []


@pytest.mark.parametrize("gone", [(7,), (0, 49), tuple(range(50))])
def test_one_two_or_all_missing_are_named(gone: tuple[int, ...]) -> None:
    left = [one for n, one in enumerate(IDS) if n not in gone]
    (difference,) = compare(left, IDS)
    assert difference.missing == {"audit": tuple(sorted(IDS[n] for n in gone)), "billing": ()}
    assert (difference.place, difference.published, difference.held["audit"]) == (PLACE, 50, 50 - len(gone))


def test_one_too_much_is_named() -> None:
    (difference,) = compare(IDS, [*IDS, STRANGER])
    assert difference.extra == {"audit": (), "billing": (STRANGER,)}


def test_another_event_instead_is_a_difference_although_the_counts_agree() -> None:
    (difference,) = compare(IDS, [*IDS[1:], STRANGER])
    assert difference.held == {"audit": 50, "billing": 50}


def test_a_digest_is_read_back_and_sums_of_signed_halves_are_the_same() -> None:
    held = Held.of(IDS)
    signed = [int.from_bytes(one.bytes[:8], signed=True) for one in IDS]
    low = [int.from_bytes(one.bytes[8:], signed=True) for one in IDS]
    assert Held.read(held.count, held.digest) == held == Held.sums(50, sum(signed), sum(low))


def test_an_answer_names_every_day_of_the_month_also_empty_ones() -> None:
    asked = CountsAsked(ask=UUID(int=3), month=Month(2016, 12), time=datetime(2017, 1, 1, tzinfo=UTC))
    days = answer_of(asked, "billing", {PLACE: Held.of(IDS), (date(2016, 12, 1), ""): Held.of(IDS[:2])})
    assert [len(one.counts) for one in days] == [1] + [0] * 29 + [1]
    assert days[-1].counts[0].agreement == "A-1"


def test_an_event_is_counted_on_its_finnish_day() -> None:
    late = datetime(2016, 12, 31, 22, 0, tzinfo=UTC)
    body = AccessReversed(of=STRANGER, time=late, agreement=None, member=None, reason="not_delivered")
    assert place_of(body) == (date(2017, 1, 1), "")
    assert place_of(Heartbeat(at=late)) is None
