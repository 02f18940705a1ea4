"""Comparing what Kafka holds of a month with what audit and billing say they hold.

Kafka is read from its beginning; both services are asked over `counts.asked` and count their own rows. Nobody's
database is read by anybody else.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from structlog.stdlib import BoundLogger

from shared.bus.messages import Delivered, Outgoing, Record
from shared.bus.reader import TopicReader
from shared.bus.topic import Topic
from shared.bus.topics import ACCESS_EVENTS, AUDIT_CHECKPOINTS, BILLING_EVENTS, CLAIMS_EVENTS, COUNTS_ASKED
from shared.clock.civil import Month, at_helsinki
from shared.clock.system import system_now
from shared.contracts.base import Contract
from shared.contracts.counting import CountsAsked, DayCounted
from shared.counting import Difference, Held, Place, differences, place_of

SERVICES: Final = ("audit", "billing")
ATTEMPTS: Final = 3
"""What is under way is no difference: both sides are read again before one is reported."""
PAUSE_SECONDS: Final = 1.0


class NotReconcilableError(Exception):
    """Nothing can be said about the month.

    Attributes:
        reason: Why.
        advice: What to do next.
    """

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(f"{reason} {advice}")
        self.reason = reason
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was found.

    Attributes:
        events: How many events of the month Kafka holds.
        differences: Each agreement and day on which a service holds something else.
        unreadable: Records that nobody can read, of any month: audit keeps them opaque, billing in its quarantine.
    """

    events: int
    differences: tuple[Difference, ...]
    unreadable: int


@dataclass(slots=True)
class Published:
    """The events of one month on Kafka, each once however often it was published."""

    month: Month
    places: dict[Place, set[UUID]] = field(default_factory=dict)
    unreadable: int = 0
    truncated: bool = False
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def take(self, message: Delivered[Contract]) -> None:
        """Take in one message."""
        self._note_begin(message.record)
        place = place_of(message.body)
        if place is not None and Month.of(place[0]) == self.month:
            self.places.setdefault(place, set()).add(message.id)

    def pass_over(self, record: Record) -> None:
        """Count one that cannot be read."""
        self._note_begin(record)
        self.unreadable += 1

    def _note_begin(self, record: Record) -> None:
        """Whether retention has taken records that may have been of the month."""
        partition = (record.topic, record.partition)
        if partition not in self._begun:
            self._begun.add(partition)
            start = at_helsinki(self.month.first).timestamp() * 1000
            self.truncated |= record.offset > 0 and record.timestamp > start


@dataclass(slots=True)
class _Answers:
    ask: UUID
    month: Month
    days: dict[str, dict[date, DayCounted]] = field(default_factory=lambda: {service: {} for service in SERVICES})
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, message: Delivered[Contract]) -> None:
        body = message.body
        if isinstance(body, DayCounted) and body.ask == self.ask:
            self.days[body.service][body.day] = body
            if not self.silent():
                self.complete.set()

    def silent(self) -> list[str]:
        return [service for service, days in self.days.items() if len(days) < self.month.length]

    def held(self) -> dict[str, dict[Place, Held]]:
        return {
            service: {
                (day, one.agreement): Held.read(one.count, one.digest)
                for day, counted in days.items()
                for one in counted.counts
            }
            for service, days in self.days.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciler:
    """Reconciles months.

    Attributes:
        kafka: Kafka's address.
        log: Where trouble is told.
        patience: Seconds that Kafka and the services are given.
        events: Topics of what is counted.
        answers: Topics on which the services answer.
        asked: Topic on which they are asked.
    """

    kafka: str
    log: BoundLogger
    patience: float
    events: Sequence[Topic] = (ACCESS_EVENTS, CLAIMS_EVENTS)
    answers: Sequence[Topic] = (AUDIT_CHECKPOINTS, BILLING_EVENTS)
    asked: Topic = COUNTS_ASKED

    async def reconcile(self, month: Month) -> Reconciled:
        """Compare a month.

        Raises:
            NotReconcilableError: a service is silent, or Kafka does not hold the month any more.
        """
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(PAUSE_SECONDS)
            published = await self._published(month)
            places = {place: frozenset(ids) for place, ids in published.places.items()}
            found = tuple(differences(places, await self._held(month)))
            if not found:
                break
        return Reconciled(sum(map(len, places.values())), found, published.unreadable)

    async def _published(self, month: Month) -> Published:
        published = Published(month)
        readers = [
            TopicReader(self.kafka, topic, published.take, self.log, on_unreadable=published.pass_over)
            for topic in self.events
        ]
        async with self._reading(readers):
            pass
        if published.truncated:
            raise NotReconcilableError(
                f"Kafka does not hold all of {month} any more.", "Reconcile within 13 months; the log itself lasts."
            )
        return published

    async def _held(self, month: Month) -> dict[str, dict[Place, Held]]:
        asked = CountsAsked(ask=uuid4(), month=month, time=system_now())
        answers = _Answers(asked.ask, month)
        readers = [TopicReader(self.kafka, topic, answers.take, self.log, start="newest") for topic in self.answers]
        async with self._reading(readers):
            await self._ask(asked)
            with suppress(TimeoutError):
                async with asyncio.timeout(self.patience):
                    await answers.complete.wait()
        if silent := answers.silent():
            raise NotReconcilableError(
                f"{' and '.join(silent)} did not say in {self.patience:g} s what it holds.",
                "Is it running (`kelmu up`)? Its log and quarantine say why it is silent.",
            )
        return answers.held()

    async def _ask(self, asked: CountsAsked) -> None:
        message = Outgoing.of(self.asked, str(asked.ask), asked.ask, asked, source="console", time=asked.time)
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka.split(","), acks="all")
        await producer.start()
        try:
            headers = [(name, value.encode()) for name, value in message.headers().items()]
            await producer.send_and_wait(message.topic, message.body, key=message.key, headers=headers)
        finally:
            await producer.stop()

    @asynccontextmanager
    async def _reading(self, readers: Sequence[TopicReader]) -> AsyncIterator[None]:
        """Read until the ends that were there at the start, then for as long as the block lasts."""
        tasks = [asyncio.create_task(reader.run()) for reader in readers]
        try:
            async with asyncio.timeout(self.patience):
                await asyncio.gather(*(reader.reached.wait() for reader in readers))
        except TimeoutError as error:
            await _end(tasks)
            raise NotReconcilableError(
                f"Kafka was not read through in {self.patience:g} s.", "Is it up? Give more with --seconds."
            ) from error
        try:
            yield
        finally:
            await _end(tasks)


async def _end(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
