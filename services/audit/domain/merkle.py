"""The Merkle tree of the log (RFC 6962 section 2.1): leaf and node hashes, roots, and appending.

Appending needs no tree: a `CompactRange` keeps one hash per set bit of the size, at most 64 of them, and the
root of everything appended so far follows from it. That is all the log stores about its tree.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
LEAF_PREFIX = b"\x00"
"""Leaves and nodes are hashed under different prefixes, so that no node can be passed off as a leaf."""
NODE_PREFIX = b"\x01"
EMPTY_ROOT = sha256(b"").digest()
Complete = Callable[[int, int, Sequence[bytes]], None]
"""Told of subtrees that became complete: height, position of the first, hashes."""


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of one entry's bytes: SHA-256(0x00 || leaf)."""
    return sha256(LEAF_PREFIX + leaf).digest()


def leaf_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """`leaf_hash` of each, in one pass (about 0.5 microseconds each)."""
    digest = sha256
    return [digest(b"\x00" + leaf).digest() for leaf in leaves]


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(NODE_PREFIX + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """The tree over the first `size` leaves, as the roots of its perfect subtrees.

    `peaks` run from the largest subtree (leftmost leaves) to the smallest: one for each set bit of `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a state that no sequence of appends can reach."""
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves does not have {len(self.peaks)} peaks")
        if any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise ValueError(f"every peak is a SHA-256 hash of {HASH_BYTES} bytes")

    def append(self, leaf: bytes) -> "CompactRange":
        """The range with one more leaf hash."""
        return self.extend((leaf,))

    def extend(self, leaves: Sequence[bytes], complete: Complete | None = None) -> "CompactRange":
        """The range with these leaf hashes appended in order: level by level, about one node hash a leaf.

        Args:
            leaves: Their hashes.
            complete: Is told, level by level, of the subtrees that became complete: their height (0: a leaf), the
                position of the first one among those of its height, and their hashes.
        """
        if not leaves:
            return self
        peaks: list[bytes] = []
        level, pending, digest = list(leaves), list(self.peaks), sha256
        height = 0
        while level or pending:
            if complete is not None and level:
                complete(height, self.size >> height, level)
            if self.size >> height & 1:
                level.insert(0, pending.pop())
            if len(level) % 2:
                peaks.append(level.pop())
            pairs = iter(level)
            level = [digest(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            height += 1
        return CompactRange(self.size + len(leaves), tuple(reversed(peaks)))

    @property
    def root(self) -> bytes:
        """The Merkle tree hash of all leaves: the peaks folded from the smallest up."""
        if not self.peaks:
            return EMPTY_ROOT
        *larger, root = self.peaks
        for peak in reversed(larger):
            root = node_hash(peak, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Merkle tree hash of a list of leaf hashes; of none, SHA-256 of nothing."""
    return CompactRange().extend(leaves).root
