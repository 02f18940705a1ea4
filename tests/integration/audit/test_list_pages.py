"""A page of a list is about many clients: each is led to its entry, and erasing one erases its personal part."""

from collections.abc import AsyncIterator

import orjson
import pytest
import pytest_asyncio
from sqlalchemy.exc import DBAPIError

from services.audit import store
from shared.bus.messages import Outgoing
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.contracts.agreements import AgreementPath, Bearer, DelegationChanged, ResponsibilityChanged, UserChanged
from shared.contracts.base import Contract, Validity
from shared.database.engine import raw
from shared.ids import event_id
from tests.harness.consuming import engine_for
from tests.integration.audit.world import (
    CLIENTS,
    MONTH,
    RING,
    START,
    Log,
    access,
    client_pseudonym,
    keeper,
)

PAGE = access(10, listed=CLIENTS[:3])
OTHER_PAGE = access(11, listed=(CLIENTS[2], CLIENTS[2]))


@pytest_asyncio.fixture(loop_scope="session")
async def log(database: str) -> AsyncIterator[Log]:
    engine = engine_for(database)
    yield Log(engine)
    await engine.dispose()


async def about(log: Log, client: str) -> list[int]:
    """The entries to which a client's keys lead."""
    found = await log.scalar(
        "with keys as (select id from person_key where person = "
        f"'{client_pseudonym(client)}') select array_agg(seq order by seq) from ("
        "select seq from entry where person_key in (select id from keys) union "
        "select seq from entry_person where person_key in (select id from keys)) found"
    )
    return found if isinstance(found, list) else []


async def erase(log: Log, client: str) -> int:
    async with log.engine.begin() as conn:
        return await store.destroy_keys(await raw(conn), client_pseudonym(client), MONTH)


async def test_every_client_on_a_page_is_led_to_its_entry(log: Log) -> None:
    # given a look-up of one client, a page with three, and a page that names one twice
    await log.feed([access(0, client=CLIENTS[0]), PAGE, OTHER_PAGE])
    await log.sign()
    # then each code leads to what it stands in, nobody else's does, and the log is whole
    assert [await about(log, client) for client in CLIENTS] == [[0, 1], [1], [1, 2], []]
    checked = await log.check()
    assert checked.whole
    assert checked.personal == {"sealed": 3}


async def test_erasing_one_client_erases_the_pages_that_name_them_and_no_other(log: Log) -> None:
    one_keeper = keeper()
    await log.feed([access(0, client=CLIENTS[1]), PAGE, OTHER_PAGE], one_keeper.append)
    # when one client of the first page is erased
    assert await erase(log, CLIENTS[0]) == 1
    assert await erase(log, CLIENTS[0]) == 0
    # then that page does not open, whoever else stands on it is still led to its entry, and later pages are sealed anew
    await log.feed([access(12, listed=CLIENTS[:2])], one_keeper.append)
    await log.sign()
    checked = await log.check()
    assert checked.whole
    assert checked.personal == {"erased": 1, "sealed": 3}
    assert [await about(log, client) for client in CLIENTS] == [[3], [0, 1, 3], [1, 2], []]


@pytest.mark.parametrize("listed", ["no list", [1, None], {"a": 1}, 7])
async def test_a_page_whose_clients_are_garbage_is_logged_all_the_same(log: Log, listed: object) -> None:
    message = access(20)
    plain = RING.open(orjson.loads(message.body)["personal"], id=message.id, type=message.type)
    changed = orjson.dumps({**orjson.loads(plain), "clients": listed})
    body = {**orjson.loads(message.body), "personal": RING.seal("access", changed, id=message.id, type=message.type)}
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    await log.feed_raw([(orjson.dumps(body), headers)])
    assert await log.scalar("select personal_state from entry") == "mismatch"
    assert await log.scalar("select count(*) from quarantine") == 0


async def test_who_stands_on_which_page_cannot_be_rewritten(log: Log) -> None:
    await log.feed([PAGE])
    for statement in ("delete from entry_person", "update entry_person set seq = 7", "truncate entry_person"):
        with pytest.raises(DBAPIError, match="append-only"):
            await log.execute(statement)


OF_OTHERS: tuple[Contract, ...] = (
    DelegationChanged(id="DE-1", version=1, principal="297", agent="0171450-7", validity=Validity(first=START.date())),
    ResponsibilityChanged(
        municipality="297",
        version=1,
        bearers=(Bearer(organisation="0171450-7", form="own", validity=Validity(first=START.date())),),
    ),
    UserChanged(
        id="0171450-7/v1." + "a" * 26,
        version=1,
        worker="v1." + "a" * 26,
        organisation="0171450-7",
        status="locked",
        why="idle",
        since=START.date(),
    ),
    AgreementPath(
        id="PA-1", version=1, party="0171450-7", step="signed", municipalities=("297",), law="L 812/2000 21 §"
    ),
)


async def test_whoever_may_act_and_who_bears_whom_stands_in_the_log(log: Log) -> None:
    await log.feed(
        [
            Outgoing.of(AGREEMENTS_EVENTS, "k", event_id("t", body.ce_type), body, source="agreements", time=START)
            for body in OF_OTHERS
        ]
    )
    await log.sign()
    logged = await log.scalar("select array_agg(type order by seq) from entry")
    assert logged == [body.ce_type for body in OF_OTHERS]
    assert (await log.check()).whole
