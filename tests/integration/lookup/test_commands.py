"""A command is known by the key that its sender chose: it is done once, may be sent until it is, and does not age."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from services.lookup.answering import BROKEN
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.clock.system import system_now
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import LookUpAnnotated, NoticeDone, PersonView, Refused
from shared.contracts.asking import AnnotateLookUp, PersonQuery
from shared.contracts.base import Purpose
from tests.integration.lookup.desk import opened
from tests.integration.lookup.municipal import (
    Office,
    client_code,
    command,
    inhabitant,
    over_the_interface,
    told,
)
from tests.integration.lookup.samples import PSEUDONYM_KEY
from tests.integration.lookup.surroundings import WORKER

TAKEN_ONCE = NoticeDone(notice="N-1", version=2, state="taken", municipality="297")


@pytest_asyncio.fixture(loop_scope="session")
async def at(module_office: Office) -> Office:
    await module_office.begin()
    await module_office.desk.fill(inhabitant(1), inhabitant(2), told("N-1"))
    return module_office


async def test_what_was_refused_for_a_stale_log_is_done_when_it_is_sent_again(at: Office) -> None:
    at.desk.audit.value = timedelta(minutes=10)
    first = await at.answering.answer(over_the_interface(at.request(command("take"))))
    at.desk.audit.value = timedelta(seconds=1)

    again = await at.answering.answer(over_the_interface(at.request(command("take"))))

    assert isinstance(first, Refused)
    assert again == TAKEN_ONCE
    outcomes = sorted(event.body.outcome for event in await at.desk.events())
    assert outcomes == [Outcome.GRANTED, Outcome.REFUSED]


async def test_a_stale_version_leaves_no_trace_under_the_key(at: Office) -> None:
    first = await at.ask(command("take", version=7))

    assert isinstance(first, Refused)
    assert await at.scalar("select count(*) from command_done") == 0
    assert await at.ask(command("take")) == TAKEN_ONCE


async def test_what_failed_is_done_when_it_is_sent_again(at: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(*_: object) -> None:
        raise RuntimeError("something broke")

    failed = at.request(command("take"))
    with monkeypatch.context() as patch:
        patch.setattr("services.lookup.store.commands.remember", failing)
        with pytest.raises(NotAcknowledged):
            await at.answering.answer(failed)
    assert await at.answering.answer(failed) == BROKEN

    assert await at.ask(command("take")) == TAKEN_ONCE


async def test_a_repeated_command_is_an_event_of_its_own_that_names_the_first(at: Office) -> None:
    first, second = at.request(command("take")), at.request(command("take"))

    answers = [await at.answering.answer(first), await at.answering.answer(second)]

    assert answers == [TAKEN_ONCE, TAKEN_ONCE]
    events = {event.body.request: event for event in await at.desk.events()}
    done, repeated = events[first.id], events[second.id]
    assert (done.body.outcome, done.body.subject, done.body.of) == (Outcome.GRANTED, "N-1", None)
    assert (repeated.body.action, repeated.body.outcome) == (Action.NOTICE_CHANGE, Outcome.GRANTED)
    assert (repeated.body.subject, repeated.body.of) == ("N-1", done.id)
    assert opened(repeated).records == ("N-1",)
    assert await at.scalar("select count(*) from notice_change") == 1


async def test_a_repeated_remark_is_answered_alike_and_names_the_look_up_that_it_is_on(at: Office) -> None:
    shown = await at.ask(PersonQuery(identity_code=client_code(1), purpose=Purpose.CHARGE, informed=True))
    assert isinstance(shown, PersonView)
    remark = AnnotateLookUp(idempotency_key="key-0001", access_event=shown.access_event, note="wrong_person")

    first, again = await at.ask(remark), await at.ask(remark)

    assert isinstance(first, LookUpAnnotated)
    assert again == first
    remarks = [event.body for event in await at.desk.events() if event.body.action is Action.ANNOTATION]
    assert [(one.of, one.outcome) for one in remarks] == [(shown.access_event, Outcome.GRANTED)] * 2
    assert len({one.request for one in remarks}) == 2


async def test_without_the_key_of_the_digests_nobody_can_tell_what_a_command_held(at: Office) -> None:
    sent = command("take")
    await at.ask(sent)

    content = "\x1f".join(("command", WORKER, "297", sent.model_dump_json(exclude={"idempotency_key"}))).encode()

    digest = await at.scalar("select encode(digest, 'hex') from command_done")
    assert digest == hmac.new(PSEUDONYM_KEY, content, hashlib.sha256).hexdigest()


def waited(request: Request, **age: float) -> Request:
    """The request after it has waited in Kafka for so long; everything about it is as much older."""
    ago = timedelta(**age)
    assert request.actor is not None
    actor = request.actor.model_copy(
        update={"expires": request.actor.expires - ago, "signed_in": request.actor.signed_in - ago}
    )
    return replace(request, actor=actor, taken=request.taken - ago, deadline=None)


@pytest.mark.parametrize("by_system", [False, True])
async def test_a_command_that_waited_for_days_in_kafka_is_done(at: Office, *, by_system: bool) -> None:
    sent = at.request(command("take"))

    answer = await at.answering.answer(waited(over_the_interface(sent) if by_system else sent, days=3))

    assert answer == TAKEN_ONCE


async def test_invariant_6_a_command_whose_actor_had_expired_when_kafka_took_it_is_refused(at: Office) -> None:
    sent = at.request(command("take"))
    assert sent.actor is not None
    expired = sent.actor.model_copy(update={"expires": sent.taken - timedelta(seconds=1)})

    answer = await at.answering.answer(replace(sent, actor=expired))

    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "actor_verified"
    event = await at.desk.only_event()
    assert (event.body.outcome, event.body.organisation) == (Outcome.REFUSED, expired.organisation)
    assert await at.scalar("select state from notice") == "open"


async def test_a_session_that_was_too_old_when_kafka_took_the_command_is_refused(at: Office) -> None:
    sent = at.request(command("take"))
    assert sent.actor is not None
    old = sent.actor.model_copy(update={"signed_in": system_now() - timedelta(days=3)})

    answer = await at.answering.answer(replace(sent, actor=old))

    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "session_age"
