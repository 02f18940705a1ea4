"""A worker remarks on an own look-up of the wrong person; the look-up stays in the log as it was."""

from uuid import UUID, uuid4

import pytest

from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import LookUpAnnotated, PersonView, Refused
from shared.contracts.asking import AnnotateLookUp, PersonQuery
from shared.contracts.base import Purpose
from tests.integration.lookup.desk import opened
from tests.integration.lookup.municipal import COLLEAGUE_CODE, Office, listed, over_the_interface
from tests.integration.lookup.samples import CLIENT_CODE


def remark(event: UUID, *, key: str = "key-0001", text: str = "Kirjoitusvirhe") -> AnnotateLookUp:
    return AnnotateLookUp(idempotency_key=key, access_event=event, note="wrong_person", text=text)


async def looked_up(at: Office) -> UUID:
    answer = await at.ask(PersonQuery(identity_code=CLIENT_CODE, purpose=Purpose.CHARGE, informed=True))
    assert isinstance(answer, PersonView)
    return answer.access_event


async def test_a_remark_is_an_event_of_its_own_beside_the_look_up(at: Office) -> None:
    event = await looked_up(at)

    answer = await at.ask(remark(event))

    first, second = await at.desk.events()
    assert answer == LookUpAnnotated(access_event=event, annotation=second.id)
    assert (first.id, first.body.outcome, first.body.of) == (event, Outcome.GRANTED, None)
    assert (second.body.action, second.body.of, second.body.outcome) == (Action.ANNOTATION, event, Outcome.GRANTED)
    assert opened(second).reason == "wrong_person: Kirjoitusvirhe"
    assert b"Kirjoitusvirhe" not in second.record.value


async def test_only_an_own_look_up_can_be_remarked_on(at: Office) -> None:
    event = await looked_up(at)
    await at.ask(listed())
    *_, page_event = await at.desk.events()

    answers = [
        await at.ask(remark(event), worker=COLLEAGUE_CODE),
        await at.ask(remark(event), member="091"),
        await at.ask(remark(uuid4())),
        await at.ask(remark(page_event.id)),
    ]

    assert {answer.refusal.code for answer in answers if isinstance(answer, Refused)} == {"remark.unknown_look_up"}
    assert all(isinstance(answer, Refused) for answer in answers)
    assert {event.body.of for event in await at.desk.events()} == {None}


async def test_a_system_remarks_on_its_own_look_up_and_not_on_a_workers(at: Office) -> None:
    query = PersonQuery(identity_code=CLIENT_CODE, purpose=Purpose.CHARGE, informed=True)
    shown = await at.answering.answer(over_the_interface(at.request(query)))
    workers = await looked_up(at)
    assert isinstance(shown, PersonView)

    own = await at.answering.answer(over_the_interface(at.request(remark(shown.access_event))))
    other = await at.answering.answer(over_the_interface(at.request(remark(workers, key="key-0002"))))

    assert isinstance(own, LookUpAnnotated)
    assert isinstance(other, Refused)
    assert other.refusal.code == "remark.unknown_look_up"


async def test_a_repeated_remark_is_the_same_remark_and_another_text_is_not(at: Office) -> None:
    event = await looked_up(at)
    first = await at.ask(remark(event))

    again = await at.ask(remark(event))
    other = await at.ask(remark(event, text="Muu syy"))

    assert again == first
    assert isinstance(other, Refused)
    assert other.refusal.code == "remark.key_reused"


async def test_invariant_2_killed_before_the_event_a_redelivered_remark_is_one_event(at: Office) -> None:
    event = await looked_up(at)
    request = at.request(remark(event))

    async def killed(_: Outgoing) -> None:
        raise NotAcknowledged("the process ended here")

    at.desk.publisher.before = killed
    with pytest.raises(NotAcknowledged):
        await at.answering.answer(request)
    at.desk.publisher.before = None

    answer = await at.answering.answer(request)

    _, told = await at.desk.events()
    assert answer == LookUpAnnotated(access_event=event, annotation=told.id)
