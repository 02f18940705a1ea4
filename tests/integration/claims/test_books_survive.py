"""Kill -9 at a random point, records repeated and out of order: the books are those of an undisturbed reading."""

import asyncio
import json
import secrets
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest_asyncio
from sqlalchemy import Row

from services.claims.app import REGISTER
from shared.bus.messages import Outgoing
from tests.harness.consuming import Rig, private, rig, until
from tests.integration.claims.test_books import send
from tests.integration.claims.upstream import AFTER, BEFORE, PAYDAY, Upstream, everything
from tests.stack.databases import Databases

ROOT = Path(__file__).parents[3]
CLIENTS = 12
PATIENCE = 90.0
"""Seconds: a process starts here, maybe on a busy machine."""


@pytest_asyncio.fixture(loop_scope="session")
async def shelf(kafka: str, database: str, tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(kafka, database, [private(topic) for topic in REGISTER], tmp_path) as ready:
        yield ready


async def claims(shelf: Rig, upstream: Upstream) -> None:
    """One claim on every second client, two on every fourth."""
    for n in range(0, CLIENTS, 2):
        await upstream.store(shelf.engine, n, upstream.claim(n))
        if n % 4 == 0:
            other = upstream.claim(n + 1000, "60.00", client=upstream.client(n), organisation="0211675-2")
            await upstream.store(shelf.engine, n, other)


def a_history(upstream: Upstream, chance: Random) -> list[Outgoing]:
    """Payments with corrections, reversals, repeats and reorderings; on some clients Kela's claims and deaths too."""
    made: list[Outgoing] = []
    for n in range(CLIENTS):
        settled = n % 3 == 0
        at = AFTER if settled else BEFORE
        for version in range(1, chance.randint(2, 5)):
            net = "0.00" if chance.random() < 0.1 else f"{chance.randint(1, 400)}.00"
            for id_, day in ((f"P-{n}", PAYDAY), (f"Q-{n}", PAYDAY.replace(day=22))):
                if not settled or day == PAYDAY:
                    made.append(upstream.payment(n, net, id=id_, version=version, payday=day, at=at))
        if not settled:
            # Told on other topics, whose order against the payments is nobody's: only open payments are met by them.
            made += [upstream.kela(n, "40.00", version=v) for v in (1, 2) if n % 5 < 2]
            made += [upstream.person(n, PAYDAY.replace(day=14))] if n % 7 == 1 else []
    chance.shuffle(made)
    return [*made, *chance.sample(made, len(made) // 3)]


@asynccontextmanager
async def feeding(shelf: Rig, upstream: Upstream, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A feed in a process of its own; killed at the end, if it still runs."""
    told = {
        "kafka": shelf.kafka,
        "database": shelf.engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
        "topics": [topic.name for topic in shelf.topics],
        "name": shelf.name,
        "keys": dict(upstream.keys),
        "secret": upstream.secret,
    }
    path = folder / "feeding.json"
    path.write_text(json.dumps(told), "utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.claims.feeding", str(path), cwd=ROOT, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def undisturbed(shelf: Rig, upstream: Upstream, database: str, count: int) -> list[tuple[object, ...]]:
    """The books that one quiet reading of the same topics gives in another database."""
    async with rig(shelf.kafka, database, [private(topic) for topic in REGISTER[:1]], shelf.settings.secrets) as made:
        quiet = Rig(shelf.kafka, made.engine, shelf.topics, made.settings, made.producer, made.name)
        await claims(quiet, upstream)
        async with quiet.consuming(upstream.feed().on_records):
            await quiet.wait_consumed(count, PATIENCE)
        return stands(await everything(quiet.engine))


def stands(rows: Sequence[Row[Any]]) -> list[tuple[object, ...]]:
    """Of settled payments every entry, byte for byte by its event; of open ones what stands, and never a gap."""
    newest: dict[str, tuple[object, ...]] = {}
    settled = []
    for row in rows:
        assert row.entry == 1 or row.payment in newest
        newest[row.payment] = (row.payment, row.payment_version, row.client, row.to_client, tuple(row.shares))
        if row.at == AFTER:
            settled.append((row.payment, row.entry, row.payment_version, row.why, row.event))
    # An open payment on which nothing is claimed in the end may have none or an empty entry, by the order of topics.
    return [*settled, *(one for one in newest.values() if one[-1])]


async def test_given_a_feed_killed_at_a_random_point_then_the_books_are_those_of_an_undisturbed_reading(
    shelf: Rig, databases: Databases, tmp_path: Path
) -> None:
    seed = secrets.randbelow(2**32)
    print(f"killed by the seed {seed}")  # noqa: T201 - pytest shows it when the test fails
    await survives(shelf, databases, tmp_path, history=5, seed=seed)


async def survives(shelf: Rig, databases: Databases, folder: Path, *, history: int, seed: int) -> None:
    """Play one history, killed once at the point that the seed says."""
    upstream = Upstream()
    await claims(shelf, upstream)
    events = a_history(upstream, Random(history))
    point = Random(seed)
    kill = point.randrange(1, len(events))
    async with feeding(shelf, upstream, folder) as process:
        await send(shelf, events[:kill])
        await until(shelf.consumed, lambda n: n >= 1, PATIENCE)
        await asyncio.sleep(point.random() / 20)  # anywhere within a batch
        process.kill()
    async with shelf.consuming(upstream.feed().on_records):
        await send(shelf, events[kill:])
        await shelf.wait_consumed(len(events), PATIENCE)
    assert await shelf.scalar("select count(*) from quarantine") == 0
    survived = stands(await everything(shelf.engine))
    assert len(survived) > CLIENTS / 2
    async with databases.lent("claims") as database:
        assert await undisturbed(shelf, upstream, database, len(events)) == survived
