"""What one bad thing may not do: stop whoever asks, or what is done to other claims."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from services.claims.store import register
from services.claims.store.claims import lock_clients
from services.claims.store.register import PaymentRow
from shared.bus.transaction import Tx
from shared.clock.civil import at_helsinki
from shared.contracts.access import AccessDecided, Outcome
from shared.contracts.answers import ClaimDone, ClaimsPage, Failed
from shared.contracts.asking import ClaimQuery, ClaimsQuery
from tests.integration.claims.desk import OTHER_CLIENT, Open
from tests.integration.claims.office import AFTER_PAYDAY, PAYDAY, Room, registered


async def spoil(open_: Open, number: str) -> None:
    """What stands sealed beside the claim cannot be opened any more."""
    async with open_.rig.engine.begin() as conn:
        await conn.execute(text("update claim set personal = 'x' where number = :number"), {"number": number})


async def test_given_a_text_that_is_no_cursor_then_the_first_page(room: Room) -> None:
    _, open_ = room
    case = await registered(open_)
    answer = await open_.ask(ClaimsQuery(view="team", after="--5~x"))
    assert isinstance(answer, ClaimsPage)
    assert [row.number for row in answer.rows] == [case.number]


async def test_given_questions_that_cannot_be_answered_then_each_is_told_so_and_logged_and_the_next_is_served(
    room: Room,
) -> None:
    _, open_ = room
    case = await registered(open_)
    await spoil(open_, case.number)
    for _ in range(3):
        answer = await open_.ask(ClaimQuery(number=case.number))
        assert isinstance(answer, Failed)
        assert (answer.code, answer.retry) == ("claims.question", False)
    found = [AccessDecided.model_validate_json(body).outcome for _, body in await open_.events(AccessDecided)]
    assert found == [Outcome.FAILED] * 3
    assert await open_.rig.scalar("select count(*) from quarantine") == 0
    assert await registered(open_, identity_code=OTHER_CLIENT)


async def test_given_a_claim_to_which_time_can_do_nothing_then_the_others_end_all_the_same(room: Room) -> None:
    office, open_ = room
    bad, good = [await registered(open_, identity_code=code) for code in ("290200A950Y", OTHER_CLIENT)]
    for case in (bad, good):
        await case.accepted()
    await spoil(open_, bad.number)
    office.clock = at_helsinki(date(2017, 3, 1))
    assert await office.timers(open_.rig.engine).once() == 2
    states = {row["number"]: row["state"] for row in await open_.rows("select number, state from claim")}
    assert states == {bad.number: "active", good.number: "ended"}


@pytest.mark.parametrize(
    "absurd",
    [
        {"benefit": "no_such"},
        {"first": date(1, 1, 1)},
        {"last": date(2016, 12, 1)},
        {"last": date.max},
        {"net": Decimal(-1)},
    ],
)
async def test_given_a_stored_payment_that_cannot_be_shared_out_then_its_client_is_served_all_the_same(
    room: Room, absurd: dict[str, object]
) -> None:
    office, open_ = room
    fields: dict[str, object] = {
        "id": "P-X", "version": 1, "client": office.client(), "payee": office.client(), "decision": "D-1",
        "benefit": "kansanelake", "payday": date(2017, 3, 7), "first": date(2017, 1, 1), "last": date(2017, 1, 31),
        "net": Decimal(5), "paid_to": "client", "withdrawn": False,
    }  # fmt: skip
    row = PaymentRow(**(fields | absurd))  # type: ignore[arg-type]  # a test's short hand
    async with open_.rig.engine.begin() as conn:
        tx = Tx(conn)
        await lock_clients(conn, [row.client])
        await register.upsert(await tx.raw(), PaymentRow, [row])
    case = await registered(open_)
    await office.pay(open_.rig.engine, payday=PAYDAY)
    await case.accepted()
    assert isinstance(await case.act("end", accepted=AFTER_PAYDAY), ClaimDone)
    office.clock = at_helsinki(date(2017, 3, 1))
    assert await office.timers(open_.rig.engine).once() == 1
    assert await open_.rows("select distinct payment from allocation_share") == [{"payment": "P-1"}]
    assert await open_.rig.scalar("select count(*) from quarantine") == 0
