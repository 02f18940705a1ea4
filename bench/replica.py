"""A replica of all agreements rebuilt from the topic alone, beside a bare read of the same records."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from statistics import median
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from bench.figures import Figure, below
from bench.surroundings import ROOT, all_secrets, kit_for
from deploy.demo.agreements import seed
from deploy.demo.loading import publish_all
from deploy.local.stack import LocalStack
from shared.bus.messages import Outgoing
from shared.bus.provision import provision
from shared.bus.topics import AGREEMENTS_EVENTS, CONTRACTS
from shared.contracts.agreements import AgreementChanged, AgreementsRecord, MandateChanged, UserChanged
from shared.contracts.base import Contract, Role, Validity
from shared.directory.replica import Replica
from shared.ids import event_id, pseudonym
from shared.secrets import Secrets

MUNICIPALITIES: Final = 311
USERS: Final = 10_000
RUNS: Final = 5
SECONDS: Final = 5
TIME: Final = datetime(2016, 1, 1, tzinfo=UTC)
SINCE: Final = date(2016, 1, 1)


def records(key: bytes) -> Iterator[AgreementsRecord]:
    """The demonstration's agreements of the whole country, and an account and a mandate of each of many users."""

    def worker(code: str) -> str:
        return pseudonym(key, "worker", code)

    agreements = []
    for _, record in seed(worker):
        if isinstance(record, AgreementChanged):
            agreements.append(record)
        yield record
    for n in range(USERS):
        agreement = agreements[n % len(agreements)]
        who = worker(f"bench-{n}")
        yield MandateChanged(
            id=f"BENCH-{n:05}",
            version=1,
            worker=who,
            organisation=agreement.party,
            member=agreement.members[n % len(agreement.members)].municipality,
            roles=(Role.FEE_CLERK, Role.ASSISTANCE_HANDLER),
            validity=Validity(first=SINCE),
        )
        yield UserChanged(
            id=f"{agreement.party}/{who}",
            version=1,
            worker=who,
            organisation=agreement.party,
            status="active",
            why="opened",
            since=SINCE,
        )


def messages(key: bytes) -> Iterator[Outgoing]:
    """The records as the agreements service publishes them."""
    for n, record in enumerate(records(key)):
        yield Outgoing.of(AGREEMENTS_EVENTS, f"r{n}", event_id("bench", str(n)), record, source="agreements", time=TIME)


async def bare_seconds(kafka: str, count: int) -> float:
    """Fetch, validate and keep by key: the least that any reader must do."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest")
    start = time.perf_counter()
    kept: dict[bytes, Contract] = {}
    await consumer.start()
    consumer.assign([TopicPartition(AGREEMENTS_EVENTS.name, 0)])
    try:
        while len(kept) < count:
            for fetched in (await consumer.getmany(timeout_ms=100, max_records=5_000)).values():
                for record in fetched:
                    type_ = dict(record.headers)["ce_type"].decode()
                    kept[record.key] = CONTRACTS[type_].model_validate_json(record.value)
        return time.perf_counter() - start
    finally:
        await consumer.stop()


async def replica_seconds(kafka: str, database: str, held: Secrets) -> float:
    """From nothing to a replica that has reached the topic's end.

    Raises:
        RuntimeError: the replica is not the whole country.
    """
    kit = kit_for("lookup", kafka, database, held)
    replica = Replica(kit)
    start = time.perf_counter()
    reading = asyncio.ensure_future(kit.backgrounds[Replica.NAME]())
    try:
        await kit.firsts[Replica.NAME].wait()
        taken = time.perf_counter() - start
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await kit.engine.dispose()
    mandates = sum(1 for _ in replica.directory.all_mandates())
    if len(replica.directory.municipalities()) < MUNICIPALITIES or mandates < USERS or replica.passed_over:
        raise RuntimeError("the replica does not hold everything that was published")
    return taken


async def rebuilding() -> list[Figure]:
    """Interleaved runs of the bare read and of the replica."""
    shutil.rmtree(ROOT, ignore_errors=True)
    async with LocalStack(root=ROOT) as stack:
        held = all_secrets(stack.root)
        await provision(stack.kafka)
        count = await publish_all(stack.kafka, messages(held.key("pseudonym")))
        bare, taken = [], []
        for _ in range(RUNS):
            bare.append(await bare_seconds(stack.kafka, count))
            taken.append(await replica_seconds(stack.kafka, stack.postgres, held))
    name = f"replica of {MUNICIPALITIES} municipalities and {USERS:,} users ({count:,} records) from the topic"
    return [below(name, median(taken), "s", SECONDS, median(bare))]
