"""The watcher on a real database: what it finds, once, from whatever place it goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from shared.bus.messages import Outgoing
from shared.bus.sealing import commit
from shared.bus.topics import CLAIMS_EVENTS
from shared.contracts.access import Relation
from shared.contracts.base import Channel, Purpose
from shared.contracts.claims import ClaimRegistered, ClaimState
from shared.ids import event_id
from tests.integration.audit.watched import (
    MONDAY,
    OTHER,
    TOWN,
    WORKER,
    StandingClock,
    look,
    to_the_end,
    watched,
    watcher,
    worker_pseudonym,
)
from tests.integration.audit.world import CLIENTS, RING, Log, client_pseudonym

NIGHT = datetime(2016, 11, 14, 22, 30, tzinfo=UTC)
MIXED = [
    *(look(n, NIGHT + timedelta(minutes=n)) for n in range(4)),
    *(look(n, MONDAY + timedelta(minutes=n), worker=OTHER, client="150616B903S") for n in range(10, 12)),
]


CODES = [f"{day:02d}0180-{900 + day}A" for day in range(1, 13)]
"""Artificial clients; the watcher sees pseudonyms of them."""


def claimed(n: int, client: str, time: datetime) -> Outgoing:
    id_ = event_id("claim", str(n))
    body = ClaimRegistered(
        claim=id_,
        number=f"MV-{n}",
        time=time,
        state=ClaimState.REGISTERED,
        channel=Channel.UI,
        organisation=TOWN,
        member="091",
        agreement="A-091",
        worker=worker_pseudonym(WORKER),
        client=client_pseudonym(client),
        commitment=commit(b"{}"),
        personal=RING.seal("claims", b"{}", id=id_, type=ClaimRegistered.ce_type),
    )
    return Outgoing.of(CLAIMS_EVENTS, client, id_, body, source="claims", time=time)


async def rows(log: Log, statement: str) -> list[dict[str, Any]]:
    async with log.engine.connect() as conn:
        return [dict(row) for row in (await conn.execute(text(statement))).mappings()]


async def found(log: Log) -> list[dict[str, Any]]:
    return [orjson.loads(row["body"]) for row in await rows(log, "select body from alert order by rule, time, id")]


@pytest.mark.asyncio(loop_scope="session")
async def test_night_work_is_found_with_its_figures_entries_and_words(log: Log) -> None:
    await watched(log, MIXED[:4])

    (alert,) = await found(log)
    assert (alert["rule"], alert["organisation"], alert["worker"]) == ("night_work", TOWN, worker_pseudonym(WORKER))
    assert alert["entries"] == [0, 1, 2]
    assert alert["figures"]["look_ups"] == alert["limits"]["least"] == 3
    assert "3 look-ups outside the unit's hours" in alert["explanation"]["en"]


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("at_once", [1, 2, 1000])
async def test_each_alert_is_told_once_from_whatever_place_the_watcher_goes_on(log: Log, at_once: int) -> None:
    await log.feed(MIXED)
    while await watcher(log, at_once=at_once).tick():
        """A new process at every step."""
    before = await found(log)
    await log.execute("update anomaly_position set next = 0")
    await to_the_end(watcher(log))

    assert [alert["rule"] for alert in before] == ["night_work", "own_colleagues"]
    assert await found(log) == before
    assert len(await rows(log, "select id from outbox where topic = 'audit.alerts'")) == 2


@pytest.mark.asyncio(loop_scope="session")
async def test_a_colleague_is_recognised_and_never_named(log: Log) -> None:
    await watched(log, [look(1, MONDAY), look(2, MONDAY, worker=OTHER, client=WORKER), look(3, MONDAY, client=WORKER)])

    alerts = {alert["worker"]: alert["figures"] for alert in await found(log)}
    assert alerts == {
        worker_pseudonym(OTHER): {"colleagues": 1, "oneself": 0},
        worker_pseudonym(WORKER): {"colleagues": 1, "oneself": 1},
    }
    told = str(await rows(log, "select body from alert"))
    assert client_pseudonym(WORKER) not in told
    assert WORKER not in told


@pytest.mark.asyncio(loop_scope="session")
async def test_one_case_reference_for_many_persons_is_found_however_it_is_spelled(log: Log) -> None:
    spellings = ("DNRO 1", " dnro  1 ", "Dnro 1")
    await watched(
        log,
        [
            look(n, MONDAY + timedelta(minutes=n), client=code, relation=Relation.STATED, case=spellings[n % 3])
            for n, code in enumerate(CODES[:6])
        ]
        + [look(50 + n, MONDAY, client=code, relation=Relation.STATED, case=code) for n, code in enumerate(CODES)],
    )

    (alert,) = await found(log)
    assert (alert["rule"], alert["figures"]["persons"]) == ("many_of_one_case", 6)
    assert alert["entries"] == [0, 1, 2, 3, 4, 5]


@pytest.mark.asyncio(loop_scope="session")
async def test_many_persons_of_one_surname_are_found_and_the_name_is_nowhere(log: Log) -> None:
    looks = [look(n, MONDAY, client=code, surname="Testinen") for n, code in enumerate(CODES[:9])]
    others = [look(50 + n, MONDAY, client=code, surname=f"Muu {n}") for n, code in enumerate(CODES)]
    await watched(log, [*others, *looks[:8]])
    assert await found(log) == []

    await watched(log, looks[8:])
    (alert,) = await found(log)
    assert (alert["rule"], alert["figures"]["persons"]) == ("many_of_one_surname", 9)
    assert alert["entries"] == list(range(12, 21))
    assert "testinen" not in str(await rows(log, "select * from anomaly_mark")).casefold()


@pytest.mark.asyncio(loop_scope="session")
async def test_look_ups_for_claims_that_nobody_makes_are_told_when_their_days_are_over(log: Log) -> None:
    clock = StandingClock()
    looks = [look(n, MONDAY, client=code, purpose=Purpose.CLAIM) for n, code in enumerate(CODES)]
    in_time, too_late = MONDAY + timedelta(days=30), MONDAY + timedelta(days=31)
    await watched(log, [*looks, claimed(1, CODES[0], in_time), claimed(2, CODES[1], too_late)], clock)
    assert await found(log) == []

    clock.at = too_late
    await to_the_end(watcher(log, clock))
    (alert,) = await found(log)
    assert alert["rule"] == "without_action"
    assert alert["figures"] == {"look_ups": 10, "followed": 1, "percent": 90, "days": 30, "month": 11}
    (month,) = await rows(log, "select followed, unfollowed from anomaly_month")
    assert month == {"followed": 1, "unfollowed": 11}


@pytest.mark.asyncio(loop_scope="session")
async def test_erasing_a_client_forgets_what_was_counted_of_them(log: Log) -> None:
    await watched(log, [look(1, MONDAY, purpose=Purpose.CLAIM), look(2, MONDAY, client=CLIENTS[1])])
    person = client_pseudonym(CLIENTS[0])
    assert await rows(log, f"select 1 from anomaly_open where person = '{person}'")

    await log.execute(f"update person_key set wrapped = null, person = null, erased = now() where person = '{person}'")
    assert not await rows(log, f"select 1 from anomaly_mark where person = '{person}' or key like '%{person}%'")
    assert not await rows(log, f"select 1 from anomaly_open where person = '{person}'")
    assert await rows(log, "select 1 from anomaly_mark")
