"""A witness's signature on a checkpoint (C2SP tlog-cosignature v1): "I saw this log at this size, and it only grew"."""

import base64
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.contracts.audit import CheckpointCosigned
from verifier.notes import WITNESS, Key, cosigned


def witness_key(name: str, key: Ed25519PublicKey) -> Key:
    """The verifier key by which the witness's signatures are checked."""
    return Key(name, WITNESS, key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def cosignature(name: str, secret: Ed25519PrivateKey, text: str, seconds: int) -> str:
    """The signature line to put below a checkpoint's own.

    Args:
        name: The witness's.
        secret: Its key.
        text: The checkpoint's text: origin, size and root.
        seconds: When it signs, Unix time.
    """
    key = witness_key(name, secret.public_key())
    signature = seconds.to_bytes(8, "big") + secret.sign(cosigned(text, seconds))
    return f"— {name} {base64.b64encode(key.id + signature).decode()}\n"


def is_own(body: CheckpointCosigned, origin: str, keys: Sequence[Key]) -> bool:
    """Whether one of the witness's keys signed this size and root of the log: then the witness has seen it."""
    root = base64.b64encode(bytes.fromhex(body.root)).decode()
    text = f"{origin}\n{body.size}\n{root}\n"
    return any(key.name == body.witness and _signed(text, body.cosignature, key) for key in keys)


def _signed(text: str, line: str, key: Key) -> bool:
    begin, end = f"— {key.name} ", "\n"
    if not (line.startswith(begin) and line.endswith(end)):
        return False
    try:
        content = base64.b64decode(line.removeprefix(begin).removesuffix(end), validate=True)
    except ValueError:
        return False
    return content.startswith(key.id) and key.signed(text, content[len(key.id) :])
