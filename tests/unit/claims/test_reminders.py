"""Of what a claim is reminded, since which day, and when that is done with."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.claims.domain.reminders import Reminder, reminder
from services.claims.reminding import reminded
from shared.bus.topics import CLAIMS_EVENTS
from shared.contracts.claims import ClaimReminded, ClaimState
from tests.unit.claims.test_acts import claim

DAY = date(2017, 2, 10)
ARRIVED = date(2016, 12, 20)
YESTERDAY = DAY - timedelta(days=1)
AT = datetime(2017, 2, 9, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "changes", "heard", "expected"),
    [
        (ClaimState.REGISTERED, {}, None, Reminder("long", ARRIVED + timedelta(days=31))),
        (ClaimState.WAITING, {}, None, Reminder("long", ARRIVED + timedelta(days=31))),
        (ClaimState.WAITING, {"arrived": datetime(2017, 1, 20, tzinfo=UTC)}, None, None),
        (ClaimState.IN_HEARING, {"hearing_deadline": DAY}, None, None),
        (ClaimState.IN_HEARING, {}, YESTERDAY, Reminder("hearing_over", YESTERDAY)),
        (ClaimState.ACCEPTED, {}, YESTERDAY, None),
        (ClaimState.ACTIVE, {"last": date(2017, 3, 12)}, None, Reminder("ends", DAY)),
        (ClaimState.ACTIVE, {"last": date(2017, 3, 13)}, None, None),
        (ClaimState.SUSPENDED, {"last": DAY}, None, Reminder("ends", date(2017, 1, 11))),
        (ClaimState.ACTIVE, {"last": YESTERDAY}, None, None),
        (ClaimState.ACTIVE, {"last": None}, None, None),
        (ClaimState.ENDED, {"last": DAY}, None, None),
    ],
)
def test_a_claim_is_reminded_of_what_waits_and_of_its_end(
    state: ClaimState, changes: dict[str, object], heard: date | None, expected: Reminder | None
) -> None:
    assert reminder(claim(state, **changes), DAY, heard) == expected


def test_what_waits_long_becomes_due_on_the_day_on_which_the_list_of_overdue_shows_it() -> None:
    waits, due = claim(ClaimState.REGISTERED), ARRIVED + timedelta(days=31)
    assert reminder(waits, due - timedelta(days=1), None) is None
    assert reminder(waits, due, None) == Reminder("long", due)


def test_an_event_names_the_claim_and_no_person_and_given_again_it_is_the_same() -> None:
    told = reminded(claim(), Reminder("ends", DAY), AT)
    assert (told.topic, told.key) == (CLAIMS_EVENTS.name, claim().client.encode())
    body = ClaimReminded.model_validate_json(told.body)
    assert (body.number, body.of, body.due) == (claim().number, "ends", DAY)
    assert reminded(claim(), Reminder("ends", DAY), AT) == told
    others = (
        reminded(claim(version=4), Reminder("ends", DAY), AT),
        reminded(claim(), Reminder("long", DAY), AT),
        reminded(claim(), Reminder("ends", YESTERDAY), AT),
        reminded(claim(number="MV-2017-22222-222222"), Reminder("ends", DAY), AT),
    )
    assert len({told.id, *(one.id for one in others)}) == 5
