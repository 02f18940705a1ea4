"""How much lookup has decided of an hour: its own account, which the log compares with what stands on Kafka."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared.counted import SUMS, held_of
from shared.counting import Held

if TYPE_CHECKING:
    from asyncpg import Connection

_COUNT: Final = f"""
    select null::date as day, convert_from(body, 'UTF8')::json ->> 'agreement' as agreement, {SUMS}
    from decided where body is not null and time >= $1 and time < $2 group by 2
"""


async def held_in_hour(conn: "Connection", hour: datetime) -> Mapping[str, Held]:
    """Access events of one hour by agreement: each was kept before it was published."""
    rows = await conn.fetch(_COUNT, hour, hour + timedelta(hours=1))
    return {agreement: held for (_, agreement), held in held_of(rows).items()}
