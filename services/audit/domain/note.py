"""Signed notes and checkpoints (C2SP signed-note and tlog-checkpoint), signed with Ed25519.

A checkpoint is three lines (origin, size, root) and a signature line; whoever has the verifier key checks it
with nothing else. Parsing is strict: whatever a conforming signer would not write is refused.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = b"\x01"
"""Signature type of Ed25519 in the signed-note specification."""
KEY_ID_BYTES = 4
PUBLIC_KEY_BYTES = 32
ROOT_BYTES = 32
MAX_NOTE_BYTES = 64_000
"""A bound on what is parsed at all; a checkpoint has about 200 bytes."""

_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_KEY_ID = re.compile(r"[0-9a-f]{8}")
_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>\S+)")
_CHECKPOINT_LINES = 3


class NoteError(ValueError):
    """A note, checkpoint or verifier key that is not what it claims to be. The text says what is wrong."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Who signs, and the public key to check it with."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        """Refuse names that a signature line cannot carry, and keys of another size."""
        if not _NAME.fullmatch(self.name):
            raise NoteError(f"a key name has no spaces and no '+', and is not empty: {self.name!r}")
        if len(self.public) != PUBLIC_KEY_BYTES:
            raise NoteError(f"an Ed25519 public key has {PUBLIC_KEY_BYTES} bytes, this one {len(self.public)}")

    @classmethod
    def of(cls, name: str, key: Ed25519PublicKey) -> "VerifierKey":
        """The verifier key of a public key."""
        return cls(name, key.public_bytes(Encoding.Raw, PublicFormat.Raw))

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read `name+keyid+base64(0x01 || key)`.

        Raises:
            NoteError: another form, another kind of key, or a key id that is not this key's.
        """
        parts = text.removesuffix("\n").split("+", 2)
        if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):  # noqa: PLR2004 - name, id, key
            raise NoteError("a verifier key is written name+keyid+base64key")
        encoded = _base64(parts[2], "the verifier key")
        if encoded[:1] != ED25519:
            raise NoteError("the verifier key is not an Ed25519 key")
        key = cls(parts[0], encoded[1:])
        if key.id.hex() != parts[1]:
            raise NoteError(f"the key id {parts[1]} is not the id of this key and name")
        return key

    @property
    def id(self) -> bytes:
        """First four bytes of SHA-256(name, newline, 0x01, key): tells keys apart, proves nothing."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        """The key in note form, as published beside the log."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    def check(self, text: bytes, signature: bytes) -> bool:
        """Whether this key made the signature over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: that it has `size` entries and this root."""

    origin: str
    """Names the log, once and for ever. Here also the name of its key."""
    size: int
    root: bytes

    def text(self) -> str:
        """The bytes that are signed: origin, size and root, a line each."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a checkpoint; further (extension) lines are allowed and ignored.

        Raises:
            NoteError: a line is missing or not in its only form.
        """
        lines = text.split("\n")[:-1]
        if len(lines) < _CHECKPOINT_LINES or not lines[0] or "" in lines:
            raise NoteError("a checkpoint has the lines origin, size and root, none of them empty")
        if not _SIZE.fullmatch(lines[1]):
            raise NoteError(f"the size is a decimal number without leading zeros, not {lines[1]!r}")
        root = _base64(lines[2], "the root")
        if len(root) != ROOT_BYTES:
            raise NoteError(f"the root has {ROOT_BYTES} bytes, this one {len(root)}")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """The keys of one log, oldest first: a checkpoint is good when one of them signed it.

    While the key changes, checkpoints carry the signatures of both keys, so that whoever knows only the old one sees
    the change and whoever knows only the new one sees where it begins.
    """

    keys: tuple[VerifierKey, ...]

    def __post_init__(self) -> None:
        """Refuse a list without a key, and keys of different logs."""
        if not self.keys:
            raise NoteError("there is no verifier key")
        if len({key.name for key in self.keys}) > 1:
            raise NoteError("the verifier keys are of different logs")

    @classmethod
    def parse(cls, text: str) -> "KeyHistory":
        """Read verifier keys, one a line, oldest first.

        Raises:
            NoteError: a line is no verifier key, there is none, or they are of different logs.
        """
        return cls(tuple(VerifierKey.parse(line) for line in text.removesuffix("\n").split("\n")))

    @property
    def name(self) -> str:
        """The log's name."""
        return self.keys[0].name

    def __str__(self) -> str:
        """The keys in note form, one a line."""
        return "\n".join(str(key) for key in self.keys)


