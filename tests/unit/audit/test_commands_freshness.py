"""What an operator is told of freshness."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.commands_freshness import told
from shared.freshness import NEVER, Freshness, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def said(until: datetime, key: Ed25519PrivateKey = KEY) -> tuple[list[str], bool]:
    partitions = {"access.events/7": until, "access.events/2": NOW}
    return told(sign(Freshness(9, NOW, partitions), key), [KEY.public_key()], 60, NOW)


def test_the_partition_that_holds_the_log_back_is_named_first() -> None:
    lines, stale = said(NOW - timedelta(seconds=412))
    assert stale
    assert lines == [
        "STALE: 412 s behind (look-ups are refused from 60 s on), 9 entries signed.",
        "Stated 0.0 s ago.",
        "  access.events/7  412.0 s behind",
        "  access.events/2  0.0 s behind",
    ]


def test_a_log_that_keeps_up_is_fresh_and_one_that_never_covered_a_partition_is_not() -> None:
    assert said(NOW - timedelta(seconds=59))[1] is False
    lines, stale = said(NEVER)
    assert (stale, lines[2]) == (True, "  access.events/7  never covered")


def test_silence_and_a_strangers_signature_are_stale() -> None:
    assert told(None, [KEY.public_key()], 60, NOW)[1]
    lines, stale = said(NOW, OTHER)
    assert (stale, "not signed by the log's key" in lines[0]) == (True, True)
