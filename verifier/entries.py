"""The lines of an export, each exactly the bytes of one entry in their one spelling, and proofs of single entries."""

import base64
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from os import urandom
from uuid import UUID

from verifier.notes import Checkpoint, Key, open_checkpoint
from verifier.tree import inclusion_holds, leaf_hash

PROOF = "kelmu.audit.proof.v1"
_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FORMS = {
    ("body", "id", "time", "type"),
    ("contradicts", "id", "time", "type"),
    ("id", "offset", "opaque", "partition", "time", "topic", "type"),
}
"""The fields of an event, of one that contradicts an earlier one, and of bytes that could not be read."""


class BadEntry(ValueError):
    """A line that is no entry, or a proof that does not hold. The text says why, never with a value from it."""


def event_of(line: bytes) -> bytes:
    """The id of the event that an entry is about; `BadEntry` if it is no entry in canonical form."""
    try:
        text = line.decode()
        fields = _decode(text)
        time, known = datetime.fromisoformat(fields["time"]), tuple(fields) in _FORMS and _ID.fullmatch(fields["id"])
        canonical = _encode(fields)
        if _MARK in canonical:
            canonical = _FRACTION.sub(r"\1", canonical)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadEntry("the line is not the JSON of an entry") from error
    if not known or time.tzinfo is not UTC:
        raise BadEntry("the line has not the fields of an entry")
    if canonical != text:
        raise BadEntry("the line is not in canonical form")
    return bytes.fromhex(fields["id"].replace("-", ""))


def check_proof(line: bytes, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> Checkpoint:
    """The signed checkpoint to which a proof's document leads from its event; else `BadEntry` or `BadNote`."""
    try:
        fields = json.loads(line)
        entry, index, note = fields["leaf"].encode(), fields["entry"], fields["checkpoint"].encode()
        path = [base64.b64decode(one, validate=True) for one in fields["path"]]
        stated = UUID(fields["event"]).bytes, fields["leaf_hash"], fields["form"], type(index)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadEntry("the line is not the JSON of a proof") from error
    checkpoint = open_checkpoint(note, keys, witnesses)
    if stated != (event_of(entry), leaf_hash(entry).hex(), PROOF, int):
        raise BadEntry(f"the entry is that of another event, its hash is another, or the form is not {PROOF}")
    if not inclusion_holds(leaf_hash(entry), index, checkpoint.size, path, checkpoint.root):
        raise BadEntry(f"entry {index} does not stand in the signed log of {checkpoint.size} entries")
    return checkpoint


_MARK = urandom(8).hex()
"""Stands before numbers with fractions while they are texts: they are kept as spelled, for spellings differ."""
_FRACTION = re.compile(f'"{_MARK}([^"]*)"')
_decode = json.JSONDecoder(parse_float=_MARK.__add__).decode
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False, allow_nan=False
).encode
