"""A process killed between its commit and the reply: the command took effect once, and asking again tells so."""

import os
import signal
from functools import partial
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from sqlalchemy import text

from shared.bus.messages import Outgoing
from shared.bus.provision import provision
from shared.bus.sealing import KeyRing
from shared.bus.topics import GATEWAY_REPLIES
from shared.contracts.answers import ChangesDone
from shared.contracts.base import Role
from tests.harness.consuming import until
from tests.integration.agreements.office import KEY_SET, MAIN_USER, Office, changes
from tests.integration.agreements.running import PATIENCE, process, write_secrets
from tests.unit.agreements.made import mandate

GIVEN = mandate(id="V-killed", worker="v1." + "n" * 26, roles=(Role.FEE_CLERK,))


async def test_a_process_killed_after_its_commit_answers_alike_when_asked_again(
    kafka: str, database: str, office: Office, tmp_path: Path
) -> None:
    seal_key = os.urandom(32)
    office.ring = KeyRing({KEY_SET: {"1": seal_key}})
    write_secrets(tmp_path, office.pseudonym_key, seal_key, office.actor_key)
    await provision(kafka)
    replies = AIOKafkaConsumer(GATEWAY_REPLIES.name, bootstrap_servers=kafka, auto_offset_reset="earliest")
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await replies.start()
    await producer.start()
    answered: set[str] = set()

    async def ask() -> Outgoing:
        message = office.request(changes([GIVEN], "key-killed"), MAIN_USER)
        headers = [(name, value.encode()) for name, value in message.headers().items()]
        await producer.send_and_wait(message.topic, message.body, key=message.key, headers=headers)
        return message

    async def reply_keys() -> set[str]:
        batches = await replies.getmany(timeout_ms=50)
        answered.update(record.key.decode() for batch in batches.values() for record in batch)
        return answered

    try:
        async with process(kafka, database, tmp_path) as service:
            await ask()
            await until(partial(kept, office), bool, PATIENCE)
            await service.end(signal.SIGKILL)
        async with process(kafka, database, tmp_path):
            again = await ask()
            await until(reply_keys, lambda keys: str(again.id) in keys, PATIENCE)
    finally:
        await producer.stop()
        await replies.stop()
    assert len(await kept(office)) == 1
    await assert_done_once(office)


async def kept(office: Office) -> list[str]:
    async with office.engine.connect() as conn:
        return list(await conn.scalars(text("select answer::text from command")))


async def assert_done_once(office: Office) -> None:
    """Whoever asks again is answered as the first time; the record and its event stand once."""
    assert await office.change(MAIN_USER, GIVEN, key="key-killed") == ChangesDone(changed=1, unchanged=0)
    async with office.engine.connect() as conn:
        versions = await conn.scalar(text("select count(*) from record_version where id = 'V-killed'"))
        events = await conn.scalar(text("select count(*) from outbox where key = cast('V-killed' as bytea)"))
    assert (versions, events) == (1, 1)