LogKey = VerifierKey | KeyHistory
"""What a log is known by: one key, or all that it ever had."""


def sign(checkpoint: Checkpoint, *keys: Ed25519PrivateKey) -> str:
    """The checkpoint as a note, signed by each of the log's keys under the origin's name."""
    text = checkpoint.text()
    lines = [_signature_line(checkpoint.origin, text, key) for key in keys]
    return f"{text}\n{''.join(lines)}"


def _signature_line(name: str, text: str, key: Ed25519PrivateKey) -> str:
    verifier = VerifierKey.of(name, key.public_key())
    return f"— {name} {base64.b64encode(verifier.id + key.sign(text.encode())).decode()}\n"


def open_checkpoint(note: bytes, key: LogKey) -> Checkpoint:
    """Check a signed checkpoint and read it.

    Signatures by other keys (witnesses) are allowed and ignored, as the specification demands.

    Raises:
        NoteError: malformed, not or wrongly signed by (one of) the keys, or another log's origin.
    """
    text = open_note(note, key)
    checkpoint = Checkpoint.parse(text)
    if checkpoint.origin != key.name:
        raise NoteError(f"the checkpoint is of the log {checkpoint.origin!r}, the key of {key.name!r}")
    return checkpoint


def is_signed(note: bytes, key: LogKey) -> bool:
    """Whether a note is signed by (one of) the keys."""
    try:
        open_note(note, key)
    except NoteError:
        return False
    return True


def open_note(note: bytes, key: LogKey) -> str:
    """The text of a note whose signature by this key, or by one of these, holds; no signature of theirs may fail.

    Raises:
        NoteError: malformed, or not signed by the key.
    """
    known = {one.id: one for one in (key.keys if isinstance(key, KeyHistory) else (key,))}
    text, signatures = _divide(note)
    signed = False
    for line in signatures:
        name, key_id, signature = _signature(line)
        if name != key.name or key_id not in known:
            continue
        if not known[key_id].check(text.encode(), signature):
            raise NoteError(f"the signature by {key.name} does not hold")
        signed = True
    if not signed:
        ids = " or ".join(id_.hex() for id_ in known)
        raise NoteError(f"the note is not signed by {key.name} with key {ids}")
    return text


def _divide(note: bytes) -> tuple[str, list[str]]:
    """The text (with its last newline) and the signature lines of a note."""
    if len(note) > MAX_NOTE_BYTES:
        raise NoteError(f"a note of {len(note)} bytes is not read; the limit is {MAX_NOTE_BYTES}")
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError("the note is not UTF-8 text") from error
    if any(character < " " and character != "\n" for character in whole):
        raise NoteError("the note holds control characters")
    text, separator, tail = whole.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteError("a note is text, an empty line, and signature lines that end with a newline")
    return text + "\n", tail.split("\n")[:-1]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    """Name, key id and signature of one signature line."""
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None:
        raise NoteError(f"not a signature line: {line!r}")
    encoded = _base64(match["signature"], "a signature")
    if len(encoded) <= KEY_ID_BYTES:
        raise NoteError("a signature holds a key id and the signature itself")
    return match["name"], encoded[:KEY_ID_BYTES], encoded[KEY_ID_BYTES:]


def _base64(text: str, what: str) -> bytes:
    """Decode standard base64, refusing every spelling but the one an encoder writes."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"{what} is not base64") from error
    if base64.b64encode(decoded).decode() != text:
        raise NoteError(f"{what} is base64 in a form that no encoder writes")
    return decoded
