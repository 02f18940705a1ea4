"""How a gateway asks a service, and how the service answers (`<service>.requests`, `gateway.replies`).

On the bus a request is its id and its times; what is asked, of whom and by whom is sealed for the service. The reply
is sealed with a one-time key that the sealed request carried, so that only the asking gateway can read it. What may
be asked stands in `asking`, what may be answered in `answers`.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.answers import Answer
from shared.contracts.asking import Body
from shared.contracts.base import (
    BusinessId,
    Channel,
    Contract,
    Instant,
    Language,
    MunicipalityCode,
    Pseudonym,
    Role,
    Sealed,
)


class Actor(Contract):
    """Who asks, signed by the gateway for one request and a short time (`shared.bus.actor`)."""

    request: UUID
    expires: Instant
    """System clock."""
    identity_code: str | None
    """The worker's own, from the strong identification. None: a sub-ID (alitunniste), refused by the gate."""
    name: str
    signed_in: Instant
    """System clock: when the person last identified."""
    organisation: BusinessId
    member: MunicipalityCode | None
    """On whose behalf."""
    roles: tuple[Role, ...]
    channel: Channel
    worker: Pseudonym | None = None
    """Who asks, where the asked service is to know no more than this: identity code and name are left out then."""
    system: str | None = None
    """Interface use: the municipality's own system, by its id in the agreement; `name` is then the user it states."""


class RequestEnvelope(Contract):
    """A request as it travels. The message type says what is asked; `sealed` holds a `SealedRequest`."""

    ce_type: ClassVar[str] = "kelmu.request.v1"

    id: UUID
    accepted: Instant
    """Business clock, when the gateway took it: a claim's arrival (saapumisaika) is this moment."""
    deadline: Instant | None = None
    """System clock. A query past it is not worked on but logged as aborted. Commands have none."""
    sealed: Sealed


class SealedRequest(Contract):
    """What only the asked service can read."""

    actor: str
    """The signed `Actor`."""
    reply_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
    """32 random bytes, base64url: the key of the reply."""
    language: Language = "fi"
    body: Body


class ReplyEnvelope(Contract):
    """A reply as it travels: correlated by the request's id, opaque to everyone but the asking gateway."""

    ce_type: ClassVar[str] = "kelmu.reply.v1"

    request: UUID
    sealed: str


class Reply(Contract):
    """What a reply holds once opened."""

    answer: Answer
