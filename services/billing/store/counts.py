"""What billing holds of a month: every event that became a use, and every reversal that came as an event."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared.clock.civil import Month, helsinki_date
from shared.counted import SUMS, held_of
from shared.counting import Held, Place

if TYPE_CHECKING:
    from asyncpg import Connection

# A clerk's own reversal is no event of others: it stands on no topic that is compared.
_COUNT: Final = f"""
    select day, coalesce(agreement, '') as agreement, {SUMS} from (
        select event_id, agreement, day from usage where day between $1 and $2 and quantity = 1
        union all
        select event_id, agreement, day from reversal where day between $1 and $2 and source = 'access'
    ) held group by 1, 2
"""
_COUNT_HOUR: Final = f"""
    select day, coalesce(agreement, '') as agreement, {SUMS} from (
        select event_id, agreement, day from usage where day = $1 and time >= $2 and time < $3 and quantity = 1
        union all
        select event_id, agreement, day from reversal
        where day = $1 and time >= $2 and time < $3 and source = 'access'
    ) held group by 1, 2
"""


async def held_in(conn: "Connection", month: Month) -> Mapping[Place, Held]:
    """Count the rows themselves, not the tallies: a row that is gone is noticed."""
    return held_of(await conn.fetch(_COUNT, month.first, month.last))


async def held_in_hour(conn: "Connection", hour: datetime) -> Mapping[str, Held]:
    """Count the rows of one hour, by agreement. The day is named for the sake of the partitions."""
    rows = await conn.fetch(_COUNT_HOUR, helsinki_date(hour), hour, hour + timedelta(hours=1))
    return {agreement: held for (_, agreement), held in held_of(rows).items()}
