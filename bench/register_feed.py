"""The register's feed into lookup, opened, checked and upserted, beside the bare loop over the same records."""

import shutil
from functools import partial
from itertools import islice
from typing import Final

from bench.figures import Figure, at_least
from bench.floor import floor_rate, register
from bench.ingest import service_rate
from bench.surroundings import ROOT, all_secrets, fresh_database
from deploy.demo.loading import TOPIC_OF, publish_all, register_messages
from deploy.demo.register.generator import generate
from deploy.local.stack import LocalStack
from deploy.local.throwaway import empty_database
from shared.bus.provision import provision
from shared.bus.sealing import KeyRing
from shared.clock.system import system_now
from shared.ids import pseudonym
from shared.secrets import Secrets

RECORDS: Final = 60_000
PERSONS: Final = 20_000
"""More than the records tell of: the generator streams, and stops when there are enough."""
RUNS: Final = 5
SHARE: Final = 0.4
CONSUMER: Final = "lookup-register"


async def fill_register(kafka: str, held: Secrets) -> int:
    """Provision the topics and publish the synthetic register, in the mix of kinds that it has."""
    await provision(kafka)
    dossiers = generate(PERSONS, 1, partial(pseudonym, held.key("pseudonym"), "client"))
    messages = register_messages(dossiers, KeyRing(held.seal_keys()), system_now())
    return await publish_all(kafka, islice(messages, RECORDS))


async def register_feed() -> list[Figure]:
    """Interleaved runs of the floor and of lookup's own consumer, reading the same topics from their beginning."""
    shutil.rmtree(ROOT, ignore_errors=True)
    bare = register(tuple(dict.fromkeys(TOPIC_OF.values())))
    floors, rates = [], []
    async with LocalStack(root=ROOT) as stack:
        held = all_secrets(stack.root)
        count = await fill_register(stack.kafka, held)
        for _ in range(RUNS):
            async with empty_database(stack.postgres) as database:
                floors.append(await floor_rate(stack.kafka, database, count, bare))
            async with fresh_database(stack.postgres, "lookup") as database:
                rates.append(await service_rate("lookup", CONSUMER, stack.kafka, database, held, count))
    return [at_least("register feed upserts", rates, floors, "records/s", SHARE)]
