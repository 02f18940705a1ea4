"""The personal parts: opened from the bus's seal, checked against their commitment, sealed anew for the long run.

Each goes under a key of its own (client, month of the event), wrapped by audit's secret. Destroying that one
key erases everything the log knows of the client in that month, and no leaf changes.

A page of a list is about many clients at once, and its personal part can only be kept or erased whole: it goes under
a key of that entry alone, and each client's own key is linked to the entry. So everyone on the page is led to it, and
when one of them is erased the page's personal part goes too: more is lost than need be, never less.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.audit import store
from services.audit.decoding import Loggable
from services.audit.domain.leaf import commits_to
from shared.bus.sealing import KeyRing, Unsealable
from shared.ids import event_id, pseudonym

if TYPE_CHECKING:
    from asyncpg import Connection

KEY_SET: Final = "audit-personal"
KEY_TYPE: Final = "kelmu.audit.person_key.v1"
NOBODY: Final = "unknown"
"""Stands for the person of a personal part that names none: a mistyped code, an opaque record."""
MOST_CACHED: Final = 20_000
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32

Owner = tuple[str, str]
"""Pseudonym of the client (or `page_owner`), and month (YYYY-MM)."""


def page_owner(event: UUID) -> str:
    """Owner of the key of one page of a list."""
    return f"page.{event}"


class PersonalState(StrEnum):
    """What became of an event's personal part. None of these keeps an event out of the log."""

    NONE = "none"
    """The event has no personal part."""
    SEALED = "sealed"
    """Opened, found to be what the leaf commits to, sealed anew."""
    MISMATCH = "mismatch"
    """Opened, but it is not what the leaf commits to. Kept; somebody must look."""
    UNSEALABLE = "unsealable"
    """Could not be opened: what is kept is the publisher's seal itself."""
    RAW = "raw"
    """The whole record behind an opaque leaf."""


class Opened(NamedTuple):
    """A personal part ready to be sealed anew: its bytes and whose it is. `plaintext` None: there is nothing.

    `listed` are the clients on a page of a list, by pseudonym; `person` is then nobody's.
    """

    state: PersonalState
    plaintext: bytes | None = None
    person: str = NOBODY
    listed: tuple[str, ...] = ()


class Opener:
    """Opens personal parts as the bus delivers them."""

    def __init__(self, ring: KeyRing, pseudonym_key: bytes) -> None:
        self._ring = ring
        # A keyed hash of the same clients again and again: a fifth of the time that preparing an event takes.
        self._pseudonym = lru_cache(MOST_CACHED)(partial(pseudonym, pseudonym_key, "client"))

    def open(self, body: Loggable) -> Opened:
        """Open and check one personal part. Raises nothing: what is wrong is a state of the entry."""
        if body.raw is not None:
            return Opened(PersonalState.RAW, body.raw)
        if body.personal is None:
            state = PersonalState.NONE if body.commitment is None else PersonalState.UNSEALABLE
            return Opened(state)
        try:
            plaintext = self._ring.open(body.personal, id=body.published_id, type=body.published_type)
        except Unsealable:
            return Opened(PersonalState.UNSEALABLE, body.personal.encode())
        kept = commits_to(body.commitment, plaintext)
        state = PersonalState.SEALED if kept else PersonalState.MISMATCH
        return Opened(state, plaintext, *self._persons(plaintext))

    @staticmethod
    def unopened(body: Loggable) -> Opened:
        """The personal part as it came, told as not opened: what is kept when preparing it fails in any way."""
        if body.raw is not None:
            return Opened(PersonalState.RAW, body.raw)
        return Opened(PersonalState.UNSEALABLE, None if body.personal is None else body.personal.encode())

    def _persons(self, plaintext: bytes) -> tuple[str, tuple[str, ...]]:
        """Whose personal part it is, and who else stands in it, once each."""
        client, listed = persons_in(plaintext)
        if listed:
            return NOBODY, tuple(sorted({self._pseudonym(code) for code in listed}))
        return (NOBODY if client is None else self._pseudonym(client)), ()


def persons_in(plaintext: bytes) -> tuple[str | None, frozenset[str]]:
    """The client whom a personal part is about, and everyone on it when it is that of a page of a list."""
    try:
        fields = orjson.loads(plaintext)
        client, listed = fields["client"], fields.get("clients") or ()
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return None, frozenset()
    own = client if isinstance(client, str) else None
    shown = listed if isinstance(listed, list) else ()
    return own, frozenset(code for code in (client, *shown) if isinstance(code, str)) if shown else frozenset()


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The key of one person and month, and the row it is kept in."""

    id: int
    key: AESGCM

    def seal(self, event: UUID, plaintext: bytes) -> bytes:
        """Nonce and ciphertext, bound to the entry's event id."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self.key.encrypt(nonce, plaintext, event.bytes)


def unseal(key: AESGCM, event: UUID, sealed: bytes) -> bytes:
    """Open what `PersonKey.seal` sealed.

    Raises:
        Unsealable: another key, another entry, or changed.
    """
    try:
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], event.bytes)
    except (InvalidTag, ValueError) as error:
        raise Unsealable("the personal part of an entry does not open") from error


def unwrap(ring: KeyRing, owner: Owner, wrapped: str) -> AESGCM:
    """The key in a row of `person_key`; bound to its owner, so that rows cannot be exchanged.

    Raises:
        Unsealable: not a key of this owner wrapped by audit's secret.
    """
    return AESGCM(ring.open(wrapped, id=_binding(owner), type=KEY_TYPE))


class PersonKeys:
    """The keys in use, fetched or made as they are needed.

    Keys enter the cache only through `remember`, after their transaction has committed: a key that was rolled
    back would seal what nobody can open. The cache is dropped whenever a key was destroyed anywhere.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._cache: dict[Owner, PersonKey] = {}
        self._erasures = 0

    async def of(self, conn: "Connection", owners: Iterable[Owner], erasures: int) -> dict[Owner, PersonKey]:
        """The living key of each owner; made where there is none. The caller holds the log's head.

        Args:
            conn: the batch's transaction.
            owners: whose keys are needed.
            erasures: the head's count of destroyed keys.
        """
        if erasures != self._erasures:
            self._cache.clear()
            self._erasures = erasures
        keys = {owner: self._cache.get(owner) for owner in owners}
        missing = sorted(owner for owner, key in keys.items() if key is None)
        found = {owner: key for owner, key in keys.items() if key is not None}
        if missing:
            found |= await self._fetch(conn, missing)
        return found

    def remember(self, keys: Mapping[Owner, PersonKey]) -> None:
        """Keep keys whose rows are committed."""
        if len(self._cache) + len(keys) > MOST_CACHED:
            self._cache.clear()
        self._cache.update(keys)

    async def _fetch(self, conn: "Connection", owners: list[Owner]) -> dict[Owner, PersonKey]:
        stored = await store.living_keys(conn, owners)
        fresh = {owner: os.urandom(_KEY_BYTES) for owner in owners if owner not in stored}
        wrapped = {owner: self._wrap(owner, key) for owner, key in fresh.items()}
        ids = await store.add_keys(conn, wrapped) if wrapped else {}
        made = {owner: PersonKey(ids[owner], AESGCM(key)) for owner, key in fresh.items()}
        known = {owner: PersonKey(id_, unwrap(self._ring, owner, text)) for owner, (id_, text) in stored.items()}
        return known | made

    def _wrap(self, owner: Owner, key: bytes) -> str:
        return self._ring.seal(KEY_SET, key, id=_binding(owner), type=KEY_TYPE)


def _binding(owner: Owner) -> UUID:
    return event_id("audit-person-key", *owner)
