"""What claims told of an hour: its own account, which the log compares with what stands on Kafka."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import orjson

from shared.bus.messages import Outgoing
from shared.counted import SUMS, held_of
from shared.counting import COUNTED, Held

if TYPE_CHECKING:
    from asyncpg import Connection

_TYPES: Final = frozenset(contract.ce_type for contract in COUNTED)
KEPT: Final = timedelta(days=8)
"""A day longer than the log compares it (`services/audit/domain/completeness.py`)."""


async def keep(conn: "Connection", events: Sequence[Outgoing]) -> None:
    """Keep which events are told, in the transaction that decides them."""
    rows = [
        (event.id, event.time, orjson.loads(event.body).get("agreement") or "")
        for event in events
        if event.type in _TYPES
    ]
    if rows:
        await conn.execute(
            """
            insert into told_event (event_id, time, agreement)
            select * from unnest($1::uuid[], $2::timestamptz[], $3::text[]) on conflict do nothing
            """,
            *(list(column) for column in zip(*rows, strict=True)),
        )


async def held_in_hour(conn: "Connection", hour: datetime) -> Mapping[str, Held]:
    """Events of one hour by agreement."""
    rows = await conn.fetch(
        f"select null::date as day, agreement, {SUMS} from told_event where time >= $1 and time < $2 group by 2",
        hour,
        hour + timedelta(hours=1),
    )
    return {agreement: held for (_, agreement), held in held_of(rows).items()}


async def forget(conn: "Connection") -> None:
    """Let go of what is older than it is compared."""
    await conn.execute("delete from told_event where kept_at < now() - $1::interval", KEPT)
