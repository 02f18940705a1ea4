from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.freshness import Freshness, age, sign, verify

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
BEFORE_UTC = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
AFTER_UTC = datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-2)))
KEY = Ed25519PrivateKey.generate()
STATED = sign(Freshness(7, NOW, {"access.events/0": NOW, "access.events/1": NOW - timedelta(seconds=3)}), KEY)


def test_given_a_signed_statement_then_it_verifies_and_is_as_old_as_its_oldest_partition() -> None:
    assert verify(STATED, KEY.public_key())
    assert age(STATED, NOW) == timedelta(seconds=3)


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": "ä"},
        {"signature": "abc"},
        {"signature": ""},
        {"size": 8},
        {"size": 2**70},
        {"stated": BEFORE_UTC},
        {"stated": AFTER_UTC},
        {"covered_until": BEFORE_UTC, "partitions": {"access.events/0": BEFORE_UTC}},
        {"partitions": {}},
        {"covered_until": NOW},
        {"covered_until": NOW, "partitions": {"\ud800": NOW}},
    ],
)
def test_given_a_malformed_or_changed_statement_then_it_is_not_verified_and_nothing_is_raised(
    changes: dict[str, object],
) -> None:
    assert not verify(STATED.model_copy(update=changes), KEY.public_key())


@pytest.mark.parametrize("until", [BEFORE_UTC, AFTER_UTC])
def test_given_a_time_at_the_edge_of_the_calendar_then_its_age_is_told_all_the_same(until: datetime) -> None:
    stated = STATED.model_copy(update={"covered_until": until})

    assert abs(age(stated, NOW)) > timedelta(days=365)
