"""Furnishing a stack with invented data: agreements through the operators' command, the register as upstream would."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

import asyncpg

from deploy.demo.agreements.named import demo_worker
from deploy.demo.agreements.roles import role_lines
from deploy.demo.agreements.seed import json_lines, seed
from deploy.demo.agreements.sign_in import sign_in_table
from deploy.demo.loading import TABLE_OF, publish_all, register_messages, rows_of
from deploy.demo.operating import kelmu
from deploy.demo.register import Dossier, demo_relatives, generate, ordinary
from deploy.demo.register.spells import Window
from deploy.demo.stage import Stage, until
from deploy.local.stack import LocalStack
from shared.bus.sealing import KeyRing
from shared.clock.business import FileClock
from shared.clock.civil import at_helsinki
from shared.ids import pseudonym
from shared.secrets import Secrets

SEED: Final = 2017
"""Of the generator: the same persons each time."""
PERSONS: Final = 2_000
"""In the register of `make up`: enough to look around in, published in a few seconds."""
OPENS: Final = at_helsinki(date(2016, 12, 30), time(10))
"""Where the business clock begins to run when there is something to look around in: a working day under the old
prices, the turn of the year ahead."""
TOLD_AT: Final = at_helsinki(date(2016, 12, 31))
"""When the register tells of its two years at the earliest: before, half of it would lie too far ahead to be true."""
REGISTERED: Final = Window(last=date(2016, 12, 29))
"""A register that knows nothing of the days to come."""
SHOWN: Final = 5


def agreements_load(root: Path, secrets: Secrets) -> tuple[str, ...]:
    """Write the seed's file below `root`; the `kelmu` command that loads it."""
    key = secrets.key("pseudonym")
    agreements = root / "agreements.jsonl"
    agreements.write_text("\n".join(json_lines(seed(lambda code: pseudonym(key, "worker", code)))) + "\n", "utf-8")
    return ("agreements", "load", str(agreements), "--actor", "demo", "--reason", "the demonstration's seed")


async def publish_register(kafka: str, secrets: Secrets, persons: int, now: datetime) -> tuple[list[Dossier], int]:
    """A synthetic register, published; its dossiers, and how many rows they make in lookup."""
    ring = KeyRing(secrets.seal_keys())
    dossiers = list(register(secrets, persons))
    await publish_all(kafka, register_messages(dossiers, ring, now))
    return dossiers, rows_of(dossiers)


async def furnish_stage(stage: Stage, persons: int) -> list[Dossier]:
    """Agreements and a register on a fresh stage, and wait until lookup has all of it."""
    await stage.kelmu(*agreements_load(stage.root, stage.secrets))
    told_at = max(stage.clock.now(), TOLD_AT)
    dossiers, records = await publish_register(stage.stack.kafka, stage.secrets, persons, told_at)

    async def loaded() -> bool:
        return await register_rows(stage) >= records

    await until("the register in lookup", loaded)
    return dossiers


async def register_rows(stage: Stage) -> int:
    """Records of the register that lookup holds."""
    total = " + ".join(f"(select count(*) from {table})" for table in TABLE_OF.values())
    return await stage.number("lookup", f"select {total}")


def register(secrets: Secrets, persons: int, window: Window | None = None) -> Iterator[Dossier]:
    """The synthetic register, the same persons each time.

    Args:
        secrets: Holds the key of the pseudonyms.
        persons: How many.
        window: The time that it tells of; two years that end with 2016 when left out.
    """
    client = partial(pseudonym, secrets.key("pseudonym"), "client")
    return generate(persons, SEED, client, window, relatives=demo_relatives())


def prepare(root: Path) -> bool:
    """Before a stack's first start: who may sign in, and a business clock that begins in the register's time.

    Returns:
        Whether the stack may be furnished: one that was begun without invented data stays as it is, since its clock
        would have to go back.
    """
    marker = root / "furnished"
    if not marker.exists():
        if (root / "postgres").exists() or (root / "kafka").exists():
            return False
        root.mkdir(parents=True, exist_ok=True)
        (root / "workers.json").write_text(sign_in_table(), encoding="utf-8")
        FileClock(root / "clock.json").jump_to(OPENS)
        marker.touch()
    return True


async def furnish(stack: LocalStack) -> str:
    """Load the invented data into a running stack that has none yet; what to tell the user then, each time."""
    secrets = Secrets(stack.secrets)
    connection = await asyncpg.connect(stack.databases["agreements"])
    try:
        loaded = await connection.fetchval("select exists (select from record_version)")
    finally:
        await connection.close()
    dossiers = list(register(secrets, PERSONS, REGISTERED))
    if not loaded:
        ring, now = KeyRing(secrets.seal_keys()), FileClock(stack.root / "clock.json").now()
        await publish_all(stack.kafka, register_messages(dossiers, ring, now))
        await kelmu(stack.root, *agreements_load(stack.root, secrets))
    return invitation(dossiers)


def invitation(dossiers: Iterable[Dossier]) -> str:
    """Whom to sign in as, and artificial codes of clients whom that worker may look up and who have payments."""
    worker = "tampere"
    codes = islice(ordinary(dossiers, worker), SHOWN)
    return (
        f"One sign-in per role:\n{role_lines()}\n"
        f"Some artificial clients for {demo_worker(worker).name} to look up: {', '.join(codes)}."
    )
