"""What a granted look-up rests on and hides: stated relations, emergencies, prohibitions, redisplays, other groups."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.lookup.answering import REPEATED
from services.lookup.domain.header import HIDDEN
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.contracts.access import AccessDecided, Action, OverrideUsed, Relation
from shared.contracts.answers import NothingFound, PersonView
from shared.contracts.base import Purpose, Role
from shared.contracts.register import Insurance, Recovery
from shared.ids import event_id, likeness
from tests.integration.lookup.desk import Desk, opened
from tests.integration.lookup.samples import PSEUDONYM_KEY, decision, payment, person, record
from tests.integration.lookup.surroundings import AGREEMENT, NOW, SURROUNDINGS, WORKER, asked

STRANGER = "010180Y9026"
STATED = {"case_reference": "ABC-1/2016", "description": "Asiakas muutti kuntaan."}
EMERGENCY = {"reason": "Asiakas löytyi tajuttomana kotoaan.", "began": NOW - timedelta(hours=1)}


async def unrelated(lookup: Desk) -> None:
    """The client lives elsewhere and no claim of the organisation relates to them."""
    await lookup.fill(record("person", "H-1", person(municipality="091"), version=2))
    async with lookup.rig.engine.begin() as conn:
        await conn.execute(text("delete from claim"))


async def shown(lookup: Desk, **changes: object) -> PersonView:
    answer = await lookup.look_ups.answer(asked(**changes))  # type: ignore[arg-type]  # the names are `asked`'s own
    assert isinstance(answer, PersonView)
    return answer


async def test_a_stated_relation_is_granted_and_its_case_reference_is_sealed_in_the_log(lookup: Desk) -> None:
    await unrelated(lookup)

    answer = await shown(lookup, relation=STATED)

    event = await lookup.only_event()
    assert event.body.relation is answer.relation is Relation.STATED
    assert (opened(event).case_reference, opened(event).reason) == (STATED["case_reference"], STATED["description"])
    assert b"ABC-1" not in event.record.value
    assert await lookup.alerts() == []


async def test_an_emergency_override_is_granted_and_told_to_the_log_supervisor_before_the_answer(lookup: Desk) -> None:
    await unrelated(lookup)
    order: list[type] = []

    async def note(message: Outgoing) -> None:
        order.append(OverrideUsed if message.type == OverrideUsed.ce_type else AccessDecided)
        assert not answering.done()

    lookup.publisher.after = note
    answering = asyncio.create_task(
        shown(lookup, emergency=EMERGENCY, purpose=Purpose.VERIFY, roles=(Role.EMERGENCY_WORKER,))
    )
    answer = await answering

    assert order == [OverrideUsed, AccessDecided]
    (alert,) = await lookup.alerts()
    event = await lookup.only_event()
    assert (alert.body.access_event, alert.body.worker, alert.body.member) == (event.id, WORKER, "297")
    assert (event.body.relation, event.body.emergency) == (Relation.EMERGENCY, True)
    assert answer.relation is Relation.EMERGENCY
    assert opened(event).reason == EMERGENCY["reason"]


async def test_an_override_that_was_not_needed_is_not_counted_as_one(lookup: Desk) -> None:
    answer = await shown(lookup, emergency=EMERGENCY, purpose=Purpose.VERIFY, roles=(Role.EMERGENCY_WORKER,))

    assert answer.relation is Relation.HOME
    assert not (await lookup.only_event()).body.emergency
    assert await lookup.alerts() == []


async def test_an_alert_that_could_not_be_told_shows_nothing_and_is_told_by_the_retry_whatever_holds_then(
    lookup: Desk,
) -> None:
    await unrelated(lookup)
    request = asked(emergency=EMERGENCY, purpose=Purpose.VERIFY, roles=(Role.EMERGENCY_WORKER,))

    async def down(_: Outgoing) -> None:
        raise NotAcknowledged("Kafka is down")

    lookup.publisher.before = down
    with pytest.raises(NotAcknowledged):
        await lookup.look_ups.answer(request)
    assert await lookup.told() == []

    lookup.publisher.before = None
    lookup.clock.at += timedelta(days=2)  # the override has run out meanwhile
    assert await lookup.look_ups.answer(request) == REPEATED
    assert len(await lookup.alerts()) == len(await lookup.events()) == 1


async def test_the_log_may_compare_surname_and_address_of_who_was_shown_and_no_protected_address(
    lookup: Desk,
) -> None:
    surname, address = (
        likeness(PSEUDONYM_KEY, "surname", "ääkkönen"),
        likeness(PSEUDONYM_KEY, "address", "testikatu 1"),
    )
    for version, hidden in ((2, False), (3, True)):
        client = person(hidden=hidden).model_copy(update={"address": "Testikatu 1"})
        await lookup.fill(record("person", "H-1", client, version=version))
        await shown(lookup, roles=(Role.FEE_CLERK, Role.PROTECTED_DATA_HANDLER))

    told = [(part.surname, part.address) for part in map(opened, await lookup.events())]
    assert sorted(told, key=str) == sorted([(surname, address), (surname, None)], key=str)


async def test_a_safety_prohibition_hides_every_place_from_all_but_the_named_role(lookup: Desk) -> None:
    protected = person(hidden=True).model_copy(update={"address": "Testikatu 1, 70100 Kuopio", "phone": "040 000"})
    termed = decision().model_copy(update={"terms": "Asunto Kuopiossa, Testikatu 1."})
    await lookup.fill(record("person", "H-1", protected, version=2), record("decision", "D-1", termed, version=2))

    masked = await shown(lookup)
    seen = await shown(lookup, roles=(Role.FEE_CLERK, Role.PROTECTED_DATA_HANDLER))

    assert masked.safety_prohibition
    assert seen.safety_prohibition
    assert (masked.name, masked.municipality, masked.address, masked.phone) == ("Ääkkönen Aada", None, None, None)
    assert (masked.relation, masked.decisions[0].terms) == (Relation.CLAIM, HIDDEN)
    assert not [place for place in ("Kuopio", "Testikatu", "297", "040 000") if place in masked.model_dump_json()]
    assert (seen.municipality, seen.address, seen.phone) == ("297", "Testikatu 1, 70100 Kuopio", "040 000")
    assert seen.relation is Relation.HOME
    assert seen.decisions[0].terms == termed.terms


async def test_r9_a_redisplay_of_an_own_look_up_is_logged_as_one_and_names_it(lookup: Desk) -> None:
    first = await shown(lookup)
    lookup.clock.at -= timedelta(hours=1)

    again = await shown(lookup, redisplay_of=first.access_event, benefit="kansanelake", first=date(2016, 12, 1))
    further = await shown(lookup, redisplay_of=again.access_event, printed=True)

    assert [row.payday for row in again.payments] == [date(2016, 12, 7)]
    assert ("payments", 1, "filter") in [(t.group, t.count, t.why) for t in again.trimmed]
    events = {event.id: event.body for event in await lookup.events()}
    assert events[first.access_event].action is Action.LOOK_UP
    assert (events[again.access_event].action, events[again.access_event].of) == (
        Action.REDISPLAY,
        first.access_event,
    )
    assert (events[further.access_event].action, events[further.access_event].of) == (
        Action.REDISPLAY,
        again.access_event,
    )
    assert [events[one.access_event].subject for one in (first, again, further)] == [None, None, "print"]


async def redisplayed_as(lookup: Desk, of: UUID, **changes: object) -> Action:
    """How a query that says it redisplays an event is logged."""
    request = uuid4()
    await lookup.look_ups.answer(asked(request=request, redisplay_of=of, **changes))  # type: ignore[arg-type]  # as above
    events = {event.body.request: event.body for event in await lookup.events()}
    return events[request].action


async def test_r9_whoever_names_an_event_that_is_none_of_this_look_up_looks_up_anew(lookup: Desk) -> None:
    first = await shown(lookup)
    await lookup.look_ups.answer(refused := asked(informed=False))

    assert await redisplayed_as(lookup, uuid4()) is Action.LOOK_UP
    assert await redisplayed_as(lookup, event_id("access", str(refused.id))) is Action.LOOK_UP
    assert await redisplayed_as(lookup, first.access_event, purpose=Purpose.VERIFY) is Action.LOOK_UP
    assert await redisplayed_as(lookup, first.access_event, member="174") is Action.LOOK_UP
    assert await redisplayed_as(lookup, first.access_event, code=STRANGER, relation=STATED) is Action.LOOK_UP
    lookup.clock.at = datetime(2016, 12, 31, 22, 0, tzinfo=UTC)
    assert await redisplayed_as(lookup, first.access_event) is Action.LOOK_UP


async def test_r9_a_redisplay_delivered_twice_is_one_event_and_one_showing(lookup: Desk) -> None:
    first = await shown(lookup)
    request = asked(redisplay_of=first.access_event)

    assert isinstance(await lookup.look_ups.answer(request), PersonView)
    assert await lookup.look_ups.answer(request) == REPEATED

    assert len({event.digest for event in await lookup.events()}) == 2


async def test_somebody_unknown_with_a_stated_relation_is_empty_and_the_log_knows_why_it_was_asked(
    lookup: Desk,
) -> None:
    answer = await lookup.look_ups.answer(asked(code=STRANGER, relation=STATED))

    assert isinstance(answer, NothingFound)
    assert (await lookup.only_event()).body.relation is Relation.STATED


async def test_the_optional_groups_and_withdrawn_records_are_shown_and_counted_by_role_and_agreement(
    lookup: Desk,
) -> None:
    owed = Recovery(benefit="kansanelake", decided=date(2016, 3, 1), total=Decimal(300), remaining=Decimal(10))
    await lookup.fill(
        record("insurance", "I-1", Insurance(covered=True, first=date(2010, 1, 1))),
        record("recovery", "R-1", owed),
        record("payment", "P-2", payment(date(2016, 11, 7)), version=2, withdrawn=True),
    )

    answer = await shown(lookup)

    assert [row.covered for row in answer.insurance] == [True]
    assert answer.recovery == ()
    told = {(row.group, row.why): row.count for row in answer.trimmed}
    assert told == {("payments", "window"): 1, ("payments", "withdrawn"): 1, ("recovery", "group"): 1}
    assert [row.month for row in answer.income] == ["2016-12"]


async def test_a_window_of_the_benefits_own_decides_over_the_agreements(lookup: Desk) -> None:
    own = AGREEMENT.model_copy(update={"benefit_windows": {"kansanelake": 1}})
    others = [known for known in SURROUNDINGS if known is not AGREEMENT]

    answer = await lookup.knowing(own, *others).answer(asked())

    assert isinstance(answer, PersonView)
    assert [row.payday.month for row in answer.payments] == [12]
    assert [(t.group, t.count, t.why) for t in answer.trimmed] == [("payments", 2, "window")]


async def test_the_person_page_is_never_of_somebody_else_when_asked_for_at_once(lookup: Desk) -> None:
    requests = [asked() if n % 2 == 0 else asked(code=STRANGER, relation=STATED) for n in range(10)]

    answers = await asyncio.gather(*(lookup.look_ups.answer(request) for request in requests))

    assert [type(answer) for answer in answers] == [PersonView, NothingFound] * 5
