"""What a worker may probe has a bound for each day, whatever dies between and whoever counts at the same time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.data_files import dry_run_thresholds
from services.claims.requests import Requests
from services.claims.store import dry_runs
from services.claims.store.dry_runs import Count
from shared.bus.messages import Delivered, Outgoing, Record, decode
from shared.bus.transaction import Tx
from shared.clock.system import system_now
from shared.contracts.access import AccessDecided, Action, Outcome
from shared.contracts.answers import ClaimValidated
from shared.contracts.asking import ValidateClaim
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimRefused
from tests.harness.consuming import Rig, until
from tests.integration.claims.claimants import KUOPIO, TAMPERE
from tests.integration.claims.desk import ARRIVAL, CLIENT, Desk, Open, claim, opened
from tests.integration.claims.office import code_of

COLLEAGUE = replace(KUOPIO, worker="010180Y9026")
PAIR = (KUOPIO, COLLEAGUE)
MOST_REFUSED = dry_run_thresholds().rows[0].refused_per_day
BOUND = dry_run_thresholds().rows[0].per_day


async def test_given_a_worker_who_probes_then_the_day_has_a_bound_that_a_restart_does_not_lift(
    claims_rig: Rig,
) -> None:
    desk, asked = Desk(), ValidateClaim(claim=claim())
    async with opened(claims_rig, desk) as open_:
        assert isinstance(await open_.ask(asked), ClaimValidated)
        async with claims_rig.engine.begin() as conn:
            counted = await conn.execute(text(f"update claim_dry_runs set runs = {BOUND - 1}"))
            assert counted.rowcount == 1
        assert isinstance(await open_.ask(asked), ClaimValidated)
        await past_the_bound(open_, asked)
    async with opened(claims_rig, desk) as again:
        await past_the_bound(again, asked)


async def past_the_bound(open_: Open, asked: ValidateClaim) -> None:
    for body in (asked, ValidateClaim(claim=claim(identity_code="310323F999K"))):
        assert code_of(await open_.ask(body)) == "claims.dry_runs"
    events = [AccessDecided.model_validate_json(body) for _, body in await open_.events(AccessDecided)]
    refused = [(one.action, one.outcome, one.rule) for one in events[-2:]]
    assert refused == [(Action.DRY_RUN, Outcome.REFUSED, "dry_run_threshold")] * 2
    # Another municipality makes nobody another worker; the next day is another one.
    assert code_of(await open_.ask(asked, by=TAMPERE)) == "claims.dry_runs"
    assert isinstance(await open_.ask(asked, accepted=ARRIVAL + timedelta(seconds=1)), ClaimValidated)


async def test_given_a_worker_who_probes_by_refused_registrations_then_they_have_a_bound_and_are_in_the_log(
    claims_rig: Rig,
) -> None:
    desk = Desk()
    async with opened(claims_rig, desk) as open_:
        await open_.receipt()
        assert code_of(await open_.ask(claim())) == "claim.duplicate"
        assert code_of(await open_.ask(claim(reference="1"))) != "claim.duplicate"
        assert await refused_so_far(open_) == 1
        async with claims_rig.engine.begin() as conn:
            await conn.execute(text(f"update claim_dry_runs set refused = {MOST_REFUSED - 1}"))
        assert code_of(await open_.ask(claim())) == "claim.duplicate"
        await barred(open_)
    async with opened(claims_rig, desk) as again:
        await barred(again)
        # What the claim says of itself is told all the same, and the next day is another one.
        assert code_of(await again.ask(claim(reference="1"))) == "claim.reference"
        tomorrow = ARRIVAL + timedelta(seconds=1)
        assert code_of(await again.ask(claim(), accepted=tomorrow)) == "claim.duplicate"


async def barred(open_: Open) -> None:
    """Neither a claim that would be refused nor one that would be taken is told from the other."""
    for code in (CLIENT, "310323F999K"):
        assert code_of(await open_.ask(claim(identity_code=code))) == "claims.refused_registrations"
    assert await refused_so_far(open_) == MOST_REFUSED
    told = [ClaimRefused.model_validate_json(body).rule for _, body in await open_.events(ClaimRefused)]
    assert told[-2:] == ["refused_registrations_threshold"] * 2
    assert len(await open_.rows("select id from claim")) == 1


async def refused_so_far(open_: Open) -> object:
    (row,) = await open_.rows("select refused from claim_dry_runs where day = '2016-12-22'")
    return row["refused"]


async def test_given_two_transactions_that_count_the_same_workers_crosswise_then_neither_waits_in_a_circle(
    claims_rig: Rig,
) -> None:
    """The second asks in the other order while the first is between its two counts."""
    one, other = ("worker-1", ARRIVAL.date()), ("worker-2", ARRIVAL.date())
    async with claims_rig.engine.connect() as first, claims_rig.engine.connect() as second:
        await dry_runs.hold(first, [one, other])
        await dry_runs.count(first, one)
        crossing = asyncio.create_task(count_both(second, other, one))

        async def waits() -> object:
            return await claims_rig.scalar(BLOCKED)

        await until(waits, lambda count: count == 1)
        await dry_runs.count(first, other)
        await first.commit()
        assert await crossing == [2, 2]


BLOCKED = "select count(*) from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0"


async def count_both(conn: AsyncConnection, *counts: Count) -> list[int]:
    await dry_runs.hold(conn, counts)
    found = [await dry_runs.count(conn, count) for count in counts]
    await conn.commit()
    return found


async def test_given_batches_of_two_consumers_with_the_same_workers_crosswise_then_both_are_answered(
    claims_rig: Rig,
) -> None:
    desk, asked = Desk(others=(COLLEAGUE,)), ValidateClaim(claim=claim(reference="1"))
    requests = desk.requests()
    for _ in range(5):
        batches = [[delivered(desk.request(asked, by=by)) for by in order] for order in (PAIR, PAIR[::-1])]
        await asyncio.gather(*(served(claims_rig, requests, batch) for batch in batches))
    async with claims_rig.engine.connect() as conn:
        assert list(await conn.scalars(text("select runs from claim_dry_runs"))) == [10, 10]
    assert len(desk.answers) == 20


async def served(rig: Rig, requests: Requests, batch: list[Delivered[Contract]]) -> None:
    """A batch as a consumer has it worked on: one transaction, then the answers."""
    async with rig.engine.begin() as conn:
        tx = Tx(conn)
        await requests.on_requests(tx, batch)
        await tx.flush()
    for after in tx.afterwards:
        await after()


def delivered(message: Outgoing) -> Delivered[Contract]:
    """The message as the consumer loop hands it on."""
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    taken = int(system_now().timestamp() * 1000)
    return decode(Record(message.topic, 0, 0, message.key, message.body, headers, taken))
