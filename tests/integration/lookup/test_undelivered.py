"""What the gateway tells was not delivered is taken back by one event, and only what was answered to who tells it."""

from dataclasses import replace
from datetime import timedelta
from typing import cast
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.lookup.undelivered import PATIENCE
from shared.bus.messages import Delivered
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.clock.system import system_now
from shared.contracts.access import AccessReversed
from shared.contracts.answers import Noted, PersonView, Refused
from shared.contracts.asking import NotDelivered, PersonQuery
from shared.contracts.base import Purpose
from shared.ids import reversal_of
from tests.integration.lookup.municipal import Office, client_code, inhabitant


@pytest_asyncio.fixture(loop_scope="session")
async def at(module_office: Office) -> Office:
    await module_office.begin()
    await module_office.desk.fill(inhabitant(1))
    return module_office


def person(*, informed: bool = True) -> PersonQuery:
    return PersonQuery(identity_code=client_code(1), purpose=Purpose.CHARGE, informed=informed)


def not_delivered(at: Office, request: UUID, ago: timedelta = timedelta(0)) -> Request:
    return at.request(NotDelivered(request=request, given_up=system_now() - ago), request=uuid4())


async def reversals(at: Office) -> list[Delivered[AccessReversed]]:
    told = await at.desk.told()
    return [cast("Delivered[AccessReversed]", one) for one in told if isinstance(one.body, AccessReversed)]


async def test_an_answer_that_reached_nobody_is_taken_back_by_one_event_however_often_it_is_told(at: Office) -> None:
    request = uuid4()
    shown = await at.answering.answer(at.request(person(), request=request))
    for _ in range(2):
        assert await at.answering.answer(not_delivered(at, request)) == Noted()
    first, again = await reversals(at)
    event = await at.desk.only_event()
    assert isinstance(shown, PersonView)
    assert first.body == AccessReversed(
        of=event.id,
        time=event.body.time,
        agreement=event.body.agreement,
        member=event.body.member,
        reason="not_delivered",
    )
    assert (first.id, first.digest) == (again.id, again.digest) == (reversal_of(event.id), first.digest)


async def test_a_refusal_that_reached_nobody_was_no_use_and_nothing_is_taken_back(at: Office) -> None:
    request = uuid4()
    assert isinstance(await at.answering.answer(at.request(person(informed=False), request=request)), Refused)
    await at.answering.answer(not_delivered(at, request))
    assert await reversals(at) == []


async def test_nobody_takes_back_what_another_worker_looked_up(at: Office) -> None:
    request = uuid4()
    await at.answering.answer(at.request(person(), request=request))
    telling = not_delivered(at, request)
    assert telling.actor is not None
    for actor in (None, telling.actor.model_copy(update={"identity_code": "290200A950Y"})):
        await at.answering.answer(replace(telling, actor=actor))
    assert await reversals(at) == []


async def test_a_question_that_is_still_being_decided_is_waited_for(at: Office) -> None:
    request = uuid4()
    with pytest.raises(NotAcknowledged):
        await at.answering.answer(not_delivered(at, request))
    await at.answering.answer(at.request(person(), request=request))
    await at.answering.answer(not_delivered(at, request))
    assert len(await reversals(at)) == 1


async def test_a_question_that_never_came_is_not_waited_for_long(at: Office) -> None:
    assert await at.answering.answer(not_delivered(at, uuid4(), ago=PATIENCE)) == Noted()
    assert await reversals(at) == []
