"""A look-up end to end on real Kafka and PostgreSQL: audit before data (1), once (2), fail closed (6)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.lookup.answering import BROKEN, REPEATED, TOO_LATE
from services.lookup.store import decided, register
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.sealing import commit
from shared.bus.transaction import Refuse
from shared.contracts.access import Outcome, Relation
from shared.contracts.answers import NothingFound, PersonView, Refused
from shared.contracts.asking import ClaimStatusQuery
from shared.contracts.base import DataGroup
from shared.finnish.identity_code import contains_identity_code
from shared.ids import event_id
from tests.integration.lookup.desk import (
    AGREEMENT,
    MERGED_MANDATE,
    NOW,
    WORKER,
    WORKER_CODE,
    Desk,
    asked,
    opened,
)
from tests.integration.lookup.samples import CLIENT_CODE, RING, person, record


async def test_a_granted_look_up_shows_the_client_and_the_log_knows_who_saw_what(lookup: Desk) -> None:
    request = asked()

    answer = await lookup.look_ups.answer(request)

    assert isinstance(answer, PersonView)
    assert (answer.name, answer.identity_code, answer.municipality) == ("Ääkkönen Aada", CLIENT_CODE, "297")
    assert [row.payday.month for row in answer.payments] == [12, 11]
    assert (len(answer.pending), len(answer.decisions), len(answer.claims)) == (1, 1, 1)
    assert [(t.group, t.count, t.why) for t in answer.trimmed] == [("payments", 1, "window")]
    assert [(row.month, row.net) for row in answer.income] == [("2016-12", "600.00"), ("2016-11", "600.00")]
    assert [(row.payday, row.amount) for row in answer.coming] == [
        (date(2017, 1, 5), "620.00"),
        (date(2017, 2, 7), "620.00"),
    ]
    event = await lookup.only_event()
    assert event.id == answer.access_event == event_id("access", str(request.id))
    assert (event.body.outcome, event.body.rule, event.body.law) == (Outcome.GRANTED, None, AGREEMENT.law)
    assert (event.body.agreement, event.body.member, event.body.worker) == ("A-297", "297", WORKER)
    assert event.body.time == event.time == answer.looked_up == NOW
    assert event.body.shown == {
        DataGroup.PENDING: 1,
        DataGroup.DECISIONS: 1,
        DataGroup.PAYMENTS: 2,
        DataGroup.CLAIMS: 1,
        DataGroup.INSURANCE: 0,
    }
    assert (event.body.relation, event.body.emergency, answer.relation) == (Relation.HOME, False, Relation.HOME)
    personal = opened(event)
    assert (personal.client, personal.worker, personal.informed) == (CLIENT_CODE, WORKER_CODE, True)
    assert set(personal.records) == {
        "pending:A-1",
        "decisions:D-1",
        "payments:P-1",
        "payments:P-2",
        "claims:00000000-0000-0000-0000-000000000001",
    }
    plain = RING.open(event.body.personal, id=event.id, type=event.type)
    assert event.body.commitment == commit(plain)
    assert plain.startswith(b'{"salt":"')


async def test_invariant_1_no_answer_exists_before_kafka_has_acknowledged_the_event(lookup: Desk) -> None:
    acknowledged, release = asyncio.Event(), asyncio.Event()

    async def hold(_: Outgoing) -> None:
        acknowledged.set()
        await release.wait()

    lookup.publisher.before = hold
    answering = asyncio.create_task(lookup.look_ups.answer(asked()))
    await acknowledged.wait()
    assert await lookup.events() == []
    assert not answering.done()

    release.set()
    lookup.publisher.before = None
    assert isinstance(await answering, PersonView)
    assert len(await lookup.events()) == 1


async def test_invariant_1_the_event_is_on_kafka_while_the_answer_is_not_yet_made(lookup: Desk) -> None:
    on_kafka: list[int] = []

    async def look(_: Outgoing) -> None:
        on_kafka.append(len(await lookup.events()))
        assert lookup.replies.sent == []

    lookup.publisher.after = look
    assert isinstance(await lookup.look_ups.answer(asked()), PersonView)
    assert on_kafka == [1]


async def test_invariant_1_no_acknowledgement_no_data_and_the_retry_repeats_the_same_bytes(lookup: Desk) -> None:
    request, attempts = asked(), []

    async def down(message: Outgoing) -> None:
        attempts.append(message)
        if len(attempts) == 1:
            raise NotAcknowledged("Kafka is down")

    lookup.publisher.before = down
    with pytest.raises(NotAcknowledged):
        await lookup.look_ups.answer(request)
    assert await lookup.events() == []

    assert await lookup.look_ups.answer(request) == REPEATED
    assert attempts[0].body == attempts[1].body
    assert attempts[0].id == attempts[1].id
    assert len(await lookup.events()) == 1


async def test_invariant_2_a_redelivered_request_republishes_the_stored_bytes_and_returns_no_data(lookup: Desk) -> None:
    request = asked()
    assert isinstance(await lookup.look_ups.answer(request), PersonView)
    await lookup.fill(record("person", "H-1", person(name="Uusi"), version=2))
    lookup.clock.at += timedelta(hours=1)

    again = await lookup.look_ups.answer(request)

    assert again == REPEATED
    first, second = await lookup.events()
    assert first.digest == second.digest
    assert (first.id, first.time, first.record.key) == (second.id, second.time, second.record.key)


async def test_invariant_2_a_redelivery_past_the_deadline_still_repeats_what_was_decided(lookup: Desk) -> None:
    request = asked()
    await lookup.look_ups.answer(request)

    assert await lookup.look_ups.answer(replace(request, deadline=request.accepted)) == REPEATED
    assert {event.body.outcome for event in await lookup.events()} == {Outcome.GRANTED}


async def test_another_click_is_a_new_look_up(lookup: Desk) -> None:
    await lookup.look_ups.answer(asked())
    assert isinstance(await lookup.look_ups.answer(asked()), PersonView)
    assert len({event.id for event in await lookup.events()}) == 2


async def test_nothing_known_is_told_as_such_and_logged_as_empty(lookup: Desk) -> None:
    answer = await lookup.look_ups.answer(asked(code="010180Y9026", relation={"case_reference": "ABC-1/2016"}))

    assert isinstance(answer, NothingFound)
    event = await lookup.only_event()
    assert event.body.outcome is Outcome.EMPTY
    assert set(event.body.shown.values()) == {0}
    personal = opened(event)
    assert (personal.client, personal.surname, personal.address) == ("010180Y9026", None, None)


async def test_past_its_deadline_a_query_is_logged_as_aborted_and_nothing_is_read(
    lookup: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("an aborted look-up reads nothing")

    monkeypatch.setattr(register, "read_client", forbidden)

    assert await lookup.look_ups.answer(asked(deadline=timedelta(seconds=-1))) == TOO_LATE
    assert (await lookup.only_event()).body.outcome is Outcome.ABORTED


async def test_payments_without_a_person_record_are_shown_without_a_name(lookup: Desk) -> None:
    async with lookup.rig.engine.begin() as conn:
        await conn.execute(text("delete from person"))

    answer = await lookup.look_ups.answer(asked())

    assert isinstance(answer, PersonView)
    assert (answer.name, answer.municipality, len(answer.payments)) == ("", None, 2)
    assert answer.relation is Relation.CLAIM


async def test_g8_a_merged_municipality_is_granted_to_the_last_second_and_refused_at_midnight(lookup: Desk) -> None:
    assert isinstance(await lookup.look_ups.answer(asked(member="174")), PersonView)

    lookup.clock.at = datetime(2016, 12, 31, 22, 0, tzinfo=UTC)
    answer = await lookup.look_ups.answer(asked(member="174"))

    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "municipality_exists"
    assert answer.refusal.advice.fi.startswith("Valitse Kuopio.")
    assert MERGED_MANDATE.validity.covers(lookup.clock.at.date())


async def test_invariant_6_a_failing_database_shows_nothing_and_the_attempt_is_logged_once_it_is_back(
    lookup: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, read = asked(), register.read_client

    async def gone(*_: object, **__: object) -> None:
        raise ConnectionResetError("the database went away")

    monkeypatch.setattr(register, "read_client", gone)
    with pytest.raises(NotAcknowledged):
        await lookup.look_ups.answer(request)
    assert lookup.replies.sent == [BROKEN]
    assert await lookup.events() == []

    monkeypatch.setattr(register, "read_client", read)
    assert await lookup.look_ups.answer(request) == BROKEN
    assert lookup.replies.sent == [BROKEN]
    assert (await lookup.only_event()).body.outcome is Outcome.FAILED


async def test_invariant_6_garbage_in_the_read_model_shows_nothing_and_is_logged_as_failed(lookup: Desk) -> None:
    async with lookup.rig.engine.begin() as conn:
        await conn.execute(text("update payment set body = '{}' where id = 'P-1'"))
    request = asked()

    with pytest.raises(NotAcknowledged):
        await lookup.look_ups.answer(request)
    assert await lookup.look_ups.answer(request) == BROKEN
    assert (await lookup.only_event()).body.outcome is Outcome.FAILED


async def test_a_restarted_database_is_found_again_at_the_next_look_up(lookup: Desk) -> None:
    assert isinstance(await lookup.look_ups.answer(asked()), PersonView)
    async with lookup.rig.engine.begin() as conn:
        await conn.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        )
    await asyncio.sleep(0)

    assert isinstance(await lookup.look_ups.answer(asked()), PersonView)


async def test_a_request_of_another_kind_is_set_aside(lookup: Desk) -> None:
    with pytest.raises(Refuse):
        await lookup.look_ups.answer(replace(asked(), body=ClaimStatusQuery(idempotency_key="k" * 8)))


async def test_invariant_5_no_identity_code_stands_in_the_event_in_clear(lookup: Desk) -> None:
    await lookup.look_ups.answer(asked())
    await lookup.look_ups.answer(asked(informed=False))

    for event in await lookup.events():
        assert not contains_identity_code(event.record.value)
        assert not contains_identity_code(event.record.key or b"")
        assert not any(contains_identity_code(value or b"") for _, value in event.record.headers)


async def test_decided_look_ups_are_forgotten_only_when_their_request_cannot_come_again(lookup: Desk) -> None:
    await lookup.look_ups.answer(asked())
    async with lookup.rig.engine.begin() as conn:
        assert await decided.forget_decided(conn, timedelta(days=8)) == 0
        await conn.execute(text("update decided set decided_at = now() - interval '9 days'"))
        assert await decided.forget_decided(conn, timedelta(days=8)) == 1
        assert await decided.forget_decided(conn, timedelta(days=8)) == 0
        assert await decided.last_decided(conn) is not None


async def test_many_look_ups_at_once_are_each_answered_with_their_own_event(lookup: Desk) -> None:
    requests = [asked(request=uuid4()) for _ in range(60)]

    answers = await asyncio.gather(*(lookup.look_ups.answer(request) for request in requests))

    assert all(isinstance(answer, PersonView) for answer in answers)
    assert {event.body.request for event in await lookup.events()} == {request.id for request in requests}
