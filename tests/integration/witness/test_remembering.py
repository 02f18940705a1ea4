"""The witness finds on Kafka what it has signed."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.witness.remembering import CosignatureTopic
from shared.bus.messages import Outgoing
from shared.bus.topics import AUDIT_COSIGNATURES
from shared.clock.system import system_now
from shared.contracts.audit import CheckpointCosigned
from shared.ids import event_id
from tests.harness.consuming import private, rig
from tests.harness.logs import ORIGIN, WITNESS


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "witness"


def signed(size: int, origin: str = ORIGIN) -> Outgoing:
    body = CheckpointCosigned(size=size, root="00" * 32, witness=WITNESS, cosignature="line")
    id_ = event_id("test", origin, str(size))
    return Outgoing.of(AUDIT_COSIGNATURES, origin, id_, body, source="witness", time=system_now())


async def test_what_was_signed_is_read_from_either_end_whatever_stands_between(
    kafka: str, database: str, tmp_path: Path
) -> None:
    topic = private(AUDIT_COSIGNATURES)
    async with rig(kafka, database, [topic], tmp_path) as around:
        told = CosignatureTopic([kafka], ORIGIN, topic)
        assert [one.size async for one in told.newest_first()] == [one.size async for one in told.oldest_first()] == []
        for message in (signed(1), signed(2), signed(7, "another.log"), signed(3)):
            await around.send(replace(message, topic=topic.name), partition=0)
        await around.send_raw(b"not JSON", topic=topic, partition=0)
        assert [one.size async for one in told.newest_first()] == [3, 2, 1]
        assert [one.size async for one in told.oldest_first()] == [1, 2, 3]
