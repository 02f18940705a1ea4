"""A request that comes again shows nothing that the log was not told of under its id, however much later it comes."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from services.lookup.answering import REPEATED
from services.lookup.store import decided
from services.lookup.telling import event_of
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import NothingFound, NoticePage, PersonView, Refused
from shared.contracts.asking import AnnotateLookUp, Body, NoticeStatisticsQuery, PersonQuery, StatedRelation
from shared.contracts.base import Purpose
from tests.integration.lookup.municipal import (
    Office,
    client_code,
    inhabitant,
    listed,
    over_the_interface,
    support,
    told,
)


@pytest_asyncio.fixture(loop_scope="session")
async def at(module_office: Office) -> Office:
    await module_office.begin()
    await module_office.desk.fill(inhabitant(1), inhabitant(2), told("N-1"))
    return module_office


def person(number: int, *, redisplay_of: UUID | None = None, relation: StatedRelation | None = None) -> PersonQuery:
    return PersonQuery(
        identity_code=client_code(number),
        purpose=Purpose.CHARGE,
        informed=True,
        redisplay_of=redisplay_of,
        relation=relation,
    )


async def forget(at: Office) -> None:
    """As if everything had been decided longer ago than Kafka keeps requests."""
    async with at.desk.rig.engine.begin() as conn:
        await decided.forget_decided(conn, timedelta(0))


async def test_the_same_id_never_shows_another_client_however_long_ago_it_was_decided(at: Office) -> None:
    request = uuid4()
    first = await at.answering.answer(over_the_interface(at.request(person(1), request=request)))
    await forget(at)

    later = await at.answering.answer(over_the_interface(at.request(person(2), request=request)))

    assert isinstance(first, PersonView)
    assert later == REPEATED
    assert (await at.desk.only_event()).id == first.access_event


async def test_of_what_is_forgotten_nothing_but_the_request_stays(at: Office) -> None:
    await at.ask(person(1))
    await forget(at)

    assert await at.scalar("select count(*) from decided where event_id is not null") == 1
    assert await at.scalar("select count(*) from decided where num_nonnulls(key, time, body, client) > 0") == 0


async def test_what_is_forgotten_can_neither_be_redisplayed_nor_remarked_on(at: Office) -> None:
    first = await at.ask(person(1))
    assert isinstance(first, PersonView)
    await forget(at)

    again = await at.ask(person(1, redisplay_of=first.access_event))
    remark = await at.ask(
        AnnotateLookUp(idempotency_key="key-0001", access_event=first.access_event, note="wrong_person")
    )

    assert isinstance(again, PersonView)
    assert isinstance(remark, Refused)
    assert remark.refusal.code == "remark.unknown_look_up"
    assert {event.body.action for event in await at.desk.events()} == {Action.LOOK_UP, Action.ANNOTATION}


@pytest.mark.parametrize("body", [listed(), NoticeStatisticsQuery(first=date(2019, 1, 1), last=date(2019, 7, 15))])
async def test_an_id_that_comes_again_for_another_municipality_shows_nothing_of_it(at: Office, body: Body) -> None:
    request = uuid4()
    first = await at.answering.answer(at.request(listed(), request=request))

    again = await at.answering.answer(at.request(body, member="091", request=request))

    assert isinstance(first, NoticePage)
    assert again == REPEATED
    assert {event.body.member for event in await at.desk.events()} == {"297"}


async def test_what_was_refused_shows_nothing_when_it_comes_again(at: Office) -> None:
    request = uuid4()
    at.desk.audit.value = timedelta(minutes=10)
    first = await at.answering.answer(at.request(listed(), request=request))
    at.desk.audit.value = timedelta(seconds=1)

    again = await at.answering.answer(at.request(listed(), request=request))

    assert isinstance(first, Refused)
    assert again == REPEATED
    assert {event.body.outcome for event in await at.desk.events()} == {Outcome.REFUSED}


async def test_r9_a_redisplay_of_a_look_up_that_found_nothing_is_a_look_up_once_it_finds_something(at: Office) -> None:
    stated = StatedRelation(case_reference="ABC-1/2019")
    query = at.request(person(3, relation=stated))
    nothing = await at.answering.answer(query)
    still = await at.ask(person(3, relation=stated, redisplay_of=event_of(query.id)))
    await at.desk.fill(inhabitant(3), support("P-3", 3, date(2019, 6, 1), date(2019, 6, 28)))

    shown = await at.ask(person(3, relation=stated, redisplay_of=event_of(query.id)))

    assert isinstance(nothing, NothingFound)
    assert isinstance(still, NothingFound)
    assert isinstance(shown, PersonView)
    actions = {event.id: (event.body.action, event.body.of) for event in await at.desk.events()}
    assert actions[still.access_event] == (Action.REDISPLAY, nothing.access_event)
    assert actions[shown.access_event] == (Action.LOOK_UP, None)
