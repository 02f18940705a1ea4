"""Signed notes: who signed which root at which size (C2SP signed-note, tlog-checkpoint, tlog-cosignature v1)."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG, WITNESS = b"\x01", b"\x04"  # kinds of key: a log's own, and a witness's, which signs the time too
LONGEST = 64_000
_KEY = re.compile(r"(?P<name>[!-*,-~]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>\S+)")
_CHECKPOINT = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[^\n]{44})\n([^\n]+\n)*")
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>\S+)")


class BadNote(ValueError):
    """A note or key that is not what it claims to be. The text says why."""


@dataclass(frozen=True, slots=True)
class Key:
    """The public key of a log or of a witness, and its name."""

    name: str
    kind: bytes
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Read `name+id+base64(kind || key)`; `BadNote` if it has another form or kind, or an id not its own."""
        if (match := _KEY.fullmatch(text.strip())) is None:
            raise BadNote("a verifier key is written name+keyid+base64key")
        content = _decoded(match["key"])
        key = cls(match["name"], content[:1], content[1:])
        if key.kind not in (LOG, WITNESS) or len(key.public) != sha256().digest_size or key.id.hex() != match["id"]:
            raise BadNote("the verifier key is not an Ed25519 key of a log or a witness, or its id is another key's")
        return key

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys apart; they prove nothing."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.kind + self.public).decode()}"

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature over the note's text."""
        message = text.encode()
        if self.kind == WITNESS:
            message, signature = cosigned(text, int.from_bytes(signature[:8], "big")), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def cosigned(text: str, seconds: int) -> bytes:
    """What a witness signs: the time of signing (Unix seconds) and the checkpoint's text."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log of this origin has `size` entries with this root, say the log's `signer` (which key) and witnesses."""

    origin: str
    size: int
    root: bytes
    text: str
    witnesses: tuple[str, ...]
    signer: int = 0


def open_checkpoint(note: bytes, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> Checkpoint:
    """Read what one of the log's keys, oldest first, signed. No signature said to be by one of all these may fail."""
    whole = note.decode(errors="replace")
    text, separator, tail = whole.rpartition("\n\n")
    if not separator or whole[-1] != "\n" or len(note) > LONGEST or any(s < " " and s != "\n" for s in whole):
        raise BadNote("a note is text, an empty line, and signature lines that end with a newline")
    text += "\n"
    by_log, by_witnesses = (_signers(text, tail.split("\n")[:-1], given) for given in (keys, witnesses))
    match = _CHECKPOINT.fullmatch(text)
    if not by_log or match is None or any(keys[one].name != match["origin"] for one in by_log):
        raise BadNote("the note is not signed by the log, or is no checkpoint of it")
    agreeing = tuple(witnesses[one].name for one in by_witnesses)
    return Checkpoint(match["origin"], int(match["size"]), _decoded(match["root"]), text, agreeing, max(by_log))


def _signers(text: str, lines: list[str], keys: Sequence[Key]) -> list[int]:
    known = {(key.name, key.id): n for n, key in enumerate(keys)}
    found = list[int]()
    for line in lines:
        if (match := _SIGNATURE.fullmatch(line)) is None:
            raise BadNote("a line below the text is not a signature line")
        name, content = match["name"], _decoded(match["signature"])
        place = known.get((name, content[:4]))
        if place is not None and not keys[place].signed(text, content[4:]):
            raise BadNote(f"the signature by {name} does not hold")
        found += [] if place is None else [place]
    return found


def _decoded(text: str) -> bytes:
    """Base64 in the one spelling that an encoder writes."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        content = b""
    if not content or base64.b64encode(content).decode() != text:
        raise BadNote("a key, root or signature is not base64 as an encoder writes it")
    return content
