"""Reading records for the log. It never fails: bytes that cannot be read, or may not stand in clear, become opaque.

So nothing that reaches audit is quarantined or lost (invariant 3), whoever wrote it and however badly.
"""

import base64
from datetime import MAXYEAR, UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final
from uuid import UUID

import orjson
from pydantic import ValidationError

from services.audit.domain.leaf import (
    CONFLICT,
    OPAQUE,
    UnreadableError,
    clear_leaf,
    conflict_leaf,
    contradicted,
    opaque_leaf,
)
from shared.bus.messages import Delivered, Record, digest_of
from shared.clock.civil import helsinki_date, require_utc
from shared.contracts.base import Contract
from shared.counting import COUNTED
from shared.ids import event_id

_COUNTED: Final = frozenset(contract.ce_type for contract in COUNTED)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE_ALL: Final = datetime.min.replace(tzinfo=UTC)


class Loggable(Contract):
    """A record as the log will keep it. Never published.

    Attributes:
        leaf: the entry's bytes.
        commitment: what the leaf commits to for the personal part.
        personal: the personal part as the publisher sealed it.
        published_id: the event's own id and `published_type` its type: the publisher's seal is bound to them.
        raw: the whole record, when the leaf is opaque.
        reason: why it is opaque.
        day: the Finnish day on which it is counted for reconciliation; None when it is not of a kind that is.
        agreement: under which it is counted.
    """

    leaf: bytes
    commitment: str | None = None
    personal: str | None = None
    published_id: UUID
    published_type: str
    raw: bytes | None = None
    reason: str | None = None
    day: date | None = None
    agreement: str = ""


def decode(record: Record) -> Delivered[Contract]:
    """Read a record as an entry of the log. Raises nothing."""
    try:
        return _clear(record)
    except UnreadableError as error:
        return _opaque(record, str(error))


def on_conflict(message: Delivered[Contract]) -> Delivered[Contract]:
    """What is logged of an event whose id is known with other content: an entry of its own (invariant 2).

    Its id derives from the event's id and content, so that the same contradiction is logged once. Where something else
    was logged under that id, it is given once more, and leads to the next one.
    """
    body = message.body
    if not isinstance(body, Loggable):
        raise TypeError(f"{type(body).__name__} did not come from this decoder")
    id_ = event_id("audit-conflict", str(message.id), message.digest.hex())
    refused = contradicted(body.leaf) if message.type == CONFLICT else body.leaf
    conflict = body.model_copy(update={"leaf": conflict_leaf(id_, refused)})
    return Delivered(id_, CONFLICT, message.time, conflict, message.record, message.digest)


def _clear(record: Record) -> Delivered[Contract]:
    headers = dict(record.headers)
    texts = [_text(headers, name) for name in ("ce_id", "ce_type", "ce_time")]
    type_ = texts[1]
    try:
        id_ = UUID(texts[0])
        time = _dated(datetime.fromisoformat(texts[2]))
    except (ValueError, OverflowError) as error:
        raise UnreadableError("ce_id or ce_time is malformed") from error
    clear = clear_leaf(id_, type_, time, record.value)
    body = Loggable(
        leaf=clear.leaf,
        commitment=clear.commitment,
        personal=clear.personal,
        published_id=id_,
        published_type=type_,
        day=counted_day(type_, clear.happened),
        agreement=clear.agreement,
    )
    return Delivered(id_, type_, time, body, record, digest_of(type_, record.value))


def holds_only(leaf: bytes, contract: type[Contract]) -> bool:
    """Whether the body in a leaf is one of this contract, with nothing beside what that names."""
    body = orjson.loads(leaf).get("body")
    try:
        contract.model_validate(body, strict=False)
    except ValidationError:
        return False
    return isinstance(body, dict) and body.keys() <= contract.model_fields.keys()


def counted_day(type_: str, happened: datetime | None) -> date | None:
    """The Finnish day on which an event is counted; None when it is not of a kind that is, or its time is none."""
    try:
        if happened is None or type_ not in _COUNTED:
            return None
        return _day_of_hour(happened.replace(minute=0, second=0, microsecond=0))
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=10_000)
def _day_of_hour(hour: datetime) -> date:
    """Finnish days begin on whole hours of UTC, and of every offset that our services write."""
    return helsinki_date(hour)


def _opaque(record: Record, reason: str) -> Delivered[Contract]:
    """The record as an opaque entry; the hash in its id keeps two records apart when a topic was made anew."""
    place = (record.topic, str(record.partition), str(record.offset))
    id_ = event_id("audit-opaque", *place, sha256(record.value).hexdigest())
    time = _append_time(record)
    leaf = opaque_leaf(id_, time, record.value, topic=record.topic, partition=record.partition, offset=record.offset)
    body = Loggable(leaf=leaf, published_id=id_, published_type=OPAQUE, raw=_raw(record), reason=reason)
    return Delivered(id_, OPAQUE, time, body, record, digest_of(OPAQUE, record.value))


def _append_time(record: Record) -> datetime:
    """When Kafka took the record in; an event time is just what could not be read."""
    try:
        return _dated(datetime.fromtimestamp(record.timestamp / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return _EPOCH


def _dated(time: datetime) -> datetime:
    """The same instant in UTC, if it can be kept and falls on a Finnish day: the last hours of year 9999 fall on none.

    Raises:
        ValueError: the time names no instant.
        OverflowError: its Finnish date cannot be formed.
    """
    instant = require_utc(time)
    if instant.year == MAXYEAR:
        helsinki_date(instant)
    if instant == _BEFORE_ALL:
        raise ValueError("the first instant of year 1 stands for minus infinity in the database")
    return instant


def _raw(record: Record) -> bytes:
    """Everything that was in the record, to be sealed beside the leaf; read back by `raw_value`."""
    return orjson.dumps(
        {
            "value": _base64(record.value),
            "key": _base64(record.key),
            "headers": [[name, _base64(value)] for name, value in record.headers],
        }
    )


def raw_value(raw: bytes) -> bytes:
    """The value of the record in a `Loggable.raw`."""
    return base64.b64decode(orjson.loads(raw)["value"])


def _base64(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def _text(headers: dict[str, bytes | None], name: str) -> str:
    value = headers.get(name)
    if value is None:
        raise UnreadableError(f"header {name} is missing or null")
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError(f"header {name} is not UTF-8") from error
