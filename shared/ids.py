"""Ids that follow from what happened, and pseudonyms that stand in for identity codes.

An id minted at sending would differ on every retry and count twice; an id derived from the event is the same however
often it is sent (invariant 2). A pseudonym lets records of one person meet without naming the person (invariant 5).

A salt keeps a commitment to a guessable identity code from being searched. Drawn at random it would differ whenever a
database is restored and its requests are read again, so it follows from the event as well, under a key.
"""

import base64
import hmac
import unicodedata
from typing import Final, Literal
from uuid import UUID, uuid5

NAMESPACE: Final = UUID("6b0b3c1e-5d0c-5a55-9f5c-2f1a3a0f9f10")
"""The root of all derived ids. Changing it would make every event of the past look new."""

Label = Literal["client", "worker"]
Likeness = Literal["surname", "address"]


def event_id(kind: str, *parts: str) -> UUID:
    """The id of what happened: uuid5 over the kind and the parts that tell it from every other such event."""
    return uuid5(NAMESPACE, "\x1f".join((kind, *parts)))


def reversal_of(event: UUID) -> UUID:
    """Id of the event that takes an access event's use back: whoever knows the one can look for the other."""
    return event_id("access-reversed", str(event))


def salt(key: bytes, event: UUID) -> str:
    """The salt of an event's personal part: HMAC-SHA256 of the event's id, 128 bits, 32 hex digits.

    Whoever has not the key cannot tell it from a random one, though the event's id is public.
    """
    return hmac.digest(key, event.bytes, "sha256")[:16].hex()


def pseudonym(key: bytes, label: Label, code: str, version: int = 1) -> str:
    """The pseudonym of an identity code (henkilötunnus): HMAC-SHA256, 128 bits, base32.

    The label keeps a person's pseudonym as a client apart from the one as a worker. The key is versioned and never
    rotated: a new key would count one user twice (golden G11).
    """
    mac = hmac.digest(key, f"{label}:{code}".encode(), "sha256")[:16]
    return f"v{version}.{base64.b32encode(mac).decode().rstrip('=').lower()}"


def likeness(key: bytes, label: Likeness, text: str | None) -> str | None:
    """What tells that two persons share a surname or an address, and not which: HMAC-SHA256, 128 bits, 32 hex digits.

    Case and spacing make no difference. The labels are none of those of pseudonyms.

    Returns:
        None when there is nothing to compare.
    """
    normal = " ".join(unicodedata.normalize("NFKC", text or "").casefold().split())
    return hmac.digest(key, f"{label}:{normal}".encode(), "sha256")[:16].hex() if normal else None
