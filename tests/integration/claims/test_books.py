"""The books on real topics and a real database: what stands, what is told, and that nothing of it depends on luck."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.claims.allocating import Bookkeeper
from services.claims.app import REGISTER
from services.claims.data_files import protected_shares
from services.claims.domain.bearing import Borne
from services.claims.domain.booking import Why
from services.claims.domain.registration import Claim
from services.claims.feed import Feed
from services.claims.store import claims as stored
from shared.bus.messages import Outgoing
from shared.bus.transaction import Tx
from shared.contracts.claims import AllocationPersonal, ClaimState, Ground, PaymentAllocated
from tests.harness.consuming import Rig, private, rig
from tests.integration.claims.upstream import AFTER, BEFORE, Upstream, books, code

EURO = Decimal("1.00")


@pytest_asyncio.fixture(loop_scope="session")
async def shelf(kafka: str, database: str, tmp_path: Path) -> AsyncIterator[Rig]:
    """A migrated claims database and register topics of this test's own."""
    async with rig(kafka, database, [private(topic) for topic in REGISTER], tmp_path) as ready:
        yield ready


async def send(shelf: Rig, messages: Sequence[Outgoing]) -> None:
    for message in messages:
        topic = next(own for own in shelf.topics if own.name.rpartition(".")[0] == message.topic)
        await shelf.send(message, topic)


async def read(shelf: Rig, upstream: Upstream, *messages: Outgoing) -> None:
    """Send one after the other, each taken in before the next: what is told of another topic has its order."""
    async with shelf.consuming(upstream.feed().on_records):
        for message in messages:
            before = await shelf.consumed()
            await send(shelf, [message])
            await shelf.wait_consumed(before + 1)
    assert await shelf.scalar("select count(*) from quarantine") == 0


async def act(shelf: Rig, upstream: Upstream, n: int, why: Why, at: datetime, **changes: object) -> int:
    """An act on a claim as a desk does it: store, rebook, publish. How many entries it gave."""
    async with shelf.engine.begin() as conn:
        tx = Tx(conn)
        await stored.lock_clients(conn, [upstream.client(n)])
        assert await stored.update(conn, upstream.claim(n, **({"version": 2} | changes)))  # type: ignore[arg-type]  # by name
        events = await upstream.keeper().rebook(tx, upstream.client(n), why, at)
        for event in events:
            tx.publish(event)
        await tx.flush()
    return len(events)


async def told(shelf: Rig, upstream: Upstream) -> list[tuple[PaymentAllocated, AllocationPersonal]]:
    """What is told, in order, opened as audit and lookup do."""
    found = []
    async with shelf.engine.connect() as conn:
        for row in await conn.execute(text("select event_id, type, body from outbox order by id")):
            event = PaymentAllocated.model_validate_json(row.body)
            plain = upstream.ring.open(event.personal, id=row.event_id, type=row.type)
            found.append((event, AllocationPersonal.model_validate_json(plain)))
    return found


async def test_given_a_claim_when_a_payment_arrives_then_the_split_is_told_sealed_and_sums_to_the_net(
    shelf: Rig,
) -> None:
    upstream = Upstream()
    await upstream.store(shelf.engine, 1, upstream.claim(1))
    await read(shelf, upstream, upstream.payment(1))
    ((event, personal),) = await told(shelf, upstream)
    assert (event.payment, event.entry, event.why, event.time) == ("P-1", 1, "payment", BEFORE)
    assert event.organisations == ("0171450-7",)
    assert (personal.client, personal.to_client) == (code(1), 200 * EURO)
    assert [(share.number, share.amount) for share in personal.shares] == [("MV-1", 100 * EURO)]
    assert await shelf.scalar("select event from allocation") == await shelf.scalar("select event_id from outbox")


