"""Entries for a SIEM, in order and in portions."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

import orjson

from services.audit.domain.cef import Entry

if TYPE_CHECKING:
    from asyncpg import Connection

PORTION: Final = 2_000


async def first_since(conn: "Connection", since: datetime) -> int:
    """Number of the first entry that was logged at or after an instant; where the log ends if there is none.

    What is received stands in order, so that half of what is left can be passed over with each look.
    """
    low, high = 0, int(await conn.fetchval("select size from head"))
    while low < high:
        middle = (low + high) // 2
        received: datetime = await conn.fetchval("select received from entry where seq = $1", middle)
        low, high = (middle + 1, high) if received < since else (low, middle)
    return low


async def portion(conn: "Connection", first: int) -> list[Entry]:
    """The next entries from a number on."""
    rows = await conn.fetch(
        "select seq, event_id, type, time, leaf from entry where seq >= $1 order by seq limit $2", first, PORTION
    )
    return [
        Entry(r["seq"], str(r["event_id"]), r["type"], int(r["time"].timestamp() * 1000), _body(r["leaf"]))
        for r in rows
    ]


def _body(leaf: bytes) -> dict[str, object]:
    """The clear body; of an entry that contradicts another, that of what it holds."""
    fields = orjson.loads(leaf)
    body = fields.get("contradicts", fields).get("body")
    return body if isinstance(body, dict) else {}
