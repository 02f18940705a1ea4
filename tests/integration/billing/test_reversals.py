"""A use that was never delivered, or was wrong, is taken back by its event: once, in whatever order they come."""

import random
from collections.abc import Sequence

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.reversing import ReversalRefusedError, reverse_use
from services.billing.store.reversals import reversals
from services.billing.store.workers import AliasRefusedError, add_aliases, pair
from shared.bus.messages import Outgoing
from shared.bus.transaction import Refuse
from shared.ids import event_id
from tests.integration.billing.usages import (
    NOW,
    december,
    feed,
    looked_up,
    queries,
    reversed_,
    scalar,
    worker,
)

TAKEN_BACK = looked_up(1, by=worker(1))
OTHER = looked_up(2, by=worker(0))


@pytest.mark.parametrize(
    "batches",
    [
        [[TAKEN_BACK, OTHER], [reversed_(TAKEN_BACK)]],
        [[reversed_(TAKEN_BACK)], [TAKEN_BACK, OTHER]],
        [[OTHER, reversed_(TAKEN_BACK), TAKEN_BACK]],
    ],
    ids=["after the use", "before the use", "in one batch"],
)
async def test_a_use_that_was_not_delivered_is_neither_charged_nor_makes_its_user_active(
    engine: AsyncEngine, batches: list[list[Outgoing]]
) -> None:
    await feed(engine, *batches)
    used = await december(engine)
    assert (await queries(engine), used.users) == (1, 1)
    assert await scalar(engine, "select count(*) from usage") == 3
    assert await scalar(engine, "select count(*) from usage_in_effect") == 1
    assert await scalar(engine, "select state from reversal") == "applied"


async def test_a_user_with_another_use_in_the_month_stays_active(engine: AsyncEngine) -> None:
    again = looked_up(3, by=worker(1))
    await feed(engine, [TAKEN_BACK, again], [reversed_(TAKEN_BACK)])
    assert (await december(engine)).users == 1
    await feed(engine, [reversed_(again)])
    assert (await december(engine)).users == 0


@pytest.mark.parametrize("seed", range(3))
async def test_tallies_and_active_users_are_what_is_left_whatever_the_order_and_the_batches(
    engine: AsyncEngine, seed: int
) -> None:
    rng = random.Random(seed)
    uses = [looked_up(n, by=worker(rng.randrange(6)), agreement=f"A-{rng.randrange(2):03}") for n in range(40)]
    gone = rng.sample(uses, 25)
    messages = [*uses, *map(reversed_, gone)]
    rng.shuffle(messages)
    await feed(engine, *(messages[n : n + 9] for n in range(0, len(messages), 9)))
    left = """
        select coalesce(sum(t.quantity), 0) from (
            select day, agreement, member, product, quantity from tally where quantity <> 0
            except select day, agreement, member, product, count(*) from usage_in_effect group by 1, 2, 3, 4
        ) t
    """
    users = """
        select count(*) from (
            (select agreement, worker from active_user except select agreement, worker from usage_in_effect)
            union all (select agreement, worker from usage_in_effect except select agreement, worker from active_user)
        ) t
    """
    assert await scalar(engine, "select sum(quantity) from tally") == 15
    assert await scalar(engine, left) == 0
    assert await scalar(engine, users) == 0


async def test_the_reversal_of_a_use_that_nobody_knows_waits_and_is_listed(engine: AsyncEngine) -> None:
    await feed(engine, [reversed_(TAKEN_BACK)])
    async with engine.connect() as conn:
        (waiting,) = await reversals(conn, all_=False)
    assert (waiting.of, waiting.state, waiting.reason) == (TAKEN_BACK.id, "waiting", "not_delivered")
    assert await scalar(engine, "select count(*) from tally") == 0


@pytest.mark.parametrize("first", [True, False], ids=["before the use", "after the use"])
async def test_a_reversal_that_names_another_day_waits_and_does_not_stand_in_the_way_of_the_right_one(
    engine: AsyncEngine, *, first: bool
) -> None:
    batches = [[reversed_(TAKEN_BACK, days_off=3)], [TAKEN_BACK, OTHER]]
    await feed(engine, *(batches if first else reversed(batches)))
    assert (await queries(engine), (await december(engine)).users) == (2, 2)
    assert (await reverse_use(engine, TAKEN_BACK.id, "tested by the vendor", NOW)).now
    await feed(engine, [reversed_(TAKEN_BACK)])
    assert (await queries(engine), (await december(engine)).users) == (1, 1)
    states = "select string_agg(state, ' ' order by state) from reversal"
    assert await scalar(engine, states) == "applied superseded waiting"


