"""What operators are shown on the command line is in the log before: who, by which command, why, which claims."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from aiokafka.errors import KafkaError

from services.claims.events import SERVICE
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import ACCESS_EVENTS
from shared.contracts.access import AccessDecided, AccessPersonal, Action, Outcome
from shared.contracts.base import Channel, Instant
from shared.ids import event_id
from shared.kit import Kit


class NotLogged(Exception):
    """The log does not take the access: nothing is shown."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs a command, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a command is about to show.

    Attributes:
        command: Its name.
        claims: The claims of which it tells.
        organisation: Whose they are, when one was named.
        client: Identity code of the one claim's client: the access stands in that person's own log.
    """

    command: str
    claims: Sequence[UUID]
    organisation: str | None = None
    client: str | None = None


async def log_access(kit: Kit, operator: Operator, shown: Shown) -> None:
    """Publish the access event and return once it is acknowledged; only then may anything be printed.

    Raises:
        NotLogged: Kafka does not answer or did not confirm it.
    """
    event = accessed(kit.ring, operator, shown, kit.clock.now())
    try:
        await kit.broker.connect()
        await kit.publisher.publish(event)
    except (KafkaError, OSError, NotAcknowledged) as error:
        raise NotLogged(type(error).__name__) from error
    finally:
        await kit.broker.stop()


def accessed(ring: KeyRing, operator: Operator, shown: Shown, at: Instant) -> Outgoing:
    """The event of one run of a command (`access.events`); the operator's name and reason are sealed for audit.

    `subject` says that it was the command line and which command: operators have no agreement, mandate or role.
    """
    request = uuid4()
    id_ = event_id("access", str(request), "operator", shown.command)
    plain = AccessPersonal(
        salt=secrets.token_hex(16),
        client=shown.client,
        worker=None,
        worker_name=operator.name,
        records=tuple(map(str, shown.claims)),
        reason=operator.reason,
    ).model_dump_json()
    body = AccessDecided(
        request=request,
        time=at,
        outcome=Outcome.GRANTED if shown.claims else Outcome.EMPTY,
        channel=Channel.UI,
        service=SERVICE,
        organisation=shown.organisation,
        action=Action.LOOK_UP,
        subject=f"command line: claims {shown.command}",
        persons=len(shown.claims),
        commitment=commit(plain.encode()),
        personal=ring.seal("access", plain.encode(), id=id_, type=AccessDecided.ce_type),
    )
    return Outgoing.of(ACCESS_EVENTS, str(request), id_, body, source=SERVICE, time=at)
