"""What the books load: limits of a month hold over all its payments, however they are read, also settled ones."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from services.claims.app import REGISTER
from shared.bus.messages import Delivered, Outgoing, Record, digest_of
from shared.bus.topics import CONTRACTS
from shared.bus.transaction import Tx
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimState
from tests.harness.consuming import Rig, private, rig
from tests.integration.claims.test_books import act
from tests.integration.claims.upstream import AFTER, BEFORE, FEBRUARY, PAYDAY, Upstream, books

SETTLED = datetime(2017, 2, 28, 10, tzinfo=UTC)
"""After every payday here."""
PAYMENTS = 6


@pytest_asyncio.fixture(loop_scope="session")
async def shelf(kafka: str, database: str, tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(kafka, database, [private(topic) for topic in REGISTER[:1]], tmp_path) as ready:
        yield ready


def take_in(message: Outgoing) -> Delivered[Contract]:
    body = CONTRACTS[message.type].model_validate_json(message.body)
    record = Record(message.topic, 0, 0, message.key, message.body, (), 0)
    return Delivered(message.id, message.type, message.time, body, record, digest_of(message.type, message.body))


async def feed(shelf: Rig, upstream: Upstream, messages: Sequence[Outgoing], size: int) -> None:
    """Take records in, so many in a batch."""
    for start in range(0, len(messages), size):
        async with shelf.engine.begin() as conn:
            tx = Tx(conn)
            await upstream.feed().on_records(tx, [take_in(one) for one in messages[start : start + size]])
            await tx.flush()


async def last_shares(shelf: Rig) -> dict[str, list[str]]:
    """What stands: shares by payment."""
    return {payment: shares for payment, _, shares, _ in await books(shelf.engine)}


def payments(upstream: Upstream, client: int, chance: Random, at: datetime) -> list[Outgoing]:
    """Payments of February of one client, with corrections, all told at one time."""
    made = []
    for n in range(PAYMENTS):
        day = PAYDAY + timedelta(days=n)
        for version in range(1, chance.randint(2, 3)):
            net = f"{chance.randint(10, 60)}.00"
            made.append(upstream.payment(client, net, id=f"P-{client}-{n}", version=version, payday=day, at=at))
    return made


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("at", [BEFORE, SETTLED], ids=["open", "settled"])
async def test_given_payments_of_one_month_when_they_are_read_singly_or_in_batches_then_the_books_are_the_same(
    shelf: Rig, at: datetime, seed: int
) -> None:
    upstream = Upstream()
    sizes = {1: 1, 2: 3, 3: 100}
    for client, size in sizes.items():
        await upstream.store(shelf.engine, client, upstream.claim(client))
        # The same history for each client: its claim takes 100 euros of the month and no more.
        await feed(shelf, upstream, payments(upstream, client, Random(seed), at), size)
    stands = await last_shares(shelf)
    of_client = [[stands.get(f"P-{client}-{n}", []) for n in range(PAYMENTS)] for client in sizes]
    assert of_client[0] == of_client[1] == of_client[2]
    assert sum(Decimal(share.split()[1]) for shares in of_client[0] for share in shares) == 100


async def test_given_a_month_that_is_wholly_taken_when_an_older_one_is_still_open_then_no_limit_is_forgotten(
    shelf: Rig,
) -> None:
    """Another client's payment in the batch, for other months, changes nothing of what this one's claim may take."""
    upstream = Upstream()
    for client in (1, 2):
        await upstream.store(shelf.engine, client, upstream.claim(client))
    later = PAYDAY.replace(day=22)
    await feed(shelf, upstream, [upstream.payment(1, "80.00", id="A", at=BEFORE)], 1)
    await feed(shelf, upstream, [upstream.payment(1, "80.00", id="B", payday=later, at=AFTER)], 1)
    batch = [
        upstream.payment(2, "10.00", id="other", at=SETTLED),
        upstream.payment(1, "80.00", id="B", version=2, payday=later, at=SETTLED),
        upstream.payment(1, "80.00", id="C", payday=later.replace(day=24), at=SETTLED),
    ]
    await feed(shelf, upstream, batch, 3)
    stands = await last_shares(shelf)
    assert [stands.get(id_, []) for id_ in "ABC"] == [["0171450-7 80.00"], ["0171450-7 20.00"], []]


async def test_given_a_settled_payment_when_the_held_one_after_it_follows_a_lowered_advance_then_the_limit_counts_both(
    shelf: Rig,
) -> None:
    upstream = Upstream()
    await upstream.store(shelf.engine, 1, upstream.claim(1))
    await feed(shelf, upstream, [upstream.payment(1, "60.00", id="A", at=BEFORE)], 1)
    assert await act(shelf, upstream, 1, "claim", AFTER, state=ClaimState.SUSPENDED) == 0
    late = upstream.payment(1, "40.00", id="B", payday=PAYDAY, at=AFTER)
    await feed(shelf, upstream, [late], 1)
    lowered = {"version": 3, "state": ClaimState.SUSPENDED, "advances": {FEBRUARY: Decimal(75)}}
    assert await act(shelf, upstream, 1, "claim", SETTLED, **lowered) == 1
    assert (await last_shares(shelf)) == {"A": ["0171450-7 60.00"], "B": ["0171450-7 15.00 held"]}


async def test_given_a_suspended_claim_when_a_paid_instalment_is_corrected_then_only_its_growth_is_held_and_paid_later(
    shelf: Rig,
) -> None:
    upstream = Upstream()
    await upstream.store(shelf.engine, 1, upstream.claim(1))
    await feed(shelf, upstream, [upstream.payment(1, "60.00", id="A", at=BEFORE)], 1)
    await act(shelf, upstream, 1, "claim", AFTER, state=ClaimState.SUSPENDED)
    await feed(shelf, upstream, [upstream.payment(1, "90.00", id="A", version=2, at=AFTER)], 1)
    await act(shelf, upstream, 1, "claim", SETTLED, version=3, state=ClaimState.ACTIVE)
    assert [row[2] for row in await books(shelf.engine)] == [
        ["0171450-7 60.00"],
        ["0171450-7 60.00", "0171450-7 30.00 held"],
        ["0171450-7 90.00"],
    ]
