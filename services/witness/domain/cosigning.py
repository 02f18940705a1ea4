"""A witness's signature on a checkpoint (C2SP tlog-cosignature v1): "I saw this log at this size, and it only grew"."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

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
