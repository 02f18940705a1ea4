"""The way of every request on real Kafka and PostgreSQL: who may ask, what is logged first, what an outage does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.clock.system import system_now
from shared.contracts.access import AccessDecided, AccessPersonal, Outcome
from shared.contracts.answers import ClaimReceipt, Failed, Refused
from shared.contracts.asking import ClaimStatusQuery, PersonQuery
from shared.contracts.claims import ClaimRefused
from tests.harness.consuming import Rig, until
from tests.integration.claims.claimants import KUOPIO, TAMPERE, Claimant
from tests.integration.claims.desk import (
    ARRIVAL,
    CLIENT,
    Desk,
    Open,
    claim,
    opened,
)

FORGOTTEN = ("outbox", "registration", "claim_step", "claim", "client", "inbox", "consumer_offset")
"""What an empty backup holds nothing of."""


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
    ((_, body),) = await desk.events(AccessDecided)
    assert AccessDecided.model_validate_json(body).outcome is Outcome.ABORTED


async def test_given_an_actor_that_the_gateway_did_not_sign_then_refused_and_logged(desk: Open) -> None:
    answer = await desk.ask(claim(), signer=Ed25519PrivateKey.generate())
    assert isinstance(answer, Refused)
    assert answer.refusal.code == "gate.actor_verified"
    ((id_, body),) = await desk.events(AccessDecided)
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
    assert await desk.receipt()
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
        assert answer.event in {id_ for id_, _ in await desk.events(ClaimRefused)}
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
    found = await desk.events(AccessDecided)
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
