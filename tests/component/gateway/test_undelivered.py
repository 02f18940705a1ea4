"""A question whose answer reached nobody is told to lookup, and only where that is known."""

from datetime import UTC, datetime

import httpx
import pytest

from services.gateway.undelivered import BELIEVED, telling
from shared.bus.client import AlreadyAsked, NoAnswer, NotAsked, Unavailable
from shared.contracts.answers import Answer, Failed, PersonView, Refused
from shared.contracts.asking import NotDelivered
from tests.component.gateway.test_gateway_asking import ASKED, LOOKUPS
from tests.component.gateway.world import Gateway

REPEATED = Failed(code="repeated", reason="decided before", retry=True)
BROKEN = Failed(code="failed", reason="broken", retry=True)


@pytest.mark.parametrize("answer", [NoAnswer("late"), Unavailable("not acknowledged"), REPEATED])
async def test_what_cannot_be_shown_any_more_is_told(
    gateway: Gateway, sari: httpx.AsyncClient, answer: Answer | Exception
) -> None:
    gateway.bus.answer = answer
    await sari.post(LOOKUPS, json=ASKED)
    assert [one.id for one in gateway.bus.undelivered] == [gateway.bus.asked[0].id]


@pytest.mark.parametrize("answer", [NotAsked("starting"), AlreadyAsked("under way"), BROKEN])
async def test_what_was_never_answered_with_data_is_not_told(
    gateway: Gateway, sari: httpx.AsyncClient, answer: Answer | Exception
) -> None:
    gateway.bus.answer = answer
    await sari.post(LOOKUPS, json=ASKED)
    assert gateway.bus.undelivered == []


async def test_what_was_delivered_is_not_told(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, refusal: Refused
) -> None:
    for answer in (person, refusal):
        gateway.bus.answer = answer
        await sari.post(LOOKUPS, json=ASKED)
    assert gateway.bus.undelivered == []


async def test_the_telling_names_the_question_and_comes_after_it_in_its_partition(
    gateway: Gateway, sari: httpx.AsyncClient
) -> None:
    gateway.bus.answer = NoAnswer("late")
    await sari.post(LOOKUPS, json=ASKED)
    (question,) = gateway.bus.asked
    now = datetime(2017, 1, 2, tzinfo=UTC)
    told = telling(question, now)
    assert told == telling(question, now)
    assert (told.key, told.topic, told.command) == (question.key, question.topic, True)
    assert told.body == NotDelivered(request=question.id, given_up=now)
    assert (told.actor.request, told.actor.expires) == (told.id, question.actor.expires + BELIEVED)
    assert told.actor.identity_code == question.actor.identity_code
    assert told.id != question.id
