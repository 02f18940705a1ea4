"""What an invoice charges, computed again from the raw uses, reversed ones and renamed workers included."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.store.workers import add_aliases
from tests.integration.billing.usages import december, feed, looked_up, reversed_, worker
from tests.integration.billing.year import agreement, check, close, know, organisation, population, totals


async def test_a_worker_under_a_new_pseudonym_counts_once_in_invoice_and_check(engine: AsyncEngine) -> None:
    """Golden G11 through a new version of the pseudonym key."""
    await know(engine, organisation("091"), agreement("091"), population("091", 1))
    async with engine.begin() as conn:
        assert await add_aliases(conn, [(worker(1, 2), worker(1)), (worker(1, 3), worker(1, 2))]) == 2
        assert await add_aliases(conn, [(worker(1, 2), worker(1))]) == 0
    await feed(engine, [looked_up(n, by=worker(1, version)) for n, version in ((1, 1), (2, 2), (3, 3))])
    await feed(engine, [looked_up(4, by=worker(2, 2))])
    assert (await december(engine)).users == 2
    await close(engine)
    assert not (await check(engine)).differences


async def test_an_invoice_equals_its_recomputation_from_the_raw_uses_with_reversed_ones(engine: AsyncEngine) -> None:
    await know(engine, organisation("091"), agreement("091"), population("091", 1))
    uses = [looked_up(n, by=worker(n % 5)) for n in range(1_000)]
    await feed(engine, uses, [reversed_(use) for use in uses[4::5]])
    run = await close(engine)
    # 800 queries at 0.08 and 4 users at 1.00 (assumed): every use of the fifth user was taken back.
    assert totals(run) == {"A-091": Decimal("68.00")}
    rerated = await check(engine)
    assert (rerated.rated, rerated.differences) == (Decimal("68.00"), {})
