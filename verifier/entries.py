"""The lines of an export, each exactly the bytes of one entry in their one spelling, and proofs of single entries."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from os import urandom
from uuid import UUID

from verifier.notes import Checkpoint, Key, open_checkpoint
from verifier.tree import inclusion_holds, leaf_hash

PROOF = "kelmu.audit.proof.v1"
_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_END, MOST_KEPT = ("id", "time", "type"), 10_000
# The fields of an event, of one that contradicts an earlier one, and of bytes that could not be read.
_FORMS = {("body", *_END), ("contradicts", *_END), ("id", "offset", "opaque", "partition", "time", "topic", "type")}


class BadEntry(ValueError):
    """A line that is no entry, or a proof that does not hold. The text says why, never with a value from it."""


def event_of(line: bytes) -> bytes:
    """The id of the event that an entry is about; `BadEntry` if it is no entry in canonical form."""
    try:
        text = line.decode()
        # Without escapes a text has one spelling: a line that differs from a canonical one in texts alone is canonical.
        parts = text.split('"') if line.translate(None, _ESCAPED) == line else []
        shape = '"'.join(parts[::2])
        alike = (shape, _names(shape)(parts)) if parts[-12::4] == [*_END] else None
        known = alike in _canonical
        fields = {"id": parts[-10], "time": parts[-6]} if known else _decode(text)
        canonical = text if known else _FRACTION.sub(r"\1", _encode(fields))
        formed = known or (tuple(fields) in _FORMS and isinstance(fields["type"], str))
        good = formed and _ID.fullmatch(fields["id"]) and datetime.fromisoformat(fields["time"]).tzinfo is UTC
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadEntry("the line is not the JSON of an entry") from error
    if not good or canonical != text:
        raise BadEntry("the line is not in canonical form" if good else "the line has not the fields of an entry")
    if alike and len(_canonical) < MOST_KEPT:
        _canonical.add(alike)
    return bytes.fromhex(fields["id"].replace("-", ""))


@lru_cache(MOST_KEPT)
def _names(shape: str) -> Callable[[list[str]], object]:
    """Picks the texts that are names, before a colon, from a line with this between its texts."""
    return itemgetter(*(2 * n - 1 for n, between in enumerate(shape.split('"')) if between[:1] == ":"))


def check_proof(line: bytes, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> Checkpoint:
    """The checkpoint, signed by the newest key, to which a proof leads from its event; else `BadEntry` or `BadNote`."""
    try:
        fields = json.loads(line, object_pairs_hook=lambda told: dict(told) if len(dict(told)) == len(told) else None)
        entry, index, note = fields["leaf"].encode(), fields["entry"], fields["checkpoint"].encode()
        path = [base64.b64decode(one, validate=True) for one in fields["path"]]
        stated = UUID(fields["event"]).bytes, fields["leaf_hash"], fields["form"], type(index)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadEntry("the line is not the JSON of a proof") from error
    checkpoint = open_checkpoint(note, keys, witnesses)
    if stated != (event_of(entry), leaf_hash(entry).hex(), PROOF, int):
        raise BadEntry(f"the entry is that of another event, its hash is another, or the form is not {PROOF}")
    if checkpoint.signer < len(keys) - 1:
        raise BadEntry("the checkpoint is signed by a key that was replaced: have the proof made anew")
    if not inclusion_holds(leaf_hash(entry), index, checkpoint.size, path, checkpoint.root):
        raise BadEntry(f"entry {index} does not stand in the signed log of {checkpoint.size} entries")
    return checkpoint


_ESCAPED = bytes(range(32)) + b"\\"
# Of canonical lines: what stands between their texts, and the names among these.
_canonical = set[tuple[str, object] | None]()
# Stands before numbers with fractions while they are texts: they are kept as spelled, for spellings differ.
_MARK = urandom(8).hex()
_FRACTION = re.compile(f'"{_MARK}([^"]*)"')
_decode = json.JSONDecoder(parse_float=_MARK.__add__).decode
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False, allow_nan=False
).encode
