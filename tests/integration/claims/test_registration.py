"""Registrations on real Kafka and PostgreSQL: receipt, row and event, and what is refused."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from services.claims.domain.number import well_formed
from shared.bus.sealing import commit
from shared.contracts.access import AccessPersonal
from shared.contracts.answers import ClaimReceipt, Refused
from shared.contracts.asking import ClaimStatusQuery, MonthAdvance
from shared.contracts.claims import ClaimPersonal, ClaimRefused, ClaimRegistered
from shared.finnish.identity_code import contains_identity_code
from tests.harness.consuming import Rig
from tests.integration.claims.claimants import TAMPERE, WORKER
from tests.integration.claims.desk import (
    ARRIVAL,
    CARE,
    CLIENT,
    OTHER_CLIENT,
    Desk,
    Open,
    claim,
    opened,
)

FORGOTTEN = ("outbox", "registration", "claim_step", "claim", "client", "inbox", "consumer_offset")
"""What an empty backup holds nothing of."""


async def test_given_a_right_claim_when_registered_then_receipt_row_and_event_tell_the_same(desk: Open) -> None:
    got = await desk.receipt()
    assert well_formed(got.number)
    assert (got.arrived, got.effective_payday, got.earliest) == (ARRIVAL, date(2017, 1, 5), None)
    (row,) = await desk.rows("select * from claim")
    assert (row["number"], row["arrived"], row["effective_payday"]) == (got.number, ARRIVAL, date(2017, 1, 5))
    assert str(row["amount"]) == "120.50"
    assert (row["origin"], row["care"]) == (date(2016, 11, 30), {})
    assert row["advances"] == {"2016-12": "400.00", "2017-01": "350.50"}
    ((id_, body),) = await desk.events(ClaimRegistered)
    event = ClaimRegistered.model_validate_json(body)
    plain = desk.desk.ring.open(event.personal, id=id_, type=ClaimRegistered.ce_type)
    personal = ClaimPersonal.model_validate_json(plain)
    assert commit(plain) == event.commitment
    assert plain.startswith(b'{"salt":"')
    assert (event.number, event.time, event.client) == (got.number, ARRIVAL, row["client"])
    assert (personal.client, personal.worker, personal.effective_payday) == (CLIENT, WORKER, date(2017, 1, 5))


async def test_given_registrations_and_refusals_when_stored_then_no_identity_code_stands_in_clear(desk: Open) -> None:
    await desk.receipt()
    await desk.ask(claim(benefit="x"))
    await desk.ask(claim(handler_name=OTHER_CLIENT))
    for table in ("claim", "registration", "client", "outbox", "inbox", "quarantine"):
        for row in await desk.rows(f"select * from {table}"):
            content = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in row.values())
            assert not contains_identity_code(content), table


async def test_given_the_same_request_sent_again_then_the_first_receipt_answers_and_nothing_counts_twice(
    desk: Open,
) -> None:
    sent = claim()
    first = await desk.ask(sent)
    again = await desk.ask(sent, accepted=ARRIVAL + timedelta(days=3))
    assert again == first
    assert await desk.rig.scalar("select count(*) from claim") == 1
    assert len(await desk.events(ClaimRegistered)) == 1


async def test_given_a_used_key_with_other_content_then_refused_and_the_claim_stands(desk: Open) -> None:
    sent = claim()
    first = await desk.ask(sent)
    other = await desk.ask(sent.model_copy(update={"amount": "1"}))
    assert isinstance(other, Refused)
    assert (other.refusal.rule, other.refusal.code) == ("V19", "claim.idempotency_key")
    assert await desk.status(sent.idempotency_key) == first
    assert len(await desk.events(ClaimRefused)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"decided": date(2016, 11, 29)},
        {"advances": (MonthAdvance(month="2016-12", amount="400"), MonthAdvance(month="2017-01", amount="350,51"))},
        {"care": CARE["care"]},
    ],
)
async def test_given_a_used_key_with_other_grounds_then_that_is_other_content(
    desk: Open, changes: dict[str, object]
) -> None:
    sent = claim()
    await desk.ask(sent)
    other = await desk.ask(sent.model_copy(update=changes))
    assert isinstance(other, Refused)
    assert other.refusal.code == "claim.idempotency_key"


async def test_given_a_forbidden_benefit_and_ground_then_refused_told_and_nothing_stored(desk: Open) -> None:
    sent = claim(**CARE, benefit="yleinen_asumistuki")
    answer = await desk.ask(sent)
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "claim.matrix.forbidden"
    ((id_, body),) = await desk.events(ClaimRefused)
    event = ClaimRefused.model_validate_json(body)
    plain = desk.desk.ring.open(event.personal, id=id_, type=ClaimRefused.ce_type)
    assert event.personal.startswith("access.")
    assert (answer.event, event.rule, event.organisation) == (id_, "V2", "0171450-7")
    assert AccessPersonal.model_validate_json(plain).client == CLIENT
    assert await desk.rig.scalar("select count(*) from claim") == 0
    assert await desk.status(sent.idempotency_key) == answer


async def test_given_a_refused_key_when_the_claim_is_corrected_then_it_is_registered(desk: Open) -> None:
    sent = claim(reference="12345")
    assert isinstance(await desk.ask(sent), Refused)
    mended = await desk.ask(sent.model_copy(update={"reference": "12344"}))
    assert isinstance(mended, ClaimReceipt)
    assert await desk.status(sent.idempotency_key) == mended


async def test_given_an_invalid_identity_code_then_refused_and_nobody_is_named(desk: Open) -> None:
    answer = await desk.ask(claim(identity_code="290200A950X"))
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "claim.identity_code"
    ((id_, body),) = await desk.events(ClaimRefused)
    plain = desk.desk.ring.open(ClaimRefused.model_validate_json(body).personal, id=id_, type=ClaimRefused.ce_type)
    assert AccessPersonal.model_validate_json(plain).client is None


async def test_given_overlapping_claims_in_one_batch_then_the_first_stands(claims_rig: Rig) -> None:
    desk = Desk()
    messages = [desk.request(claim()) for _ in range(2)]
    for message in messages:
        await claims_rig.send(message)
    async with opened(claims_rig, desk) as running:
        first, second = [await running.answer(message.id) for message in messages]
    assert isinstance(first, ClaimReceipt)
    assert isinstance(second, Refused)
    assert second.refusal.rule == "V17"
    assert first.number in second.refusal.reason.en


async def test_given_two_bodies_then_each_has_its_own_claim_on_the_same_benefit(desk: Open) -> None:
    await desk.receipt()
    assert isinstance(await desk.ask(claim(), by=TAMPERE), ClaimReceipt)


async def test_given_claims_of_one_client_at_two_consumers_then_only_one_is_registered(claims_rig: Rig) -> None:
    desk = Desk()
    messages = [desk.request(claim()) for _ in range(8)]
    async with opened(claims_rig, desk) as running, opened(claims_rig, desk):
        sent = [claims_rig.send(message, partition=n % 2) for n, message in enumerate(messages)]
        await asyncio.gather(*sent)
        answers = [await running.answer(message.id) for message in messages]
    assert sum(isinstance(answer, ClaimReceipt) for answer in answers) == 1


async def test_given_a_new_year_then_the_number_names_the_year_of_arrival(desk: Open) -> None:
    later = datetime(2016, 12, 31, 22, 0, tzinfo=UTC)
    first = await desk.receipt()
    new = await desk.ask(claim(identity_code=OTHER_CLIENT), accepted=later)
    assert isinstance(new, ClaimReceipt)
    assert (first.number[:8], new.number[:8]) == ("MV-2016-", "MV-2017-")


async def test_given_a_restored_database_when_requests_are_read_again_then_ids_bytes_and_numbers_are_the_same(
    claims_rig: Rig,
) -> None:
    desk, sent = Desk(), claim()
    messages = [desk.request(body) for body in (sent, claim(benefit="x"), claim(identity_code=OTHER_CLIENT))]
    messages.append(desk.request(ClaimStatusQuery(idempotency_key=sent.idempotency_key)))

    async def read(running: Open) -> tuple[dict[object, object], set[object]]:
        for message in messages:
            await running.answer(message.id)
        outbox = await running.rows("select event_id, type, body, key from outbox")
        numbers = await running.rows("select number from claim")
        return {row["event_id"]: tuple(row.values()) for row in outbox}, {row["number"] for row in numbers}

    async with opened(claims_rig, desk) as running:
        for message in messages:
            await claims_rig.send(message, partition=0)
        before = await read(running)
    desk.answers.clear()
    async with claims_rig.engine.begin() as conn:
        for table in FORGOTTEN:
            await conn.execute(text(f"delete from {table}"))
    async with opened(claims_rig, desk) as running:
        again = await read(running)
    assert len(before[0]) == len(messages) + 2  # two claims wait for a decision
    assert again == before


async def test_given_a_restored_database_and_another_claim_by_the_same_key_then_the_event_has_another_id(
    desk: Open,
) -> None:
    """The number follows from organisation and key; what is told of it may be another thing the second time."""
    told = []
    for changes in ({"amount": "120,50"}, {"amount": "99,00"}):
        receipt = await desk.receipt(idempotency_key="key-restored", **changes)
        ((id_, _),) = await desk.events(ClaimRegistered)
        told.append((receipt.number, id_))
        async with desk.rig.engine.begin() as conn:
            for table in FORGOTTEN[:5]:
                await conn.execute(text(f"delete from {table}"))
    (number, first), (again, second) = told
    assert number == again
    assert first != second
