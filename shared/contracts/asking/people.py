"""Questions of a look-up: one client, for a purpose."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.asking.words import Day, Sentence
from shared.contracts.base import Contract, Instant, Purpose


class StatedRelation(Contract):
    """Asiakassuhde stated by the worker: Kela has no register of municipal clients (golden, client relation)."""

    case_reference: Annotated[str, Field(max_length=100)]
    description: Sentence = ""


class EmergencyOverride(Contract):
    """Sosiaalipäivystys: a look-up without a known client relation because somebody may be in danger."""

    reason: Sentence
    began: Instant
    """Business clock: when the override was first used; it carries 24 hours."""


class PersonQuery(Contract):
    """One look-up (haku): one submission of an identity code with a purpose (golden R9)."""

    kind: Literal["person_query"] = "person_query"
    identity_code: str
    purpose: Purpose | None
    informed: bool
    """The worker's attestation that the client was told beforehand (L 812/2000 21 §)."""
    relation: StatedRelation | None = None
    emergency: EmergencyOverride | None = None
    benefit: str | None = None
    """Show this benefit only."""
    first: Day | None = None
    """Show decisions and payments from this day on."""
    last: Day | None = None
    redisplay_of: UUID | None = None
    """Access event of the look-up that this one only filters, sorts or turns a page of (golden R9)."""
    printed: bool = False
    """What is shown is to be printed: the log tells so."""


class NotDelivered(Contract):
    """The gateway tells that no answer to a question of its own reached the worker, and that none can any more.

    The key of the answer lived in the gateway alone and is gone (golden R9).
    """

    kind: Literal["not_delivered"] = "not_delivered"
    request: UUID
    """The question's id."""
    given_up: Instant
    """System clock: when the gateway stopped waiting, which is past the question's deadline."""
