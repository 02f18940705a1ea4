"""Inclusion and consistency proofs (RFC 6962 section 2.1); those of consistency are checked by `verifier` alone.

A proof is a list of subtree hashes. Which ones is arithmetic (`inclusion_ranges`, `consistency_ranges`);
where the hashes come from is the caller's business: `inclusion_proof` and `consistency_proof` take a list of
leaf hashes, a store may hold the subtrees instead.
"""

from collections.abc import Sequence

from services.audit.domain.merkle import node_hash, root_of

Range = tuple[int, int]
"""Leaves from the first index to the second, which is not included."""


def inclusion_ranges(index: int, size: int) -> tuple[Range, ...]:
    """The subtrees beside the path from leaf `index` up to the root of a tree of `size` leaves.

    Raises:
        ValueError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    low, high = 0, size
    ranges: list[Range] = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return tuple(reversed(ranges))


def consistency_ranges(old: int, new: int) -> tuple[Range, ...]:
    """The subtrees that show the tree of `old` leaves to be the beginning of the tree of `new` leaves.

    Raises:
        ValueError: not 0 < old <= new; every tree continues the empty one, so there is nothing to prove.
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof leads from {old} leaves to {new}")
    low, high = 0, new
    whole = True
    """The old tree is still a subtree of its own: its root is known to the verifier and left out."""
    ranges: list[Range] = []
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low, whole = middle, False
    if not whole:
        ranges.append((low, high))
    return tuple(reversed(ranges))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Proof that leaf `index` stands in the tree over these leaf hashes."""
    return tuple(root_of(leaves[low:high]) for low, high in inclusion_ranges(index, len(leaves)))


def consistency_proof(leaves: Sequence[bytes], old: int) -> tuple[bytes, ...]:
    """Proof that the tree over the first `old` leaf hashes is the beginning of the tree over all of them."""
    return tuple(root_of(leaves[low:high]) for low, high in consistency_ranges(old, len(leaves)))


def verify_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from leaf hash `index` of `size` to the root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root


def _split(size: int) -> int:
    """The largest power of two smaller than `size`: where RFC 6962 divides a tree."""
    return 1 << (size - 1).bit_length() - 1
