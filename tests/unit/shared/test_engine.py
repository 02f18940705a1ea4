"""One statement on its way while the next is prepared; nothing is left on its way, however it ends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest

from shared.database.engine import Ahead


class Database:
    """Statements that take until they are told to end; what of them has happened."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.told: list[str] = []

    @asynccontextmanager
    async def _running(self, name: str) -> AsyncIterator[None]:
        self.told.append(f"{name} left")
        try:
            yield
        finally:
            self.told.append(f"{name} ended")

    async def take(self, name: str) -> str:
        async with self._running(name):
            await self.may_end.wait()
            return name

    async def fail(self, name: str) -> str:
        async with self._running(name):
            raise ValueError(name)


Statement = Callable[[str], Coroutine[object, object, str]]


async def in_turn(first: Statement, second: Statement) -> list[str]:
    async with Ahead[str]() as ahead:
        await ahead.begin(first("first"))
        await ahead.begin(second("second"))
    return ahead.results


async def test_a_statement_has_left_before_the_next_is_prepared_and_its_result_is_kept() -> None:
    database = Database()
    async with Ahead[str]() as ahead:
        await ahead.begin(database.take("first"))
        assert database.told == ["first left"]
        database.may_end.set()
        await ahead.begin(database.take("second"))
        assert database.told[:2] == ["first left", "first ended"]
    assert ahead.results == ["first", "second"]


async def test_what_a_statement_raises_comes_before_the_next_one_leaves() -> None:
    database = Database()
    with pytest.raises(ValueError, match="first"):
        await in_turn(database.fail, database.take)
    assert database.told == ["first left", "first ended"]


async def test_the_last_ones_failure_is_told_too() -> None:
    database = Database()
    database.may_end.set()
    with pytest.raises(ValueError, match="second"):
        await in_turn(database.take, database.fail)


@pytest.mark.parametrize("turns", range(8))
async def test_cut_off_at_any_moment_nothing_is_left_on_its_way(turns: int) -> None:
    database = Database()
    calling = asyncio.create_task(in_turn(database.take, database.take))
    for _ in range(turns):
        await asyncio.sleep(0)
    calling.cancel()
    database.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await calling
    assert sum(told.endswith("left") for told in database.told) == sum(told.endswith("ended") for told in database.told)


async def test_when_its_caller_fails_the_statement_ends_first() -> None:
    database = Database()
    database.may_end.set()

    async def caller() -> None:
        async with Ahead[str]() as ahead:
            await ahead.begin(database.take("first"))
            raise RuntimeError("caller")

    with pytest.raises(RuntimeError, match="caller"):
        await caller()
    assert database.told == ["first left", "first ended"]
