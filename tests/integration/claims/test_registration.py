"""Registrations on real Kafka and PostgreSQL: receipt, row and event, and what is refused."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from services.claims.domain.number import well_formed
from shared.bus.sealing import commit
from shared.clock.system import system_now
from shared.contracts.access import AccessDecided, AccessPersonal, Outcome
from shared.contracts.answers import ClaimReceipt, Failed, Refused
from shared.contracts.asking import ClaimStatusQuery, PersonQuery
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimPersonal, ClaimRefused, ClaimRegistered
from shared.finnish.identity_code import contains_identity_code
from tests.harness.consuming import Rig, until
from tests.integration.claims.desk import (
    ARRIVAL,
    CLIENT,
    KUOPIO,
    OTHER_CLIENT,
    TAMPERE,
    WORKER,
    Claimant,
    Desk,
    Open,
    claim,
    opened,
)

FORGOTTEN = ("outbox", "registration", "claim", "client", "inbox", "consumer_offset")
"""What an empty backup holds nothing of."""


async def receipt(desk: Open, **changes: object) -> ClaimReceipt:
    answer = await desk.ask(claim(**changes))
    assert isinstance(answer, ClaimReceipt), answer
    return answer


async def events(desk: Open, kind: type[Contract]) -> list[tuple[UUID, bytes]]:
    async with desk.rig.engine.connect() as conn:
        found = text("select event_id, body from outbox where type = :type order by id")
        return [(row.event_id, bytes(row.body)) for row in await conn.execute(found, {"type": kind.ce_type})]


async def test_given_a_right_claim_when_registered_then_receipt_row_and_event_tell_the_same(desk: Open) -> None:
    got = await receipt(desk)
    assert well_formed(got.number)
    assert (got.arrived, got.effective_payday, got.earliest) == (ARRIVAL, date(2017, 1, 5), None)
    (row,) = await desk.rows("select * from claim")
    assert (row["number"], row["arrived"], row["effective_payday"]) == (got.number, ARRIVAL, date(2017, 1, 5))
    assert str(row["amount"]) == "120.50"
    ((id_, body),) = await events(desk, ClaimRegistered)
    event = ClaimRegistered.model_validate_json(body)
    plain = desk.desk.ring.open(event.personal, id=id_, type=ClaimRegistered.ce_type)
    personal = ClaimPersonal.model_validate_json(plain)
    assert commit(plain) == event.commitment
    assert plain.startswith(b'{"salt":"')
    assert (event.number, event.time, event.client) == (got.number, ARRIVAL, row["client"])
    assert (personal.client, personal.worker, personal.effective_payday) == (CLIENT, WORKER, date(2017, 1, 5))


async def test_given_registrations_and_refusals_when_stored_then_no_identity_code_stands_in_clear(desk: Open) -> None:
    await receipt(desk)
    await desk.ask(claim(benefit="x"))
    await desk.ask(claim(idempotency_key=f"k-{OTHER_CLIENT}"))
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
    assert len(await events(desk, ClaimRegistered)) == 1


async def test_given_a_used_key_with_other_content_then_refused_and_the_claim_stands(desk: Open) -> None:
    sent = claim()
    first = await desk.ask(sent)
    other = await desk.ask(sent.model_copy(update={"amount": "1"}))
    assert isinstance(other, Refused)
    assert (other.refusal.rule, other.refusal.code) == ("V19", "claim.idempotency_key")
    assert await desk.status(sent.idempotency_key) == first
    assert len(await events(desk, ClaimRefused)) == 1


async def test_given_a_forbidden_benefit_and_ground_then_refused_told_and_nothing_stored(desk: Open) -> None:
    sent = claim(benefit="yleinen_asumistuki", ground="aml_14")
    answer = await desk.ask(sent)
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "claim.matrix.forbidden"
    ((id_, body),) = await events(desk, ClaimRefused)
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
    ((id_, body),) = await events(desk, ClaimRefused)
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
    await receipt(desk)
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
    first = await receipt(desk)
    new = await desk.ask(claim(identity_code=OTHER_CLIENT), accepted=later)
    assert isinstance(new, ClaimReceipt)
    assert (first.number[:8], new.number[:8]) == ("MV-2016-", "MV-2017-")


async def test_given_another_organisation_when_it_asks_by_key_then_it_learns_nothing(desk: Open) -> None:
    sent = claim()
    await desk.ask(sent)
    assert isinstance(await desk.status(sent.idempotency_key, by=TAMPERE), Failed)
    assert isinstance(await desk.status(sent.idempotency_key), ClaimReceipt)


@pytest.mark.parametrize("key", ["never-sent", "\x00", "x" * 5000])
async def test_given_an_unknown_key_then_the_answer_says_so_and_nothing_is_quarantined(desk: Open, key: str) -> None:
    answer = await desk.status(key)
    assert isinstance(answer, Failed)
    assert (answer.code, answer.retry) == ("claims.unknown_key", True)
    assert await desk.rig.scalar("select count(*) from quarantine") == 0


async def test_given_a_question_past_its_deadline_then_it_is_logged_as_aborted(desk: Open) -> None:
    answer = await desk.status("any-key-at-all", deadline=system_now() - timedelta(seconds=1))
    assert isinstance(answer, Failed)
    ((_, body),) = await events(desk, AccessDecided)
    assert AccessDecided.model_validate_json(body).outcome is Outcome.ABORTED


async def test_given_an_actor_that_the_gateway_did_not_sign_then_refused_and_logged(desk: Open) -> None:
    answer = await desk.ask(claim(), signer=Ed25519PrivateKey.generate())
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "gate.actor_verified"
    ((id_, body),) = await events(desk, AccessDecided)
    event = AccessDecided.model_validate_json(body)
    assert (answer.event, event.outcome, event.organisation) == (id_, Outcome.REFUSED, None)
    assert await desk.rig.scalar("select count(*) from claim") == 0


async def test_given_requests_that_cannot_be_read_then_they_are_quarantined_and_the_next_is_answered(
    desk: Open,
) -> None:
    await desk.rig.send(desk.desk.request(claim(), sealed_for=uuid4()))
    await desk.rig.send(desk.desk.request(PersonQuery(identity_code=CLIENT, purpose=None, informed=True)))
    headers = [(k, v.encode()) for k, v in desk.desk.request(claim()).headers().items()]
    await desk.rig.send_raw(b"{}", headers)
    assert await receipt(desk)
    rows = await desk.rows("select code from quarantine order by code")
    assert [row["code"] for row in rows] == ["schema", "schema", "unsealable"]


async def test_given_a_log_that_lags_then_a_registration_waits_and_keeps_its_arrival(claims_rig: Rig) -> None:
    desk = Desk(audit_age=timedelta(seconds=61))
    message = desk.request(claim())
    question = desk.request(ClaimStatusQuery(idempotency_key="any-key-at-all"))
    async with opened(claims_rig, desk) as running:
        await claims_rig.send(question, partition=0)
        assert isinstance(await running.answer(question.id), Refused)
        await claims_rig.send(message, partition=0)
        looked = desk.looked

        async def tries() -> int:
            return desk.looked - looked

        await until(tries, lambda count: count >= 3)
        assert message.id not in desk.answers
        desk.audit_age = timedelta(seconds=1)
        answer = await running.answer(message.id)
    assert isinstance(answer, ClaimReceipt)
    assert answer.arrived == ARRIVAL
    assert await claims_rig.scalar("select count(*) from quarantine") == 0


async def test_given_a_lost_reply_then_the_status_tells_the_receipt(claims_rig: Rig) -> None:
    desk, sent = Desk(deaf=True), claim()
    async with opened(claims_rig, desk):
        await claims_rig.send(desk.request(sent))
        await claims_rig.wait_consumed(1)

    async def claims() -> object:
        return await claims_rig.scalar("select count(*) from claim")

    await until(claims, lambda count: count == 1)
    desk.deaf = False
    async with opened(claims_rig, desk) as running:
        assert isinstance(await running.status(sent.idempotency_key), ClaimReceipt)


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
    assert len(before[0]) == len(messages)
    assert again == before


async def test_given_a_stranger_naming_an_organisation_and_its_key_then_the_gate_refuses_and_the_key_is_untouched(
    desk: Open,
) -> None:
    refused, registered = claim(benefit="x"), claim()
    await desk.ask(refused)
    receipt_ = await desk.ask(registered)
    kept = await desk.rows("select * from registration order by idempotency_key")
    stranger = Claimant(KUOPIO.organisation, TAMPERE.member)
    for sent in (refused, registered, registered.model_copy(update={"amount": "1"}), claim()):
        answer = await desk.ask(sent, by=stranger)
        assert isinstance(answer, Refused)
        assert answer.refusal.rule not in {"V2", "V17", "V19"}
        assert answer.event in {id_ for id_, _ in await events(desk, ClaimRefused)}
    assert await desk.rows("select * from registration order by idempotency_key") == kept
    assert await desk.status(registered.idempotency_key) == receipt_


async def test_given_an_answer_that_tells_of_a_claim_then_who_learned_it_of_whom_is_logged_before_it(
    desk: Open,
) -> None:
    sent = claim()
    await desk.ask(sent)
    await desk.status(sent.idempotency_key)
    await desk.ask(sent)
    await desk.status("never-sent")
    (row,) = await desk.rows("select id from claim")
    found = await events(desk, AccessDecided)
    bodies = [AccessDecided.model_validate_json(body) for _, body in found]
    assert [body.outcome for body in bodies] == [Outcome.GRANTED, Outcome.GRANTED, Outcome.EMPTY]
    assert {(body.service, body.organisation) for body in bodies} == {("claims", KUOPIO.organisation)}
    for (id_, _), body in list(zip(found, bodies, strict=True))[:2]:
        plain = desk.desk.ring.open(body.personal, id=id_, type=AccessDecided.ce_type)
        personal = AccessPersonal.model_validate_json(plain)
        assert (personal.client, personal.records) == (CLIENT, (str(row["id"]),))
    assert {id_ for id_, _ in found} <= desk.desk.logged


async def test_given_events_that_kafka_does_not_acknowledge_then_nothing_is_told_until_asked_again(
    desk: Open,
) -> None:
    sent = claim()
    desk.desk.acknowledges = False
    message = desk.desk.request(sent)
    await desk.rig.send(message, partition=0)

    async def committed() -> object:
        return await desk.rig.scalar("select count(*) from claim")

    await until(committed, lambda count: count == 1)
    desk.desk.acknowledges = True
    assert isinstance(await desk.status(sent.idempotency_key), ClaimReceipt)
    assert message.id not in desk.desk.answers
