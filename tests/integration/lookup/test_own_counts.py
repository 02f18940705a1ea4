"""Lookup's own account of an hour: just the access events that it told, by agreement."""

from datetime import timedelta

import pytest

from services.lookup.store.counts import held_in_hour
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.counting import Held
from shared.database.engine import driver
from shared.ids import event_id
from tests.integration.lookup.desk import NOW, Desk, asked

HOUR = NOW.replace(minute=0, second=0, microsecond=0)


async def refusing(message: Outgoing) -> None:
    raise NotAcknowledged(message.topic)


async def test_what_was_told_in_an_hour_is_counted_by_agreement_also_when_kafka_did_not_take_it(lookup: Desk) -> None:
    # given a look-up that was told, and one that Kafka did not acknowledge
    told, lost = asked(), asked()
    await lookup.look_ups.answer(told)
    lookup.publisher.before = refusing
    with pytest.raises(NotAcknowledged):
        await lookup.look_ups.answer(lost)
    lookup.publisher.before = None
    # then both stand in lookup's own account of the hour, and in that of no other
    async with driver(lookup.rig.engine) as conn:
        held = await held_in_hour(conn, HOUR)
        other = await held_in_hour(conn, HOUR + timedelta(hours=1))
    assert held == {"A-297": Held.of(event_id("access", str(one.id)) for one in (told, lost))}
    assert other == {}
