"""The citizen's log of persons with about a thousand rows each: a page with its proofs, told to the log before."""

import random
import shutil
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import quantiles
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from bench.figures import Figure, below
from bench.surroundings import ROOT, all_secrets, fresh_database
from deploy.demo.history import LAST, Surroundings, history
from deploy.demo.register.generator import generate
from deploy.local.stack import LocalStack
from services.audit import store
from services.audit.asking import Asking
from services.audit.decoding import decode, on_conflict
from services.audit.domain.note import Checkpoint, sign
from services.audit.handlers import LogKeeper
from services.audit.looking import desks_of
from services.audit.personal import Opener, PersonKeys
from services.audit.requests import LogRequests
from services.audit.settings import AuditSettings
from services.audit.telling import Teller
from shared.bus import offsets
from shared.bus.batch import Batch, apply_batch
from shared.bus.brake import Brake
from shared.bus.messages import Outgoing, Record
from shared.bus.provision import provision
from shared.bus.requests import Request
from shared.clock.business import FileClock
from shared.clock.civil import at_helsinki
from shared.clock.system import system_now
from shared.contracts.answers import OwnLogPage
from shared.contracts.asking import OwnLogQuery
from shared.contracts.base import Channel
from shared.contracts.requests import Actor
from shared.database.engine import raw
from shared.directory.model import Directory
from shared.gate.facts import Limits
from shared.gate.mandates import KELA
from shared.ids import pseudonym
from shared.kit import Kit
from shared.secrets import Secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS: Final = 100_000
PERSONS: Final = 100
"""So that each has about a thousand rows."""
READERS: Final = 20
LIMIT_MS: Final = 200.0
BATCH: Final = 2_000


def fresh(_now: datetime) -> timedelta:
    """Everything was heard a second ago."""
    return timedelta(seconds=1)


async def own_logs() -> list[Figure]:
    """Every page of some persons' logs, one after the other; a page counts from the question to the answer."""
    shutil.rmtree(ROOT, ignore_errors=True)
    async with LocalStack(root=ROOT) as stack, fresh_database(stack.postgres, "audit") as database:
        held = all_secrets(stack.root)
        await provision(stack.kafka)
        kit = _kit(stack.kafka, database, held)
        key = held.key("pseudonym")
        dossiers = generate(PERSONS, 1, lambda code: pseudonym(key, "client", code))
        codes = [dossier.identity.reveal() for dossier in dossiers]
        around = Surroundings(kit.ring, lambda code: pseudonym(key, "worker", code), codes)
        await kit.broker.connect()
        try:
            await _fill(kit, history(EVENTS, 1, around))
            times, rows = await _read(kit, random.Random(1).sample(codes, READERS))
        finally:
            await kit.broker.stop()
            await kit.engine.dispose()
    name = f"citizen's log of {rows:,.0f} rows, a page with its proofs, p99"
    return [below(name, quantiles(times, n=100)[98], "ms", LIMIT_MS)]


def _kit(kafka: str, database: str, held: Secrets) -> Kit:
    clock = held.directory / "clock.json"
    FileClock(clock).stand_at(at_helsinki(LAST + timedelta(days=2)))
    return Kit(
        AuditSettings(
            service="audit",
            kafka=kafka,
            database=database,
            secrets=held.directory,
            clock_file=clock,
            log_level="ERROR",
            artificial_codes=True,
        )
    )


async def _fill(kit: Kit, messages: "Iterator[Outgoing]") -> None:
    """Log them as the consumer would, and sign."""
    keeper = LogKeeper(Opener(kit.ring, kit.secrets.key("pseudonym")), PersonKeys(kit.ring), system_now, kit.log)
    batch = Batch(store.CONSUMER, kit.engine, keeper.append, decode, on_conflict)
    done = 0
    while portion := list(islice(messages, BATCH)):
        records = [_record(message, done + number) for number, message in enumerate(portion)]
        place = (records[0].topic, 0)
        async with kit.engine.begin() as conn:
            await offsets.begin(conn, store.CONSUMER, {place: done})
        await apply_batch(batch, records, {place: done}, Brake(), kit.log)
        done += len(records)
    async with kit.engine.begin() as conn:
        connection = await raw(conn)
        tree, _ = await store.committed(connection)
        origin = AuditSettings.model_fields["log_origin"].default
        note = sign(Checkpoint(origin, tree.size, tree.root), kit.secrets.ed25519_private("log"))
        await store.add_checkpoint(connection, tree.size, note, datetime.now(UTC))


def _record(message: Outgoing, offset: int) -> Record:
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    return Record(message.topic, 0, offset, message.key, message.body, headers, 0)


async def _read(kit: Kit, persons: list[str]) -> tuple[list[float], float]:
    """Milliseconds of each page, and how many rows a person had.

    Raises:
        RuntimeError: a question was not answered with a page, or a row came without its proof.
    """
    settings = kit.settings
    if not isinstance(settings, AuditSettings):
        raise TypeError("the bench made another kit")
    asking = Asking(
        pseudonym_key=kit.secrets.key("pseudonym"),
        clock=kit.clock,
        now=system_now,
        directory=Directory(),
        agreements=fresh,
        audit=fresh,
        limits=Limits(artificial_codes=True),
    )
    requests = LogRequests(
        desks=desks_of(kit, asking, settings),
        teller=Teller(engine=kit.engine, publisher=kit.publisher, ring=kit.ring),
        now=system_now,
        log=kit.log,
    )
    await requests.answer(_question(persons[0], None))
    times, rows = [], 0
    for person in persons:
        after, more = None, True
        while more:
            start = time.perf_counter()
            page = await requests.answer(_question(person, after))
            times.append((time.perf_counter() - start) * 1000)
            if not isinstance(page, OwnLogPage) or not all(row.proof for row in page.rows):
                raise RuntimeError(f"no page with its proofs: {page.kind}")
            rows += len(page.rows)
            after, more = page.next, page.next is not None
    return times, rows / len(persons)


def _question(person: str, after: str | None) -> Request:
    id_, now = uuid4(), system_now()
    actor = Actor(
        request=id_,
        expires=now + timedelta(minutes=1),
        identity_code=person,
        name="Kansalainen",
        signed_in=now,
        organisation=KELA,
        member=None,
        roles=(),
        channel=Channel.CITIZEN,
    )
    return Request(id_, now, None, actor, "fi", OwnLogQuery(after=after), b"k" * 32, now)
