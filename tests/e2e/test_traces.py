"""Identity codes planted in the data leave no trace where they do not belong, whatever was done in the browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.agreements.named import DEMO_WORKERS
from deploy.demo.checks import records_of
from shared.bus.topics import TOPICS
from tests.e2e.watching import IDENTITY_CODE
from tests.e2e.world import World

pytestmark = pytest.mark.timeout(90)


@pytest.fixture
async def used(world: World) -> World:
    """The world after somebody was looked up, refused and looked up again in a browser."""
    async with world.visitor() as visitor:
        await visitor.sign_in("tampere")
        await visitor.search(world.codes[0])
        await visitor.page.get_by_role("heading", level=1, name=world.codes[0]).wait_for()
        await visitor.page.goto(world.url)
        await visitor.search(world.cast.elsewhere)
        await visitor.titled("refused.title")
    return world


def planted(world: World) -> set[str]:
    workers = {worker.identity_code() or "" for worker in DEMO_WORKERS}
    return {*world.codes, world.cast.elsewhere, *workers} - {""}


def texts(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.name: path.read_text(encoding="utf-8", errors="replace") for path in files}


def codes_in(text: str) -> Iterator[str]:
    for found in IDENTITY_CODE.finditer(text):
        yield found.group()


async def test_no_log_file_names_anybody(used: World) -> None:
    read = texts(used.stage.stack.logs)
    assert sum(len(text) for text in read.values()) > 10_000
    named = {name: found for name, text in read.items() if (found := planted(used) & set(codes_in(text)))}
    assert not named


async def test_no_key_or_header_of_a_message_names_anybody(used: World) -> None:
    seen = 0
    for topic in TOPICS:
        async for key, _, headers in records_of(used.stage.stack.kafka, topic):
            seen += 1
            spelled = " ".join((key or b"").decode(errors="replace") for key in (key, *headers.values()))
            assert not IDENTITY_CODE.search(spelled), topic
    assert seen > 1000


async def test_the_gateways_database_names_nobody_in_the_clear(used: World) -> None:
    tables = await used.stage.column(
        "gateway", "select table_name from information_schema.tables where table_schema = 'public'"
    )
    assert tables
    for table in tables:
        for row in await used.stage.column("gateway", f"select t::text from {table} t"):
            assert not re.search(IDENTITY_CODE, row), table


async def test_no_address_cookie_or_header_named_anybody_in_any_test_so_far(used: World) -> None:
    assert len(used.watches) > 0
    for watch in used.watches:
        assert not [one.url for one in watch.requests if IDENTITY_CODE.search(one.url)]
