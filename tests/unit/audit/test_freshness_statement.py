from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.contracts.audit import FreshnessStated
from shared.freshness import NEVER, Freshness, age, sign, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
NOW = datetime(2026, 1, 1, 12, 0, 0, 250000, tzinfo=UTC)
FIELDS = Freshness(
    7, NOW, {"access.events/0": NOW - timedelta(seconds=1), "claims.events/3": NOW - timedelta(seconds=9)}
)
STATED = sign(FIELDS, KEY)


def test_a_statement_verifies_after_its_way_over_the_bus() -> None:
    arrived = FreshnessStated.model_validate_json(STATED.model_dump_json())
    assert verify(arrived, KEY.public_key())
    assert arrived.covered_until == NOW - timedelta(seconds=9)


def test_age_is_that_of_the_least_covered_partition() -> None:
    assert age(STATED, NOW + timedelta(seconds=51)) == timedelta(seconds=60)


@pytest.mark.parametrize(
    "change",
    [
        {"size": 8},
        {"stated": NOW + timedelta(seconds=1)},
        {"covered_until": NOW},
        {"partitions": {}},
        {"partitions": {"access.events/0": NOW - timedelta(seconds=9)}},
        {"signature": ""},
        {"signature": "rubbish!"},
    ],
)
def test_a_changed_statement_does_not_verify(change: dict[str, object]) -> None:
    assert not verify(STATED.model_copy(update=change), KEY.public_key())


def test_another_key_does_not_verify() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
    assert not verify(STATED, other.public_key())


def test_an_unknown_partition_is_as_stale_as_can_be() -> None:
    stated = sign(Freshness(0, NOW, {"access.events/0": NEVER, "access.events/1": NOW}), KEY)
    assert verify(stated, KEY.public_key())
    assert age(stated, NOW) > timedelta(days=365)
