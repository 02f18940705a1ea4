"""Payments of the register shared out among claims, with 100,000 active claims, beside the bare loop.

Every payment meets a claim: opened, locked, shared out, booked, and told through the outbox, in batches.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from random import Random
from statistics import median
from typing import Final

import asyncpg

from bench.figures import Figure
from bench.floor import floor_rate, register
from bench.ingest import service_rate
from bench.surroundings import ROOT, all_secrets, fresh_database
from deploy.demo.loading import publish_all
from deploy.local.stack import LocalStack
from deploy.local.throwaway import empty_database
from services.claims.events import ROW_KEYS, ROW_TYPE, RowPersonal
from shared.bus.messages import Outgoing
from shared.bus.provision import provision
from shared.bus.sealing import KeyRing
from shared.bus.topics import REGISTER_PAYMENTS
from shared.contracts.register import Payment, RegisterRecord
from shared.finnish.identity_code import IdentityCode
from shared.ids import event_id, pseudonym
from shared.secrets import Secrets

CLAIMS: Final = 100_000
CLIENTS: Final = 80_000
"""Every fourth has two claims: of assistance and of care."""
PAYMENTS: Final = 30_000
RUNS: Final = 3
REACH: Final = 2_000
CONSUMER: Final = "claims-register"
SENT: Final = datetime(2017, 2, 1, 10, tzinfo=UTC)
ARRIVED: Final = datetime(2017, 1, 4, 10, tzinfo=UTC)
FIRST, LAST, PAYDAY = date(2017, 2, 1), date(2017, 2, 28), date(2017, 2, 7)
COLUMNS: Final = (
    "id", "number", "version", "state", "organisation", "member", "agreement", "channel", "worker", "client",
    "benefit", "ground", "first", "last", "account", "reference", "arrived", "missed_paydays", "notices", "origin",
    "advances", "care", "personal",
)  # fmt: skip
CARE: Final = json.dumps({"2017-02": {"fee": "480.00", "income": "750.00", "others": "0.00"}})


def clients(held: Secrets) -> list[tuple[str, str]]:
    """Artificial identity codes and their pseudonyms."""
    key, begin, made = held.key("pseudonym"), date(1930, 1, 1).toordinal(), []
    for n in range(CLIENTS):
        code = IdentityCode.artificial(date.fromordinal(begin + n // 50), 900 + n % 50).reveal()
        made.append((code, pseudonym(key, "client", code)))
    return made


def claims(people: list[tuple[str, str]], ring: KeyRing) -> Iterator[tuple[object, ...]]:
    """Rows of active claims, with the client's code sealed as the service seals it."""
    for n in range(CLAIMS):
        code, client = people[n % CLIENTS]
        care, id_ = n >= CLIENTS, event_id("bench-claim", str(n))
        personal = RowPersonal(
            client=code, worker=None, worker_name="W", handler_name="H", handler_phone="1", care_unit=None
        )
        advances = "{}" if care else json.dumps({"2017-02": f"{n % 300}.50"})
        yield (
            id_, f"MV-{n}", 2, "active", "0171450-7" if n % 2 else "0211675-2", "297", "A-1", "ui", "w", client,
            "kansanelake", "aml_14" if care else "totul_23", FIRST, LAST, "acc-1", "12344", ARRIVED, [], [],
            None if care else ARRIVED.date(), advances, CARE if care else "{}",
            ring.seal(ROW_KEYS, personal.model_dump_json().encode(), id=id_, type=ROW_TYPE),
        )  # fmt: skip


def payments(people: list[tuple[str, str]], ring: KeyRing) -> Iterator[Outgoing]:
    """Sealed payments, one each of clients in no order."""
    chance = Random(5)
    for n, (_, client) in enumerate(chance.sample(people, PAYMENTS)):
        net = Decimal(chance.randint(100_00, 700_00)) / 100
        content = Payment(
            decision=f"D-{n}", benefit="kansanelake", payday=PAYDAY, first=FIRST, last=LAST, gross=net,
            withheld=Decimal(0), net=net, paid_to="client",
        )  # fmt: skip
        id_ = event_id("register", "payment", f"P-{n}", "1")
        sealed = ring.seal("register", content.model_dump_json().encode(), id=id_, type=RegisterRecord.ce_type)
        body = RegisterRecord(kind="payment", id=f"P-{n}", version=1, client=client, sealed=sealed)
        yield Outgoing.of(REGISTER_PAYMENTS, client, id_, body, source="upstream", time=SENT)


async def seed(database: str, rows: list[tuple[object, ...]]) -> None:
    """The claims, written past the service: how fast they come in is not measured here."""
    connection = await asyncpg.connect(database)
    try:
        where = COLUMNS.index("client")
        names = sorted({str(row[where]) for row in rows})
        await connection.copy_records_to_table("client", records=[(name,) for name in names], columns=["pseudonym"])
        await connection.copy_records_to_table("claim", records=rows, columns=list(COLUMNS))
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


async def booked(database: str) -> int:
    """Payments of which a claim took a part: the bench measures nothing when there are none."""
    connection = await asyncpg.connect(database)
    try:
        return int(await connection.fetchval("select count(distinct payment) from allocation_share"))
    finally:
        await connection.close()


async def allocating() -> list[Figure]:
    """Interleaved runs of the floor and of the service's own consumer over the same payments.

    Raises:
        RuntimeError: payments were not shared out.
    """
    shutil.rmtree(ROOT, ignore_errors=True)
    floors, rates = [], []
    async with LocalStack(root=ROOT) as stack:
        held = all_secrets(stack.root)
        ring = KeyRing(held.seal_keys())
        people = clients(held)
        await provision(stack.kafka)
        await publish_all(stack.kafka, islice(payments(people, ring), PAYMENTS))
        rows = list(claims(people, ring))
        for _ in range(RUNS):
            async with empty_database(stack.postgres) as database:
                floors.append(await floor_rate(stack.kafka, database, PAYMENTS, register((REGISTER_PAYMENTS,))))
            async with fresh_database(stack.postgres, "claims") as database:
                await seed(database, rows)
                rates.append(await service_rate("claims", CONSUMER, stack.kafka, database, held, PAYMENTS))
                if await booked(database) < PAYMENTS * 0.9:
                    raise RuntimeError("payments were not shared out")
    value, floor = median(rates), median(floors)
    name = f"payments shared out with {CLAIMS:,} active claims"
    return [Figure(name, value, "payments/s", floor, value / floor, f">= {REACH:,} payments/s", value >= REACH)]
