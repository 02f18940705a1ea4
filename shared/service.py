"""Running a service process: start in order, tell readiness, stop without losing what is in hand.

Start: HTTP (health and readiness answer from the first moment), the database, Kafka, replicas, consumers, background
work. A dependency that is down is waited for; a wrong setting ends the process with its name. Stop, on SIGTERM or
SIGINT: consumers finish their batch, queries their answer; whatever still hangs after `HARD_EXIT_SECONDS` is cut off,
which is safe because nothing is acknowledged before it is durable.
"""

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import uvicorn
import uvloop
from aiokafka.errors import KafkaError
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from shared.bus.waiting import Backoff
from shared.database.errors import classify
from shared.kit import Background, Kit
from shared.settings import Settings, settings_or_exit

HARD_EXIT_SECONDS: Final = 25
"""Kafka being down at SIGTERM can keep a client from ever closing."""
_CANCELLED_WITHIN: Final = 5
"""Seconds: giving a leader's lock back asks the database, which may be down too."""


FIRSTS_SECONDS: Final = 10
"""What consumers wait for may never come while its sender is down: then they start, and the gate refuses in words."""


class Starting:
    """Whether the process has got through its start; a readiness check like any other."""

    def __init__(self) -> None:
        self.waits_for: str | None = "start"

    def check(self) -> str | None:
        """What the start still waits for."""
        return None if self.waits_for is None else f"waits for {self.waits_for}"


async def _wait_for_database(kit: Kit, starting: Starting) -> None:
    starting.waits_for = "database"
    backoff = Backoff()
    while True:
        try:
            async with kit.engine.connect() as conn:
                await conn.execute(text("select 1 from alembic_version"))
        except Exception as error:
            if classify(error) == "unexpected" and getattr(error, "orig", None) is None:
                raise
            kit.log.warning("waits_for_database", reason=type(error).__name__)
            await backoff.wait()
        else:
            return


async def _wait_for_kafka(kit: Kit, starting: Starting) -> None:
    starting.waits_for = "kafka"
    backoff = Backoff()
    while True:
        try:
            await kit.broker.connect()
        except (KafkaError, OSError) as error:
            kit.log.warning("waits_for_kafka", reason=type(error).__name__)
            await backoff.wait()
        else:
            return


async def _wait_for_firsts(kit: Kit, starting: Starting) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(FIRSTS_SECONDS):
            for name, done in kit.firsts.items():
                starting.waits_for = name
                await done.wait()


async def _start(kit: Kit, starting: Starting, group: asyncio.TaskGroup) -> None:
    await _wait_for_database(kit, starting)
    await _wait_for_kafka(kit, starting)
    for name, work in kit.backgrounds.items():
        group.create_task(_for_ever(name, work), name=name)
    group.create_task(_restart_when_broken(kit), name="producer")
    await _wait_for_firsts(kit, starting)
    starting.waits_for = "consumers"
    for consuming in kit.consuming:
        if consuming.leader is None:
            await consuming.subscription.start()
        else:
            stay = _then_stay(consuming.before, consuming.subscription.start)
            # A consumer starts once in a process: two of one group would push each other out for ever.
            work = kit.led(consuming.leader, stay, once=True)
            group.create_task(_for_ever(consuming.leader, work), name=consuming.leader)
    for subscription in kit.subscriptions:
        await subscription.start()
    starting.waits_for = None
    gc.collect()
    # Batches keep thousands of containers alive; collecting the youngest at every 700 objects halves the rate.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    kit.log.info("ready")


def _then_stay(before: Background | None, start: Background) -> Background:
    async def run() -> None:
        if before is not None:
            await before()
        await start()
        await asyncio.Event().wait()

    return run


async def _for_ever(name: str, work: Background) -> None:
    await work()
    raise RuntimeError(f"background work '{name}' ended")


async def _restart_when_broken(kit: Kit) -> None:
    await kit.publisher.broken.wait()
    raise RuntimeError("the Kafka producer cannot recover; restarting")


async def _stop(kit: Kit) -> None:
    threading.Timer(HARD_EXIT_SECONDS, os._exit, args=(0,)).start()
    for loop in kit.loops:
        await loop.close()
    for consumer in kit.consumers.values():
        consumer.close()
    # What still publishes would find no producer any more, and an orderly stop would end as a failure.
    at_work = [task for task in asyncio.all_tasks() if task.get_name() in kit.backgrounds]
    for task in at_work:
        task.cancel()
    if at_work:
        await asyncio.wait(at_work, timeout=_CANCELLED_WITHIN)
    await kit.broker.stop()
    await kit.engine.dispose()


def _http(kit: Kit, starting: Starting) -> Starlette:
    kit.ready("start", starting.check)

    async def health(_request: Request) -> JSONResponse:
        return JSONResponse({"service": kit.service, "alive": True})

    async def ready(_request: Request) -> JSONResponse:
        reasons = kit.unready()
        told = {"service": kit.service, "waits": reasons, "alarms": kit.noticed()}
        return JSONResponse(told, status_code=503 if reasons else 200)

    routes: list[BaseRoute] = [Route("/health", health), Route("/ready", ready)]
    if kit.mounted is not None:
        routes.append(Mount("/", app=kit.mounted))
    return Starlette(routes=routes)


async def _main(kit: Kit) -> None:
    starting = Starting()
    server = uvicorn.Server(
        uvicorn.Config(
            _http(kit, starting),
            host=kit.settings.http_host,
            port=kit.settings.http_port,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            # Longer than clients and balancers keep an idle connection: else we close it under their next request.
            timeout_keep_alive=75,
        )
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stopping.set)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # signals are handled here
    try:
        async with asyncio.TaskGroup() as group:
            http = group.create_task(server._serve(), name="http")  # noqa: SLF001 - serve() would take the signals over
            starter = group.create_task(_start(kit, starting, group), name="start")
            await stopping.wait()
            kit.log.info("stops")
            starting.waits_for = "stop"
            server.should_exit = True
            starter.cancel()
            await http
            await _stop(kit)
            _end_of_work()
    except* _Stopped:
        kit.log.info("stopped")


class _Stopped(Exception):
    """A clean stop: ends the task group and with it all background work."""


def _end_of_work() -> None:
    raise _Stopped


def serve(service: str, compose: Callable[[Kit], None], cls: type[Settings] = Settings) -> None:
    """Run a service until it is told to stop. Exit code 0 for a clean stop, 1 for a failure (loud in the log)."""
    kit = Kit(settings_or_exit(service, cls))
    compose(kit)
    try:
        uvloop.run(_main(kit))
    except BaseExceptionGroup as failures:
        kit.log.exception("service_failed", exc_info=failures)
        os._exit(1)
    # A client that hangs in closing must not hold a process whose work is done.
    os._exit(0)
