"""`python -m tests.integration.claims.feeding FILE`: the register's feed as a process of its own, to be killed.

The file says which topics and database it reads and writes, with the test's own throw-away keys.
"""

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from services.claims.app import REGISTER
from tests.harness.consuming import Rig, engine_for, settings_for
from tests.integration.claims.upstream import Upstream

if TYPE_CHECKING:
    from aiokafka import AIOKafkaProducer


async def main(told: dict[str, Any], folder: Path) -> None:
    topics = [replace(topic, name=name, partitions=2) for topic, name in zip(REGISTER, told["topics"], strict=True)]
    rig = Rig(
        told["kafka"],
        engine_for(told["database"]),
        topics,
        settings_for(told["kafka"], told["database"], folder),
        cast("AIOKafkaProducer", None),  # it sends nothing
        told["name"],
    )
    async with rig.consuming(Upstream(told["keys"], told["secret"]).feed().on_records):
        await asyncio.Event().wait()


if __name__ == "__main__":
    file = Path(sys.argv[1])
    asyncio.run(main(json.loads(file.read_text("utf-8")), file.parent))
