"""Merkle trees as RFC 6962 defines them: roots of what was read, and proofs that others made."""

from collections.abc import Sequence
from functools import reduce
from hashlib import sha256

EMPTY = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry's bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def cut(joined: bytes | bytearray, size: int) -> list[bytes]:
    """Hashes or ids that were joined, each of this size."""
    return [bytes(joined[n : n + size]) for n in range(0, len(joined), size)]


class Tree:
    """The tree over all leaf hashes added so far, as the roots of its complete subtrees by height."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: dict[int, bytes] = {}

    def add(self, hashes: Sequence[bytes]) -> None:
        """Append leaf hashes in order, level by level."""
        self.size += len(hashes)
        height, level, digest = 0, list(hashes), sha256
        while level:
            if height in self._peaks:
                level.insert(0, self._peaks.pop(height))
            if len(level) % 2:
                self._peaks[height] = level.pop()
            level = [digest(b"\x01" + left + right).digest() for left, right in zip(*[iter(level)] * 2, strict=True)]
            height += 1

    @property
    def root(self) -> bytes:
        """The tree's head."""
        peaks = [self._peaks[height] for height in sorted(self._peaks)] or [EMPTY]
        return reduce(lambda root, peak: node_hash(peak, root), peaks)


def inclusion_holds(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from leaf hash `index` of `size` to the root (RFC 9162, 2.1.3.2)."""
    return 0 <= index < size and _climbed(index, size - 1, [leaf, *path])[1:] == (True, root)


def consistency_holds(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path shows that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if old in (0, new):
        return not path and (old_root == new_root if old else old_root == EMPTY)
    steps = list(path) if old & (old - 1) else [old_root, *path]
    here, last = old - 1, new - 1
    while here % 2:
        here, last = here // 2, last // 2
    return 0 < old < new and bool(steps) and _climbed(here, last, steps) == (old_root, True, new_root)


def _climbed(here: int, last: int, steps: Sequence[bytes]) -> tuple[bytes, bool, bytes]:
    """The hash of what stands left of the way up, whether the way ends at the root, and the hash of everything."""
    left = everything = steps[0]
    for beside in steps[1:]:
        if last == 0:
            return left, False, everything
        if here % 2 or here == last:
            left, everything = node_hash(beside, left), node_hash(beside, everything)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            everything = node_hash(everything, beside)
        here, last = here // 2, last // 2
    return left, last == 0, everything
