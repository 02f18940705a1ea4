"""Furnishing a stack with invented data: agreements through the operators' command, the register as upstream would."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import asyncpg

from deploy.demo.agreements.seed import json_lines, seed
from deploy.demo.agreements.sign_in import sign_in_table
from deploy.demo.loading import TOPIC_OF, publish_all, register_messages
from deploy.demo.operating import kelmu
from deploy.demo.register.generator import Dossier, generate
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
OPENS: Final = at_helsinki(date(2016, 12, 15), time(9))
"""Where the business clock of `make up` begins: the register's two years end with 2016."""


def agreements_load(root: Path, secrets: Secrets) -> tuple[str, ...]:
    """Write the seed's file below `root`; the `kelmu` command that loads it."""
    key = secrets.key("pseudonym")
    agreements = root / "agreements.jsonl"
    agreements.write_text("\n".join(json_lines(seed(lambda code: pseudonym(key, "worker", code)))) + "\n", "utf-8")
    return ("agreements", "load", str(agreements), "--actor", "demo", "--reason", "the demonstration's seed")


async def publish_register(kafka: str, secrets: Secrets, persons: int, now: datetime) -> tuple[list[Dossier], int]:
    """A synthetic register, published; its dossiers, and how many records they hold."""
    key = secrets.key("pseudonym")
    ring = KeyRing(secrets.seal_keys())
    dossiers = list(generate(persons, SEED, lambda code: pseudonym(key, "client", code)))
    return dossiers, await publish_all(kafka, register_messages(dossiers, ring, now))


async def furnish_stage(stage: Stage, persons: int) -> list[Dossier]:
    """Agreements and a register on a fresh stage, and wait until lookup has all of it."""
    await stage.kelmu(*agreements_load(stage.root, stage.secrets))
    dossiers, records = await publish_register(stage.stack.kafka, stage.secrets, persons, stage.clock.now())

    async def loaded() -> bool:
        return await register_rows(stage) >= records

    await until("the register in lookup", loaded)
    return dossiers


async def register_rows(stage: Stage) -> int:
    """Records of the register that lookup holds."""
    total = " + ".join(f"(select count(*) from {table})" for table in TOPIC_OF)
    return await stage.number("lookup", f"select {total}")


def prepare(root: Path) -> None:
    """Before a stack's first start: who may sign in, and a business clock that begins in the register's time."""
    root.mkdir(parents=True, exist_ok=True)
    if not (root / "workers.json").exists():
        (root / "workers.json").write_text(sign_in_table(), encoding="utf-8")
    if not (root / "clock.json").exists():
        clock = FileClock(root / "clock.json")
        clock.stand_at(OPENS)
        clock.run()


async def furnish(stack: LocalStack) -> bool:
    """Load the invented data into a running stack that has none yet.

    Returns:
        Whether anything was loaded; a stack that knows an agreement is left as it is.
    """
    connection = await asyncpg.connect(stack.databases["agreements"])
    try:
        if await connection.fetchval("select exists (select from record_version)"):
            return False
    finally:
        await connection.close()
    secrets = Secrets(stack.secrets)
    await publish_register(stack.kafka, secrets, PERSONS, FileClock(stack.root / "clock.json").now())
    await kelmu(stack.root, *agreements_load(stack.root, secrets))
    return True
