"""A process that ends at any moment of logging and signing loses nothing, repeats nothing and signs one history."""

import asyncio
from collections.abc import Coroutine, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from shared.bus.messages import Outgoing
from tests.harness.consuming import engine_for
from tests.integration.audit.world import CONSUMER, TOPIC, FixedEnds, Heard, Log, access, notary


@dataclass
class Cut:
    """Awaits something, but is cancelled when it waits for the `after`-th time."""

    work: Coroutine[Any, Any, None]
    after: int

    def __await__(self) -> Generator[Any, Any, None]:
        steps = self.work.__await__()
        waits = 0
        try:
            waited = next(steps)
            while True:
                if waits == self.after:
                    task = asyncio.current_task()
                    assert task is not None
                    task.cancel()
                waits += 1
                try:
                    sent = yield waited
                except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs into the work
                    waited = steps.throw(error)
                else:
                    waited = steps.send(sent)
        except StopIteration:
            return


class SlowlyHeard(Heard):
    """Publishing waits twice: a process may end before its message is acknowledged and after."""

    async def publish(self, message: Outgoing) -> None:
        await self.publish_many([message])

    async def publish_many(self, messages: Sequence[Outgoing]) -> None:
        await asyncio.sleep(0)
        self.messages += messages
        await asyncio.sleep(0)


async def run_cut(work: Coroutine[Any, Any, None], after: int) -> bool:
    """Whether the work came to its end."""

    async def waiting() -> None:
        await Cut(work, after)

    task = asyncio.create_task(waiting())
    await asyncio.wait([task])
    return not task.cancelled() and task.exception() is None


async def log_and_sign(log: Log, sent: Sequence[Outgoing], heard: Heard) -> None:
    await log.feed(sent[log.fed :])
    await notary(log.engine, CONSUMER, FixedEnds({(TOPIC, 0): len(sent)}), heard).tick()


async def test_ended_at_every_wait_the_log_holds_each_event_once_and_every_signature_was_told_before(
    database: str,
) -> None:
    heard, sent, after, finished = SlowlyHeard(), list[Outgoing](), 0, False
    log = Log(engine_for(database))
    while not finished:
        sent += [access(len(sent)), access(len(sent) + 1)]
        await log.find_place()
        finished = await run_cut(log_and_sign(log, sent, heard), after)
        after += 1
        await log.engine.dispose()
    assert after > 20
    signed = str(await log.scalar("select string_agg(size::text, ',') from checkpoint where size > 0"))
    assert set(map(int, signed.split(","))) <= {assigned.size for assigned in heard.assigned}
    assert await log.scalar("select count(distinct event_id) from entry") == len(sent)
    assert await log.scalar("select count(*) from entry") == len(sent)
    assert (await log.check()).whole
    await log.engine.dispose()
