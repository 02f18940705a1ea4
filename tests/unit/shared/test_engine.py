"""A statement that was begun never outlives the caller that was cut off before it got the task."""

import asyncio

import pytest

from shared.database.engine import begun


async def test_a_begun_statement_has_left_and_goes_on() -> None:
    left = asyncio.Event()

    async def statement() -> str:
        left.set()
        await asyncio.sleep(0)
        return "done"

    task = await begun(statement())
    assert left.is_set()
    assert await task == "done"


async def test_cut_off_while_it_leaves_the_statement_ends_before_the_caller() -> None:
    ended = asyncio.Event()

    async def statement() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    caller = asyncio.create_task(begun(statement()))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended.is_set()
