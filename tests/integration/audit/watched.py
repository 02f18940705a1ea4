"""Look-ups of many workers at many clients, for tests of anomalies."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from services.audit.domain.anomalies.limits import LimitsTable, default_limits
from services.audit.watching import Watcher
from shared.bus.messages import Outgoing
from shared.bus.sealing import commit
from shared.bus.topics import ACCESS_EVENTS
from shared.contracts.access import AccessDecided, AccessPersonal, Outcome, Relation
from shared.contracts.base import Channel, Purpose
from shared.ids import event_id, likeness, pseudonym
from tests.integration.audit.world import CLIENTS, PSEUDONYM_KEY, RING, Log

TOWN = "0201256-6"
WORKER = "150616B903S"
OTHER = "290200A950Y"
MONDAY = datetime(2016, 11, 14, 8, tzinfo=UTC)
"""Ten in the morning in Helsinki."""


def worker_pseudonym(code: str) -> str:
    return pseudonym(PSEUDONYM_KEY, "worker", code)


def look(
    n: int,
    time: datetime,
    *,
    worker: str = WORKER,
    client: str = CLIENTS[0],
    organisation: str = TOWN,
    member: str = "091",
    purpose: Purpose = Purpose.CHARGE,
    relation: Relation | None = None,
    case: str | None = None,
    emergency: bool = False,
    surname: str | None = None,
) -> Outgoing:
    """One look-up; the same arguments give the same bytes but for the seal."""
    request = UUID(int=n)
    id_ = event_id("access", str(request))
    personal = AccessPersonal(
        salt=hashlib.sha256(id_.bytes).hexdigest()[:32],
        client=client,
        worker=worker,
        worker_name="Työntekijä Testi",
        case_reference=case,
        surname=likeness(PSEUDONYM_KEY, "surname", surname),
    )
    plaintext = personal.model_dump_json().encode()
    body = AccessDecided(
        request=request,
        time=time,
        outcome=Outcome.GRANTED,
        channel=Channel.UI,
        service="lookup",
        purpose=purpose,
        organisation=organisation,
        member=member,
        agreement="A-091",
        worker=worker_pseudonym(worker),
        relation=relation,
        emergency=emergency,
        commitment=commit(plaintext),
        personal=RING.seal("access", plaintext, id=id_, type=AccessDecided.ce_type),
    )
    return Outgoing.of(ACCESS_EVENTS, "A-091", id_, body, source="lookup", time=time)


@dataclass
class StandingClock:
    """A business clock that tests move."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at


def watcher(
    log: Log, clock: StandingClock | None = None, limits: LimitsTable | None = None, at_once: int = 1000
) -> Watcher:
    return Watcher(
        engine=log.engine,
        limits=limits or default_limits(),
        ring=RING,
        pseudonym_key=PSEUDONYM_KEY,
        now=(clock or StandingClock()).now,
        log=structlog.get_logger("test"),
        at_once=at_once,
    )


async def watched(log: Log, messages: Sequence[Outgoing], clock: StandingClock | None = None) -> None:
    """Log these and look at everything."""
    await log.feed(messages)
    await to_the_end(watcher(log, clock))


async def to_the_end(watching: Watcher) -> None:
    while await watching.tick():
        pass
