"""The uses behind a line are found by an index of its month, however much others used it."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.explaining import document, explain
from services.billing.store.explaining import _PAGE, Cut, _bound
from tests.integration.billing.year import PRICES, agreement, close, know, organisation, use

OTHERS = """
    insert into usage (event_id, agreement, member, product, time, day, worker)
    select gen_random_uuid(), 'B-' || n % 300, '091', 'QUERY_PERSON', time, time::date, 'v1.' || repeat('a', 26)
    from (
        select n, timestamptz '2016-12-01 08:00+00' + n * interval '1 minute' as time from generate_series(1, 20000) n
    )
"""


@pytest.mark.parametrize("row", [1, 2], ids=["uses", "active users"])
async def test_the_uses_and_users_of_a_line_are_found_by_the_index_and_not_by_reading_the_month(
    engine: AsyncEngine, row: int
) -> None:
    await know(engine, organisation("091"), agreement("091"))
    await use(engine, "091", 120, 4)
    await close(engine)
    async with engine.begin() as conn:
        await conn.execute(text(OTHERS))
        await conn.execute(text("analyze usage"))
    async with engine.connect() as conn:
        found = await explain(conn, PRICES, await document(conn, "K2017-00001"), row)
        assert found.seen is not None
        cut = Cut(found.ground, found.seen, limit=1000)
        query = f"explain {cut.found}{_PAGE}"
        plan = "\n".join(await conn.scalars(text(query), _bound(query, cut.parameters)))
    assert "usage_2016_12_agreement_product_time_idx" in plan
    assert "Seq Scan on usage_2016_12" not in plan