@pytest.mark.parametrize("first", [True, False], ids=["before the use", "after the use"])
async def test_a_reversal_told_by_another_service_than_the_use_takes_no_effect_and_is_listed_with_its_teller(
    engine: AsyncEngine, *, first: bool
) -> None:
    batches = [[reversed_(TAKEN_BACK, publisher="claims")], [TAKEN_BACK, OTHER]]
    await feed(engine, *(batches if first else reversed(batches)))
    assert (await queries(engine), (await december(engine)).users) == (2, 2)
    async with engine.connect() as conn:
        (listed,) = await reversals(conn, all_=False)
    assert (listed.of, listed.state, listed.service) == (TAKEN_BACK.id, "foreign", "claims")
    # What its own service tells stands, and so does what a clerk does.
    await feed(engine, [reversed_(TAKEN_BACK)])
    assert (await queries(engine), (await december(engine)).users) == (1, 1)
    await feed(engine, [reversed_(OTHER, publisher="audit")])
    assert (await reverse_use(engine, OTHER.id, "tested by the vendor", NOW)).now
    assert (await queries(engine), (await december(engine)).users) == (0, 0)


async def test_reversals_of_two_services_wait_for_a_use_and_its_own_one_takes_effect(engine: AsyncEngine) -> None:
    await feed(engine, [reversed_(TAKEN_BACK, publisher="claims"), reversed_(TAKEN_BACK)], [TAKEN_BACK, OTHER])
    assert (await queries(engine), (await december(engine)).users) == (1, 1)
    assert await scalar(engine, "select string_agg(state, ' ' order by state) from reversal") == "applied foreign"


@pytest.mark.parametrize(("service", "publisher"), [("lookup", "claims"), ("lookup", ""), ("stranger", "stranger")])
async def test_a_use_told_by_another_service_than_it_names_is_refused_with_its_reason(
    engine: AsyncEngine, service: str, publisher: str
) -> None:
    with pytest.raises(Refuse, match="published it") as refused:
        await feed(engine, [looked_up(1, service=service, publisher=publisher)])
    assert refused.value.code == "usage.publisher"
    assert await scalar(engine, "select count(*) from usage") == 0


async def test_a_use_remembers_its_service_and_the_history_that_upstream_tells_is_lookups(engine: AsyncEngine) -> None:
    await feed(engine, [looked_up(1, publisher="upstream"), looked_up(2, service="audit", publisher="audit")])
    assert await scalar(engine, "select string_agg(service, ' ' order by service) from usage") == "audit lookup"


async def test_a_clerk_takes_a_wrong_use_back_once_and_the_log_is_told_why(engine: AsyncEngine) -> None:
    await feed(engine, [TAKEN_BACK, OTHER])
    first = await reverse_use(engine, TAKEN_BACK.id, "tested by the vendor", NOW)
    again = await reverse_use(engine, TAKEN_BACK.id, "tested by the vendor", NOW)
    await feed(engine, [reversed_(TAKEN_BACK)])
    assert (first.now, again.now) == (True, False)
    assert (await queries(engine), (await december(engine)).users) == (1, 1)
    told = "select convert_from(body, 'UTF8')::json ->> 'reason' from outbox where type like '%usage_reversed%'"
    assert await scalar(engine, told) == "tested by the vendor"
    assert await scalar(engine, "select count(*) from outbox") == 1
    assert await scalar(engine, "select count(*) from usage where event_id = reverses") == 0


@pytest.mark.parametrize(
    ("use", "reason", "code"),
    [
        ("never", "tested by the vendor", "reverse.unknown"),
        ("1", "  ", "reverse.reason"),
        ("1", "client 010180-9015 was wrong", "reverse.reason"),
    ],
)
async def test_a_clerk_is_told_what_cannot_be_taken_back(engine: AsyncEngine, use: str, reason: str, code: str) -> None:
    await feed(engine, [TAKEN_BACK])
    with pytest.raises(ReversalRefusedError) as refused:
        await reverse_use(engine, event_id("access", use), reason, NOW)
    assert refused.value.code == code
    assert await queries(engine) == 1


@pytest.mark.parametrize("row", [["010180-9015", worker(1)], [worker(1), worker(1)], [worker(1)]])
def test_only_two_different_pseudonyms_are_one_worker(row: Sequence[str]) -> None:
    with pytest.raises(AliasRefusedError) as refused:
        pair(row)
    assert "010180" not in str(refused.value)


async def test_one_pseudonym_is_never_two_workers(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        await add_aliases(conn, [(worker(1, 2), worker(1))])
        with pytest.raises(AliasRefusedError):
            await add_aliases(conn, [(worker(1, 2), worker(2))])
