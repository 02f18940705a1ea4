"""What entries tell the rules, the malformed ones too."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from services.audit.domain.anomalies.reading import READ, Acted, Duty, Stated, Stored, read

TIME = datetime(2016, 11, 14, 22, 30, tzinfo=UTC)
WORKER, PERSON = f"v1.{'a' * 26}", f"v1.{'b' * 26}"
ACCESS = {
    "time": TIME.isoformat(),
    "outcome": "granted",
    "organisation": "0201256-6",
    "member": "091",
    "worker": WORKER,
    "action": "look_up",
}


def stored(kind: str, body: object, person: str | None = PERSON) -> Stored:
    return Stored(7, kind, TIME, orjson.dumps({"body": body}), person)


def look(**fields: object) -> Any:  # noqa: ANN401 - what a test reads of it differs
    return read(stored("kelmu.access.decided.v1", ACCESS | fields))


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("body", [None, [], "x", {}, {"worker": WORKER}, {**ACCESS, "time": "yesterday"}])
def test_what_cannot_be_read_tells_nothing_and_stops_nothing(kind: str, body: object) -> None:
    assert read(stored(kind, body)) is None
    assert read(Stored(7, kind, TIME, b"\xff", None)) is None


def test_a_look_up_is_told_on_the_finnish_day() -> None:
    told = look()
    assert isinstance(told, Stated)
    assert (told.look.day, told.look.person, told.look.seen) == (date(2016, 11, 15), PERSON, True)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"purpose": "CLAIM"}, True),
        ({"purpose": "CHARGE"}, False),
        ({"purpose": "CLAIM", "relation": "claim"}, False),
        ({"purpose": "CLAIM", "outcome": "refused"}, False),
    ],
)
def test_only_shown_data_for_a_claim_that_there_is_not_yet_waits_for_one(
    fields: dict[str, object],
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert look(**fields).look.claim is expected


@pytest.mark.parametrize("fields", [{"emergency": True}, {"relation": "emergency"}])
def test_an_override_is_an_emergency(fields: dict[str, object]) -> None:
    assert look(**fields).look.emergency


@pytest.mark.parametrize("action", ["redisplay", "annotation", "dry_run", "log_search", "notices"])
def test_what_is_no_look_up_tells_nothing(action: str) -> None:
    assert look(action=action) is None


def test_a_claim_and_a_handled_notice_are_actions_of_the_organisation() -> None:
    claim = read(stored("kelmu.claims.registered.v1", {"client": PERSON, "organisation": "0201256-6"}, None))
    assert claim == look(action="notice_change") == Acted(7, TIME, ("0201256-6",), PERSON)


def test_a_mandate_tells_of_emergency_duty_for_its_days() -> None:
    body = {
        "id": "M-1",
        "version": 1,
        "worker": WORKER,
        "organisation": "0201256-6",
        "member": "091",
        "roles": ["emergency_worker"],
        "validity": {"first": "2016-01-01", "last": "2016-12-31"},
    }
    duty = read(stored("kelmu.agreements.mandate.v1", body, None))
    assert isinstance(duty, Duty)
    assert [duty.covers(day) for day in (date(2015, 12, 31), date(2016, 12, 31), date(2017, 1, 1))] == [
        False,
        True,
        False,
    ]
    other = read(stored("kelmu.agreements.mandate.v1", {**body, "roles": ["viewer"]}, None))
    assert isinstance(other, Duty)
    assert not other.covers(date(2016, 6, 1))
