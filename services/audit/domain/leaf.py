"""What the log commits to: the exact bytes of one entry (its leaf), and what is kept out of them.

A leaf is one line of canonical JSON (keys sorted, no spaces, UTF-8, times in UTC) with an event's id, type,
time and the clear part of its body. The personal part stands beside the log, sealed; the leaf holds only its
commitment, so that the personal part can be destroyed and the tree still verifies.

The clear part is taken as published, fields that this release does not know included: they are evidence too.
But an identity code in the clear would stay in an append-only log for ever, so such an event, like one that
cannot be read at all, becomes an **opaque** leaf: a hash of its bytes and where they stood. Its bytes are
then sealed beside it.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID

import orjson

from shared.finnish.identity_code import contains_identity_code

OPAQUE: Final = "kelmu.audit.opaque.v1"
"""An entry for bytes that could not be read, or that must not stand in clear."""
CONFLICT: Final = "kelmu.audit.conflict.v1"
"""An entry for an event that came under a known id with other content (invariant 2: both are kept)."""

_TYPE: Final = re.compile(r"[a-z0-9_.-]{1,100}")
_SHAPE: Final = (
    bytes(
        ord("0")
        if character.isdigit()
        else ord("-")
        if character in "-+ABCDEFUVWXYabcdefuvwxy"
        else ord("L")
        if character.isalpha()
        else ord(".")
        for character in map(chr, range(128))
    )
    + b"." * 128
)
"""Each byte as what it can be in an identity code: a digit, a century sign, another letter, or neither."""
_LONGEST_NAME: Final = 200
_CANONICAL: Final = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z


class UnreadableError(ValueError):
    """A body that cannot be logged in clear. The text says why, never with a value from it."""


class Clear(NamedTuple):
    """An event that could be read.

    Attributes:
        leaf: the entry's bytes.
        commitment: SHA-256 (hex) that the event commits to for its personal part; None when it has none.
        personal: the personal part as published, sealed by the publisher; None when there is none.
        agreement: as the body names it; empty when it names none that can be kept.
        happened: the time in the body, if there is one that can be read: decides the day on which it is counted.
    """

    leaf: bytes
    commitment: str | None
    personal: str | None
    agreement: str
    happened: datetime | None


def clear_leaf(id_: UUID, type_: str, time: datetime, value: bytes) -> Clear:
    """The leaf of an event whose body is a JSON object.

    Raises:
        UnreadableError: no type name, no JSON object, or an identity code in clear.
    """
    if not _TYPE.fullmatch(type_) or type_ in (OPAQUE, CONFLICT):
        raise UnreadableError("the type is not a type name, or is one that only the log gives")
    try:
        body = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise UnreadableError("the body is not JSON") from error
    if not isinstance(body, dict):
        raise UnreadableError("the body is not a JSON object")
    personal, commitment = body.pop("personal", None), body.get("commitment")
    if personal is not None and not isinstance(personal, str):
        raise UnreadableError("the personal part is not sealed")
    leaf = _canonical({"id": id_, "type": type_, "time": time.astimezone(UTC), "body": body})
    if may_hold_identity_code(leaf) and contains_identity_code(leaf):
        raise UnreadableError("an identity code stands in the clear part")
    return Clear(leaf, commitment if isinstance(commitment, str) else None, personal, _agreement(body), _happened(body))


def _agreement(body: dict[str, object]) -> str:
    found = body.get("agreement")
    return found if isinstance(found, str) and len(found) <= _LONGEST_NAME and "\0" not in found else ""


def _happened(body: dict[str, object]) -> datetime | None:
    found = body.get("time")
    try:
        return datetime.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None


def may_hold_identity_code(content: bytes) -> bool:
    """Whether the digits of an identity code and its sign stand anywhere in the content; False is certain.

    Five times as fast as looking for the code itself, which is then done only where this is True.
    """
    shape = content.translate(_SHAPE)
    return b".000000-000" in shape or b"-000000-000" in shape or shape.startswith(b"000000-000")


def opaque_leaf(id_: UUID, time: datetime, value: bytes, *, topic: str, partition: int, offset: int) -> bytes:
    """The leaf of bytes that are not logged in clear: their hash, and where they stood on Kafka."""
    return _canonical(
        {
            "id": str(id_),
            "type": OPAQUE,
            "time": time.astimezone(UTC),
            "opaque": sha256(value).hexdigest(),
            "topic": topic,
            "partition": partition,
            "offset": offset,
        }
    )


def conflict_leaf(id_: UUID, leaf: bytes) -> bytes:
    """The leaf of an event that contradicts an earlier one: its own leaf whole, under a new id."""
    refused = orjson.loads(leaf)
    return _canonical({"id": str(id_), "type": CONFLICT, "time": refused["time"], "contradicts": refused})


def contradicted(leaf: bytes) -> bytes:
    """The leaf within one of `conflict_leaf`."""
    return _canonical(orjson.loads(leaf)["contradicts"])


def commits_to(commitment: str | None, plaintext: bytes) -> bool:
    """Whether a commitment is one to exactly these bytes."""
    return commitment is not None and sha256(plaintext).hexdigest() == commitment


@dataclass(frozen=True, slots=True)
class Stated:
    """What a stored leaf says of itself."""

    id: UUID
    type: str
    time: datetime
    commitment: str | None
    """To the salted personal part; of an opaque leaf, the hash of its bytes."""
    agreement: str = ""
    happened: datetime | None = None
    """As `Clear` has them."""


def read_leaf(leaf: bytes) -> Stated:
    """Read a leaf back, to compare it with the row it is stored in.

    Raises:
        UnreadableError: not a leaf that this module writes, to the byte.
    """
    try:
        fields = orjson.loads(leaf)
        stated = Stated(
            id=UUID(fields["id"]),
            type=fields["type"],
            time=datetime.fromisoformat(fields["time"]),
            commitment=_commitment_in(fields),
            agreement=_agreement(body := _body_in(fields)),
            happened=_happened(body),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError("the leaf is not the JSON of an entry") from error
    if _canonical(fields) != leaf:
        raise UnreadableError("the leaf is not in canonical form")
    return stated


def _body_in(fields: dict[str, dict[str, object]]) -> dict[str, object]:
    """The body of a clear or a conflicting leaf; of another one, nothing."""
    body = fields.get("contradicts", fields).get("body")
    return body if isinstance(body, dict) else {}


def _commitment_in(fields: dict[str, dict[str, str]]) -> str | None:
    """The commitment of a clear, a conflicting or an opaque leaf."""
    inner = fields.get("contradicts", fields)
    opaque = inner.get("opaque")
    body = inner.get("body")
    found = body.get("commitment") if isinstance(body, dict) else opaque
    return found if isinstance(found, str) else None


def _canonical(fields: dict[str, object]) -> bytes:
    """The one spelling of these fields.

    Raises:
        UnreadableError: nested deeper than can be written.
    """
    try:
        return orjson.dumps(fields, option=_CANONICAL)
    except orjson.JSONEncodeError as error:
        raise UnreadableError("the body is nested too deeply") from error
