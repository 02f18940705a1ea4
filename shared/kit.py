"""What a service process is made of, put together in one place.

A service's `app.py` names its consumers, loops and background tasks on a `Kit`; `serve` starts them in order (HTTP
first, then Kafka, then consumers), tells readiness, and stops them so that nothing in hand is lost.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from starlette.types import ASGIApp

from shared.bus.consumer import Consumer, OnConflict
from shared.bus.messages import Decode, decode
from shared.bus.outbox import OutboxRelay
from shared.bus.publisher import Publisher
from shared.bus.requests import Answerer, QueryLoop, Replier
from shared.bus.sealing import KeyRing
from shared.bus.subscribing import Subscription, make_broker, subscribe_batches, subscribe_singles
from shared.bus.topic import Topic
from shared.bus.transaction import Handle
from shared.clock.business import clock_from
from shared.database.engine import make_engine
from shared.database.leader import Leader, LeadershipLost
from shared.log import configure
from shared.secrets import Secrets
from shared.settings import Settings, load_settings

S = TypeVar("S", bound=Settings)

Check = Callable[[], str | None]
"""Why the process is not ready, or None when it is."""
Background = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Consuming:
    consumer: Consumer
    subscription: Subscription
    leader: str | None
    before: Background | None


class Kit:
    """The parts of one process of a service."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.service = settings.service
        self.log = configure(settings.service, settings.log_level)
        self.secrets = Secrets(settings.secrets)
        self.clock = clock_from(str(settings.clock_file) if settings.clock_file else None)
        self.ring = KeyRing(self.secrets.seal_keys())
        self.engine = make_engine(settings)
        self.broker = make_broker(settings, self.log)
        self.publisher = Publisher(self.broker, settings.request_timeout_ms)
        self.replier = Replier(self.publisher, self.service, self.log)
        self.consumers: dict[str, Consumer] = {}
        self.loops: list[QueryLoop] = []
        self.consuming: list[_Consuming] = []
        self.subscriptions: list[Subscription] = []
        self.backgrounds: dict[str, Background] = {}
        self.firsts: dict[str, asyncio.Event] = {}
        self.checks: dict[str, Check] = {}
        self.notices: dict[str, Check] = {}
        self.mounted: ASGIApp | None = None

    def consume(
        self,
        name: str,
        topics: Sequence[Topic],
        handle: Handle,
        *,
        decode: Decode = decode,
        on_conflict: OnConflict | None = None,
        leader: str | None = None,
        pause: float = 0.0,
        before: Background | None = None,
    ) -> Consumer:
        """Feed a handler from topics through the consumer loop.

        With `leader`, only the elected process reads, once that which comes `before` is done. `pause` is how many
        seconds a small batch may be followed by, so that at a low rate many records share one transaction; zero where
        somebody waits for an answer.
        """
        self._check_may_read(topics)
        consumer = Consumer(name, self.engine, handle, self.log, decode=decode, on_conflict=on_conflict, pause=pause)
        subscription = subscribe_batches(
            self.broker,
            topics,
            f"kelmu-{name}",
            consumer.on_batch,
            consumer,
            # Only the elected process is in a led group, so the role's name is one at a time: a successor takes the
            # partitions over at once, and a former leader that still lives is fenced.
            instance=self.settings.instance if leader is None else f"{name}-leader",
            rewind=consumer.rewind,
        )
        consumer.bind(subscription.client)
        self.consumers[name] = consumer
        self.consuming.append(_Consuming(consumer, subscription, leader, before))
        self.ready(f"consumer {name}", lambda: consumer.stopped)
        return consumer

    def answer(self, name: str, topic: Topic, answerer: Answerer) -> QueryLoop:
        """Answer queries from a request topic."""
        self._check_may_read((topic,))
        loop = QueryLoop(
            name, self.engine, answerer, self.replier, self.ring, self.secrets.ed25519_public("actor"), self.log
        )
        subscription = subscribe_singles(
            self.broker, topic, f"kelmu-{name}", loop.on_record, loop, self.settings.instance
        )
        loop.bind(subscription.client)
        self.loops.append(loop)
        self.subscriptions.append(subscription)
        self.background(f"{name} commits", loop.commit_for_ever)
        return loop

    def relay_outbox(self) -> None:
        """Publish this service's outbox, in the one process that leads."""
        relay = OutboxRelay(self.engine, self.publisher, self.log)
        self.background("outbox", self.led("outbox", relay.run))

    def led(self, name: str, work: Background, *, once: bool = False) -> Background:
        """Work that only the elected process of the service does.

        When the lock is lost, as with the database, the work is stopped and begins anew once this process leads again:
        what else the process does goes on meanwhile.

        Args:
            name: The role.
            work: What is done by whoever leads.
            once: Losing the lock ends the process, because the work cannot be begun a second time.
        """

        async def lead() -> None:
            leader = Leader(self.engine, name)
            async with leader.lead() as conn:
                self.log.info("leads", role=name)
                async with asyncio.TaskGroup() as group:
                    group.create_task(leader.watch(conn))
                    group.create_task(_as_coroutine(work))

        async def lead_again() -> None:
            while True:
                try:
                    await lead()
                except* LeadershipLost as lost:
                    self.log.warning("leads_no_more", role=name, reason=str(lost.exceptions[0]))

        return lead if once else lead_again

    def background(self, name: str, work: Background) -> None:
        """Run something for as long as the process lives; when it ends or fails, the process ends loudly."""
        self.backgrounds[name] = work

    def first(self, name: str, done: asyncio.Event) -> None:
        """Hold consumers back at the start until this background work has got there, or for some seconds at most.

        Without it the first requests after a restart would be refused for a copy that only needs a moment more.
        """
        self.firsts[name] = done

    def ready(self, name: str, check: Check) -> None:
        """Add a condition of readiness."""
        self.checks[name] = check

    def notice(self, name: str, check: Check) -> None:
        """Add something that /ready tells although the process is ready: an alarm that starting anew would not mend."""
        self.notices[name] = check

    def mount(self, app: ASGIApp) -> None:
        """Serve an application beside /health and /ready."""
        self.mounted = app

    def unready(self) -> dict[str, str]:
        """Every reason why the process is not ready."""
        return _told(self.checks)

    def noticed(self) -> dict[str, str]:
        """Every alarm that stands."""
        return _told(self.notices)

    def _check_may_read(self, topics: Sequence[Topic]) -> None:
        for topic in topics:
            if self.service not in topic.consumers:
                raise ValueError(f"the topics table does not let {self.service} read {topic.name}")


def _told(checks: Mapping[str, Check]) -> dict[str, str]:
    reasons = {name: check() for name, check in checks.items()}
    return {name: reason for name, reason in reasons.items() if reason is not None}


async def _as_coroutine(work: Background) -> None:
    await work()


@asynccontextmanager
async def offline(
    service: str, compose: Callable[[Kit], None] | None = None, cls: type[Settings] = Settings
) -> AsyncIterator[Kit]:
    """A kit for a command line: the database and the composed handlers, no consumer started, Kafka not needed."""
    kit = Kit(load_settings(service, cls))
    if compose is not None:
        compose(kit)
    try:
        yield kit
    finally:
        await kit.engine.dispose()
