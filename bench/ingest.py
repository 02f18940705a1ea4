"""Access events into billing, once in effect, beside the bare loop."""

import shutil
import time
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Final

import asyncpg

from bench.figures import Figure, at_least, below
from bench.floor import floor_rate
from bench.surroundings import ROOT, all_secrets, fill_access_events, fresh_database, kit_for, until
from bench.visible import visible_after
from deploy.local.stack import LocalStack
from deploy.local.throwaway import empty_database
from shared.bus.consumer import Consumer
from shared.bus.messages import Delivered, Record
from shared.contracts.base import Contract
from shared.secrets import Secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.kit import Kit

EVENTS: Final = 60_000
RUNS: Final = 5
KNOWN: Final = 10_000_000
RUNS_KNOWN: Final = 3
VISIBLE_SECONDS: Final = 1.0
# Sorted, so that the index is filled from one end; ids of events are spread over all of it all the same.
_KNOWN_IDS: Final = """
    insert into inbox select id, '\\x00'::bytea from (select gen_random_uuid() as id from generate_series(1, {})) ids
    order by 1
"""
_FORGET_RUN: Final = (
    "delete from inbox where digest <> '\\x00'::bytea",
    "truncate usage, tally, active_user, consumer_offset",
    "vacuum inbox",
)
SHARES: Final = {"billing": ("billing-usage", 0.4)}
"""Service, its consumer of access events, and the share of the floor that it must reach."""


class Stopwatch:
    """Notes when the first record is read; then gets out of the way."""

    def __init__(self, consumer: Consumer) -> None:
        self.started = 0.0
        self._consumer = consumer
        self._plain = consumer.batch
        consumer.batch = replace(consumer.batch, decode=self._decode)

    def _decode(self, record: Record) -> Delivered[Contract]:
        self.started = self.started or time.perf_counter()
        self._consumer.batch = self._plain
        return self._plain.decode(record)


async def service_rate(service: str, name: str, kafka: str, database: str, held: Secrets, count: int) -> float:
    """Records per second of a service's own consumer, in this process, from its first record to its last commit."""
    kit = kit_for(service, kafka, database, held)
    compose: Callable[[Kit], None] = import_module(f"services.{service}.app").compose
    compose(kit)
    (consuming,) = (c for c in kit.consuming if c.consumer.name == name)
    watch = Stopwatch(consuming.consumer)
    await kit.broker.connect()
    await consuming.subscription.start()

    async def done() -> bool:
        return sum(consuming.consumer.assigned.values()) >= count

    try:
        await until(done)
        return count / (time.perf_counter() - watch.started)
    finally:
        consuming.consumer.close()
        await kit.broker.stop()
        await kit.engine.dispose()


async def ingest() -> list[Figure]:
    """Interleaved runs of the floor and of each service, all reading the same topic from its beginning."""
    shutil.rmtree(ROOT, ignore_errors=True)
    async with LocalStack(root=ROOT) as stack:
        held = all_secrets(stack.root)
        await fill_access_events(stack.kafka, held, EVENTS)
        floors: list[float] = []
        rates: dict[str, list[float]] = {service: [] for service in SHARES}
        for _ in range(RUNS):
            async with empty_database(stack.postgres) as database:
                floors.append(await floor_rate(stack.kafka, database, EVENTS))
            for service, measured in rates.items():
                async with fresh_database(stack.postgres, service) as database:
                    measured.append(
                        await service_rate(service, SHARES[service][0], stack.kafka, database, held, EVENTS)
                    )
        known, beside = await _with_many_known(stack, held)
        visible = await visible_after(stack, held)
    return [
        *(
            at_least(f"access events into {service}, once in effect", measured, floors, "events/s", SHARES[service][1])
            for service, measured in rates.items()
        ),
        at_least(f"the same with {KNOWN:,} events known already", known, beside, "events/s", SHARES["billing"][1]),
        below("usage visible after its event, p99", visible, "s", VISIBLE_SECONDS),
    ]


async def _with_many_known(stack: LocalStack, held: Secrets) -> tuple[list[float], list[float]]:
    """Rates into one billing database that has seen ten million events, emptied of the run's own between runs."""
    rates, floors = [], []
    async with fresh_database(stack.postgres, "billing") as database:
        await _execute(database, _KNOWN_IDS.format(KNOWN), "analyze inbox")
        for _ in range(RUNS_KNOWN):
            async with empty_database(stack.postgres) as empty:
                floors.append(await floor_rate(stack.kafka, empty, EVENTS))
            rates.append(await service_rate("billing", SHARES["billing"][0], stack.kafka, database, held, EVENTS))
            await _execute(database, *_FORGET_RUN)
    return rates, floors


async def _execute(database: str, *statements: str) -> None:
    connection = await asyncpg.connect(database, command_timeout=600)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
