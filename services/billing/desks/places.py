"""Where the next page continues: the key of the last row, parts joined by `~`."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

MARK = "~"


class PlaceError(ValueError):
    """A place that no page gave."""


def place(*parts: object) -> str:
    """The place behind a row."""
    return MARK.join(part.isoformat() if isinstance(part, date) else str(part) for part in parts)


def event_place(after: str | None) -> tuple[datetime, UUID] | None:
    """A place among uses.

    Raises:
        PlaceError: It is none.
    """
    if after is None:
        return None
    at, event = _parts(after, 2)
    return _instant(at), _as_uuid(event)


def document_place(after: str | None) -> tuple[datetime, str] | None:
    """A place among documents.

    Raises:
        PlaceError: It is none.
    """
    if after is None:
        return None
    at, number = _parts(after, 2)
    return _instant(at), number


def usage_place(after: str | None) -> tuple[date, str, str, str] | None:
    """A place among usage.

    Raises:
        PlaceError: It is none.
    """
    if after is None:
        return None
    day, agreement, member, product = _parts(after, 4)
    try:
        return date.fromisoformat(day), agreement, member, product
    except ValueError as error:
        raise PlaceError from error


def number_place(after: str | None) -> int:
    """How many rows were seen.

    Raises:
        PlaceError: It is no number.
    """
    if after is None:
        return 0
    if not (after.isascii() and after.isdigit()):
        raise PlaceError
    return min(int(after), 10**9)


def _parts(after: str, count: int) -> Iterable[str]:
    parts = after.split(MARK)
    if len(parts) != count:
        raise PlaceError
    return parts


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise PlaceError from error
    if found.tzinfo is None:
        raise PlaceError
    return found


def _as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise PlaceError from error
