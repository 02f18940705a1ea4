"""What the log holds of a month, counted from its entries."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from shared.clock.civil import Month
from shared.counted import SUMS, held_of
from shared.counting import Held, Place

if TYPE_CHECKING:
    from asyncpg import Connection

COUNTS_CONSUMER: Final = "audit-counts"
_COUNT: Final = f"""
    select counted_on as day, agreement, {SUMS} from entry where counted_on between $1 and $2 group by 1, 2
"""


async def held_in(conn: "Connection", month: Month) -> Mapping[Place, Held]:
    """Count the entries themselves: one that is missing is noticed."""
    return held_of(await conn.fetch(_COUNT, month.first, month.last))