async def test_given_corrections_and_a_reversal_then_each_is_a_new_entry_and_the_old_ones_cannot_be_changed(
    shelf: Rig,
) -> None:
    upstream = Upstream()
    await upstream.store(shelf.engine, 1, upstream.claim(1))
    await read(
        shelf,
        upstream,
        upstream.payment(1),
        upstream.payment(1, "70.00", version=3, at=AFTER),
        upstream.payment(1, "500.00", version=2, at=AFTER),
        upstream.payment(1, "70.00", version=4, at=AFTER, withdrawn=True),
    )
    assert await books(shelf.engine) == [
        ("P-1", 1, ["0171450-7 100.00"], 200 * EURO),
        ("P-1", 2, ["0171450-7 70.00"], 0 * EURO),
        ("P-1", 3, [], 0 * EURO),
    ]
    async with shelf.engine.connect() as conn:
        kept = await conn.execute(text("select gross, withheld from allocation order by entry"))
        assert kept.all() == [(350 * EURO, 50 * EURO), (120 * EURO, 50 * EURO), (0 * EURO, 0 * EURO)]
    (*_, (event, personal)) = await told(shelf, upstream)
    assert event.organisations == ("0171450-7",)
    assert (personal.net, personal.to_client) == (0 * EURO, 0 * EURO)
    for change in ("update allocation set to_client = 0", "delete from allocation_share"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with shelf.engine.begin() as conn:
                await conn.execute(text(change))


async def test_given_kela_and_two_municipalities_then_g4_is_kept_to_the_cent(shelf: Rig) -> None:
    upstream = Upstream()
    tampere = upstream.claim(1, "80.00", organisation="0211675-2")
    kuopio = upstream.claim(
        2, client=upstream.client(1), ground=Ground.AML_14, advances={}, origin=None,
        care=stored.read_care('{"2017-02": {"fee": "480.00", "income": "600.00", "others": "0.00"}}'),
    )  # fmt: skip
    await upstream.store(shelf.engine, 1, tampere)
    await upstream.store(shelf.engine, 1, kuopio)
    await read(shelf, upstream, upstream.payment(1, "600.00"), upstream.kela(1))
    assert await books(shelf.engine) == [
        ("P-1", 1, ["0211675-2 80.00", "0171450-7 413.00"], 107 * EURO),
        ("P-1", 2, ["kela 150.00", "0211675-2 80.00", "0171450-7 263.00"], 107 * EURO),
    ]


async def test_given_kelas_own_claim_alone_when_it_ends_then_settled_payments_stay_and_later_ones_are_the_clients(
    shelf: Rig,
) -> None:
    upstream = Upstream()
    later = {"id": "P-later", "payday": date(2017, 2, 22), "net": "40.00"}
    await read(
        shelf,
        upstream,
        upstream.kela(1, "330.00"),
        upstream.payment(1),
        upstream.payment(1, **later),  # type: ignore[arg-type]  # by name
        upstream.kela(1, "330.00", version=2, ended=True, at=AFTER),
        upstream.payment(1, "310.00", version=2, at=AFTER),
    )
    assert [row for row in await books(shelf.engine) if row[0] == "P-1"] == [
        ("P-1", 1, ["kela 300.00"], 0 * EURO),
        ("P-1", 2, ["kela 310.00"], 0 * EURO),
    ]
    assert [row[2:] for row in await books(shelf.engine) if row[0] == "P-later"][-1] == ([], 40 * EURO)
    assert (await told(shelf, upstream))[0][1].client == code(1)


async def test_given_a_payment_before_its_claim_when_the_claim_comes_and_is_decided_then_held_and_paid(
    shelf: Rig,
) -> None:
    upstream = Upstream()
    await read(shelf, upstream, upstream.payment(1))
    await upstream.store(shelf.engine, 1, upstream.claim(1, state=ClaimState.REGISTERED))
    assert await act(shelf, upstream, 1, "claim", BEFORE, state=ClaimState.IN_HEARING) == 1
    assert await act(shelf, upstream, 1, "decision", AFTER, version=3, state=ClaimState.ACCEPTED) == 1
    assert (
        await act(shelf, upstream, 1, "claim", AFTER, version=4, state=ClaimState.ENDING, stops_from=AFTER.date()) == 0
    )
    assert [row[1:3] for row in await books(shelf.engine)] == [
        (1, ["0171450-7 100.00 held"]),
        (2, ["0171450-7 100.00"]),
    ]


async def test_given_an_account_that_is_not_confirmed_then_the_part_waits_and_never_goes_to_the_client(
    shelf: Rig,
) -> None:
    upstream = Upstream()
    await upstream.store(shelf.engine, 1, upstream.claim(1))
    async with shelf.consuming(upstream.feed(confirmed=False).on_records):
        await send(shelf, [upstream.payment(1)])
        await shelf.wait_consumed(1)
    assert await act(shelf, upstream, 1, "claim", AFTER) == 1
    assert [row[2:] for row in await books(shelf.engine)] == [
        (["0171450-7 100.00 held"], 200 * EURO),
        (["0171450-7 100.00"], 200 * EURO),
    ]


async def test_given_a_childs_benefit_when_its_decision_comes_later_then_it_moves_to_the_payee_who_is_claimed_of(
    shelf: Rig,
) -> None:
    upstream = Upstream()
    child, parent = 1, 2
    await upstream.store(shelf.engine, parent, upstream.claim(parent))
    await read(shelf, upstream, upstream.payment(child))
    assert await books(shelf.engine) == []
    await read(shelf, upstream, upstream.decision(child, parent))
    assert await books(shelf.engine) == [("P-1", 1, ["0171450-7 100.00"], 200 * EURO)]
    await read(shelf, upstream, upstream.decision(child, child, version=2))
    assert (await books(shelf.engine))[1:] == [("P-1", 2, [], 0 * EURO)]


async def test_given_a_death_and_rent_paid_to_the_landlord_then_nothing_more_is_taken(shelf: Rig) -> None:
    upstream = Upstream()
    await upstream.store(shelf.engine, 1, upstream.claim(1, "300.00"))
    await read(
        shelf,
        upstream,
        upstream.payment(1, "280.00"),
        upstream.person(1, date(2017, 2, 14)),
        upstream.payment(1, "50.00", id="P-rent", paid_to="other"),
    )
    assert await books(shelf.engine) == [
        ("P-1", 1, ["0171450-7 280.00"], 0 * EURO),
        ("P-1", 2, ["0171450-7 140.00"], 140 * EURO),
    ]
    assert [event.why for event, _ in await told(shelf, upstream)] == ["payment", "death"]


async def test_given_records_of_two_days_in_one_batch_then_each_is_shared_out_under_the_body_of_its_own_day(
    shelf: Rig,
) -> None:
    upstream = Upstream()
    for n in (1, 2):
        await upstream.store(shelf.engine, n, upstream.claim(n))

    def stands(claim: Claim, day: date) -> Borne:
        return Borne(claim if day < AFTER.date() else replace(claim, organisation="0211675-2"), confirmed=True)

    keeper = Bookkeeper(upstream.ring, bytes.fromhex(upstream.secret), protected_shares(), stands)
    await send(shelf, [upstream.payment(1), upstream.payment(2, at=AFTER)])
    async with shelf.consuming(Feed(upstream.ring, keeper).on_records):
        await shelf.wait_consumed(2)
    assert [row[2] for row in await books(shelf.engine)] == [["0171450-7 100.00"], ["0211675-2 100.00"]]
