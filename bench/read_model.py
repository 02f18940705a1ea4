"""One person's view from a large read model, beside the same from a small one."""

import random
import shutil
import time
from datetime import UTC, date, datetime
from statistics import median, quantiles
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bench.figures import Figure, alike
from bench.surroundings import ROOT, fresh_database
from deploy.local.stack import LocalStack
from services.lookup.domain.scope import Scope, window_start
from services.lookup.domain.view import arrange
from services.lookup.store.register import read_client
from shared.contracts.base import DataGroup

LARGE: Final = 1_000_000
SMALL: Final = 10_000
PER_CLIENT: Final = 50
"""Payments of each client: two years of two benefits."""
VIEWS: Final = 400
ROUNDS: Final = 10
"""Rounds of views, in turn from the one and the other; the median of their p99 counts."""
SHARE: Final = 0.2
SCOPE: Final = Scope(groups=frozenset(DataGroup), benefits=None, since=window_start(date(2016, 12, 31), 24))
CLIENT: Final = "'v1.' || lpad(translate((n::bigint * 7919 % 1000003)::text, '0123456789', 'abcdefghij'), 26, 'a')"
"""A pseudonym by number; neighbours by number are no neighbours in the index."""

SEED: Final = (
    f"""
    insert into person (id, version, client, body)
    select 'P-' || n, 1, {CLIENT}, jsonb_build_object('identity_code', '010180-9015', 'last_name', 'Testi',
        'first_names', 'Aada', 'municipality', '837', 'language', 'fi', 'links', '[]'::jsonb)
    from generate_series(1, $1::int) as n
    """,
    f"""
    insert into decision (id, version, client, body)
    select 'R-' || n || '-' || k, 1, {CLIENT}, jsonb_build_object('application', 'H-' || n, 'benefit', 'kansanelake',
        'decided', '2015-01-15', 'result', 'granted', 'first', '2015-01-01', 'amount', '620.00', 'payee', {CLIENT})
    from generate_series(1, 2) as k, generate_series(1, $1::int) as n
    """,
    # In the order of paydays, as a register publishes them: one client's payments lie far apart.
    f"""
    insert into payment (id, version, client, body)
    select 'M-' || n || '-' || k, 1, {CLIENT}, jsonb_build_object('decision', 'R-' || n || '-' || (1 + k % 2),
        'benefit', 'kansanelake', 'payday', date '2015-01-07' + k * 14, 'first', date '2015-01-01' + k * 14,
        'last', date '2015-01-14' + k * 14, 'gross', '620.00', 'withheld', '20.00', 'net', '600.00',
        'paid_to', 'client', 'recovered', '0.00')
    from generate_series(1, {PER_CLIENT}) as k, generate_series(1, $1::int) as n
    """,
    "vacuum analyze",
)
IN_MEMORY: Final = (
    "set enable_seqscan = off",
    "set enable_bitmapscan = off",
    *(f"select count(body) from {table} where client > ''" for table in ("person", "decision", "payment")),
)
"""Every page read once by the index: the small one is in memory after its first views, so let the large one be."""


async def fill(database: str, payments: int) -> list[str]:
    """Seed by SQL; the clients' pseudonyms."""
    clients = payments // PER_CLIENT
    connection = await asyncpg.connect(database)
    try:
        for statement in SEED:
            await connection.execute(statement, *([clients] if "$1" in statement else []), timeout=600)
        for statement in IN_MEMORY:
            await connection.execute(statement, timeout=600)
        return [row["client"] for row in await connection.fetch("select client from person")]
    finally:
        await connection.close()


async def views(engine: AsyncEngine, clients: list[str]) -> list[float]:
    """Milliseconds of some persons' views, read and arranged.

    Raises:
        RuntimeError: a view does not hold all of the person's payments.
    """
    times = []
    for client in random.choices(clients, k=VIEWS):
        start = time.perf_counter()
        found = await read_client(
            engine, client, "0211675-2", municipalities=frozenset({"837"}), worker=None, now=datetime.now(UTC)
        )
        rows = arrange(found, SCOPE)
        times.append((time.perf_counter() - start) * 1000)
        if len(rows.payments) != PER_CLIENT:
            raise RuntimeError(f"a view holds {len(rows.payments)} payments")
    return times


async def viewing() -> list[Figure]:
    """Both read models on one server, seeded untimed."""
    shutil.rmtree(ROOT, ignore_errors=True)
    async with (
        LocalStack(root=ROOT) as stack,
        fresh_database(stack.postgres, "lookup") as large,
        fresh_database(stack.postgres, "lookup") as small,
    ):
        databases = {large: await fill(large, LARGE), small: await fill(small, SMALL)}
        engines = {
            url: create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1)) for url in databases
        }
        rounds: dict[str, list[float]] = {url: [] for url in databases}
        try:
            for url, clients in databases.items():
                await views(engines[url], clients)
            for _ in range(ROUNDS):
                for url, clients in databases.items():
                    rounds[url].append(quantiles(await views(engines[url], clients), n=100)[98])
        finally:
            for engine in engines.values():
                await engine.dispose()
    name = f"one person's view at {LARGE:,} payments beside {SMALL:,}, p99"
    return [alike(name, median(rounds[large]), median(rounds[small]), "ms", SHARE)]
