"""The system clock: real time, for machinery only (tokens, sessions, deadlines, freshness, backoff)."""

from datetime import UTC, datetime


def system_now() -> datetime:
    """Return the machine's time as an aware UTC instant. Never decides a price, a payday or a period."""
    return datetime.now(UTC)
