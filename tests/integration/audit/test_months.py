"""Entries lie in one partition for each month in which they were received."""

from datetime import UTC, datetime

import structlog

from services.audit.handlers import LogKeeper
from services.audit.personal import Opener, PersonKeys
from tests.integration.audit.world import PSEUDONYM_KEY, RING, Log, access

RANGES = """
    select string_agg(c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid), '; ' order by c.relname)
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'entry'::regclass and c.relname >= 'entry_2199_01'
"""


def received_at(*times: datetime) -> LogKeeper:
    """A keeper of whose batches one is received at each of the times."""
    log = structlog.get_logger("test")
    return LogKeeper(Opener(RING, PSEUDONYM_KEY), PersonKeys(RING), iter(times).__next__, log)


async def test_a_range_begins_with_the_first_entry_received_in_a_finnish_month(log: Log) -> None:
    late, new, newer = (
        datetime(2199, month, day, hour, tzinfo=UTC) for month, day, hour in ((1, 31, 21), (1, 31, 22), (3, 5, 0))
    )
    keeper = received_at(late, late, new, newer)
    for first, last in ((0, 2), (2, 3), (3, 7), (7, 8)):
        await log.feed([access(n) for n in range(first, last)], keeper.append)
    assert await log.scalar(RANGES) == (
        "entry_2199_01 FOR VALUES FROM ('0') TO ('3'); entry_2199_02 FOR VALUES FROM ('3') TO ('7'); "
        "entry_2199_03 FOR VALUES FROM ('7') TO (MAXVALUE)"
    )
    await log.sign()
    assert (await log.check()).whole


async def test_a_reader_in_the_way_puts_the_new_range_off_and_keeps_no_entry_out(log: Log) -> None:
    month = datetime(2199, 4, 1, tzinfo=UTC)
    await log.feed([access(0)])
    keeper = received_at(month, month.replace(minute=2))
    async with log.engine.connect() as reader:
        await reader.exec_driver_sql("select count(*) from entry")
        await log.feed([access(1)], keeper.append)
        assert await log.scalar("select month < '2199-04' from head")
        await reader.rollback()
    await log.feed([access(2)], keeper.append)
    assert await log.scalar("select month || ' ' || month_first from head") == "2199-04 2"
    await log.sign()
    assert (await log.check()).whole
