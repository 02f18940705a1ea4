"""Opens the personal parts of entries that somebody may look at."""

from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.audit.domain.claimed import read_claimed
from services.audit.domain.looked import Looked, read_clear, read_personal
from services.audit.personal import Owner, unseal, unwrap
from services.audit.store.looking import SealedEntry
from shared.bus.sealing import KeyRing, Unsealable


class Opening:
    """Opens entries with audit's keys; what cannot be opened is looked at without its personal part."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def open(self, entries: Iterable[SealedEntry]) -> list[Looked]:
        """Each entry with its personal part. Keys are unwrapped once for all entries, and forgotten."""
        keys: dict[Owner, AESGCM] = {}
        return [self._open(entry, keys) for entry in entries]

    def _open(self, entry: SealedEntry, keys: dict[Owner, AESGCM]) -> Looked:
        plaintext, clear = self._plaintext(entry, keys), read_clear(entry.leaf)
        return Looked(
            seq=entry.seq,
            event=entry.event_id,
            time=entry.time,
            leaf=entry.leaf,
            clear=clear,
            personal=None if clear is None else read_personal(plaintext),
            erased=entry.erased,
            claimed=None if clear is not None else read_claimed(entry.leaf, plaintext),
        )

    def _plaintext(self, entry: SealedEntry, keys: dict[Owner, AESGCM]) -> bytes | None:
        if entry.personal is None or entry.wrapped is None or entry.person is None or entry.month is None:
            return None
        owner = (entry.person, entry.month)
        try:
            if owner not in keys:
                keys[owner] = unwrap(self._ring, owner, entry.wrapped)
            return unseal(keys[owner], entry.event_id, entry.personal)
        except Unsealable:
            # `kelmu audit verify --database` tells of it; a person still learns that the entry is there.
            return None
