"""Messages as they go out and as they come in: CloudEvents headers around the JSON of a contract."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from pydantic import ValidationError

from shared.bus.topic import Topic
from shared.bus.topics import CONTRACTS
from shared.contracts.base import Contract

C_co = TypeVar("C_co", bound=Contract, covariant=True)

MAX_BODY = 900_000
"""Bytes. Below Kafka's record limit of 1 MiB with room for headers."""


class Undecodable(Exception):
    """A record that no retry can make readable. `code` is one of the quarantine reasons."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message ready to be published: everything but the body travels in headers."""

    topic: str
    key: bytes
    id: UUID
    type: str
    source: str
    time: datetime
    body: bytes

    @classmethod
    def of(cls, topic: Topic, key: str, id: UUID, body: Contract, *, source: str, time: datetime) -> "Outgoing":
        """Wrap a contract for its topic.

        Raises:
            ValueError: the topic's row does not list this contract.
        """
        if type(body) not in topic.payloads:
            raise ValueError(f"{type(body).__name__} does not belong on {topic.name}")
        return cls(topic.name, key.encode(), id, body.ce_type, source, time, body.model_dump_json().encode())

    def headers(self) -> dict[str, str]:
        """The record's CloudEvents headers, text only: a reader may choke on binary ones."""
        return {
            "ce_specversion": "1.0",
            "ce_id": str(self.id),
            "ce_type": self.type,
            "ce_source": self.source,
            "ce_time": self.time.astimezone(UTC).isoformat(),
            "content-type": "application/json",
        }


class Record(NamedTuple):
    """A record as Kafka handed it over, untouched.

    Tuples here and below, for they are made in half the time of a frozen dataclass, once for each record read.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp: int


class Delivered(NamedTuple, Generic[C_co]):
    """A record that was read: its id, type, event time and body. `digest` covers type and body as published."""

    id: UUID
    type: str
    time: datetime
    body: C_co
    record: Record
    digest: bytes


Decode = Callable[[Record], Delivered[Contract]]
"""Reads one record; raises `Undecodable` when it cannot ever be read."""


def digest_of(type_: str, body: bytes) -> bytes:
    """SHA-256 over a message's type and body: the same event published again has the same digest."""
    return hashlib.sha256(type_.encode() + b"\n" + body).digest()


def _text(headers: dict[str, bytes | None], name: str) -> str:
    value = headers.get(name)
    if value is None:
        raise Undecodable("header", f"header {name} is missing or null")
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise Undecodable("header", f"header {name} is not UTF-8") from error


def faulty_fields(contract: type[Contract], error: ValidationError) -> str:
    """Where a body breaks its schema: top-level fields that the contract declares, never what stood in the message.

    Deeper places can be keys of the message itself, and so anything.
    """
    places = {str(fault["loc"][0]) if fault["loc"] else "body" for fault in error.errors(include_input=False)}
    return ", ".join(sorted(place if place in contract.model_fields else "body" for place in places))


def decode(record: Record) -> Delivered[Contract]:
    """Read a record by its `ce_type`. The error texts name fields, never values: values may be personal.

    Raises:
        Undecodable: header, unknown type, oversized, or a body that breaks its schema.
    """
    headers = dict(record.headers)
    type_ = _text(headers, "ce_type")
    contract = CONTRACTS.get(type_)
    if contract is None:
        raise Undecodable("unknown_type", "the message type is not known to this release")
    if len(record.value) > MAX_BODY:
        raise Undecodable("oversized", f"the body has {len(record.value)} bytes, at most {MAX_BODY} are read")
    try:
        id_ = UUID(_text(headers, "ce_id"))
        time = datetime.fromisoformat(_text(headers, "ce_time"))
    except ValueError as error:
        raise Undecodable("header", "ce_id or ce_time is malformed") from error
    if time.tzinfo is None:
        raise Undecodable("header", "ce_time has no time zone")
    try:
        body = contract.model_validate_json(record.value)
    except ValidationError as error:
        raise Undecodable("schema", f"the body breaks its schema at: {faulty_fields(contract, error)}") from error
    return Delivered(id_, type_, time, body, record, digest_of(type_, record.value))
