"""The log for a SIEM out of a real database: in order, each entry one line, from where one says."""

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

from services.audit.commands_cef import write
from services.audit.store import cef
from shared.clock.system import system_now
from shared.database.engine import raw
from shared.kit import Kit
from tests.harness.cef_lines import parse
from tests.integration.audit.test_anomalies import CODES, MIXED, claimed
from tests.integration.audit.watched import MONDAY, WORKER
from tests.integration.audit.world import CLIENTS, ORIGIN, Log, client_pseudonym


def kit(log: Log) -> Kit:
    return cast("Kit", SimpleNamespace(engine=log.engine, settings=SimpleNamespace(log_origin=ORIGIN)))


async def test_every_entry_is_one_line_and_none_names_a_person(log: Log) -> None:
    await log.feed([*MIXED, claimed(1, CODES[0], MONDAY)])
    await log.feed_raw([(b"\xff not json | = \n", ())])
    out = io.StringIO()
    assert await write(kit(log), out, 0) == len(MIXED) + 2
    lines = [parse(line) for line in out.getvalue().splitlines()]

    assert [int(line.extension["cn1"]) for line in lines] == list(range(len(MIXED) + 2))
    assert [line.class_id for line in lines[-2:]] == ["claims.registered", "audit.opaque"]
    assert all(line.extension["outcome"] for line in lines)
    assert not any(code in out.getvalue() for code in (WORKER, *CLIENTS, *map(client_pseudonym, (*CLIENTS, CODES[0]))))


async def test_it_goes_on_where_it_ended_and_begins_at_a_time(log: Log) -> None:
    await log.feed(MIXED[:3])
    between = system_now()
    await log.feed(MIXED[3:])
    out = io.StringIO()
    assert await write(kit(log), out, 4) == len(MIXED)
    assert await write(kit(log), out, len(MIXED)) == len(MIXED)
    assert [parse(line).extension["cn1"] for line in out.getvalue().splitlines()] == ["4", "5"]

    async with log.engine.connect() as conn:
        connection = await raw(conn)
        found = [await cef.first_since(connection, between + timedelta(hours=h)) for h in (-1, 0, 1)]
    assert found == [0, 3, len(MIXED)]
