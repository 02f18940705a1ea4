"""What claims keeps of what it tells: registrations and questions by hour and agreement, no more and no less."""

from datetime import timedelta

from sqlalchemy import text

from services.claims.store.counts import forget, held_in_hour
from shared.contracts.access import AccessDecided
from shared.contracts.claims import ClaimRegistered
from shared.counting import Held
from shared.database.engine import driver
from tests.integration.claims.desk import ARRIVAL, Open, claim

HOUR = ARRIVAL.replace(minute=0, second=0, microsecond=0)


async def test_every_counted_event_of_an_hour_is_kept_with_what_it_tells(desk: Open) -> None:
    # given a registration, one that is refused, and a question about the first
    sent = claim()
    await desk.ask(sent)
    await desk.ask(claim(benefit="x"))
    await desk.status(sent.idempotency_key)
    told = [*await desk.events(ClaimRegistered), *await desk.events(AccessDecided)]
    # then the account of the hour holds just the events that are compared
    async with driver(desk.rig.engine) as conn:
        held = await held_in_hour(conn, HOUR)
        assert await held_in_hour(conn, HOUR + timedelta(hours=1)) == {}
    assert len(told) == 2
    assert sum(one.count for one in held.values()) == 2
    assert Held.sums(2, *(sum(getattr(one, half) for one in held.values()) for half in ("high", "low"))) == Held.of(
        id_ for id_, _ in told
    )
    # and what is older than it is compared is let go
    async with desk.rig.engine.begin() as conn:
        await conn.execute(text("update told_event set kept_at = now() - interval '9 days'"))
    async with driver(desk.rig.engine) as conn:
        await forget(conn)
        assert await held_in_hour(conn, HOUR) == {}
