"""The agreements events that decide who pays and how much, kept as published."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.messages import Delivered
from shared.bus.topics import CONTRACTS
from shared.contracts.base import Contract
from shared.database.engine import raw
from shared.directory.model import Directory

_AGREEMENTS: Final = """
    insert into agreement_event (event_id, type, body) select * from unnest($1::uuid[], $2::text[], $3::bytea[])
"""


async def add_agreement_events(conn: AsyncConnection, events: Sequence[Delivered[Contract]]) -> None:
    """Keep agreements events as published, in order of arrival, for folding when rating."""
    connection = await raw(conn)
    await connection.execute(
        _AGREEMENTS, [e.id for e in events], [e.type for e in events], [e.record.value for e in events]
    )


async def directory(conn: AsyncConnection, until: int | None = None) -> tuple[Directory, int]:
    """Fold the agreements events, up to the one numbered `until` when given; also the number of the last one."""
    rows = await conn.execute(
        text("select id, type, body from agreement_event where id <= coalesce(:until, id) order by id"),
        {"until": until},
    )
    folded, last = Directory(), 0
    for row in rows:
        folded.apply(CONTRACTS[row.type].model_validate_json(row.body))
        last = row.id
    return folded, last
