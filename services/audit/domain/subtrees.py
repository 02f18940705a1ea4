"""Complete subtrees of the log: which of them a proof needs, so that it costs a few rows however long the log is.

A subtree of height h at position p covers the leaves from p * 2**h on, 2**h of them. Once complete it never changes. Of
those from `STORED_HEIGHT` up the hash is stored when they become complete, one row in 128 entries; smaller ones follow
from the leaf hashes of one block.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from services.audit.domain.merkle import node_hash, root_of
from services.audit.domain.proofs import Range, consistency_ranges, inclusion_ranges

STORED_HEIGHT: Final = 8
BLOCK: Final = 1 << STORED_HEIGHT
"""Leaves of the smallest stored subtree."""


class Subtree(NamedTuple):
    """One complete subtree."""

    height: int
    position: int

    @property
    def leaves(self) -> Range:
        """What it covers."""
        return self.position << self.height, (self.position + 1) << self.height


def cover(leaves: Range) -> tuple[Subtree, ...]:
    """The complete subtrees that a subtree of a tree consists of, the largest first: one when it is complete itself."""
    low, high = leaves
    found = []
    while low < high:
        height = (high - low).bit_length() - 1
        found.append(Subtree(height, low >> height))
        low += 1 << height
    return tuple(found)


def needed(index: int, size: int) -> tuple[Subtree, ...]:
    """The complete subtrees from which the proof of leaf `index` in a tree of `size` leaves is made.

    Raises:
        ValueError: the tree has no such leaf.
    """
    return tuple(tree for leaves in inclusion_ranges(index, size) for tree in cover(leaves))


def inclusion_from(index: int, size: int, hash_of: Callable[[Subtree], bytes]) -> tuple[bytes, ...]:
    """The proof that leaf `index` stands in the tree of `size` leaves, from hashes of complete subtrees.

    Args:
        index: the leaf.
        size: of the tree.
        hash_of: the hash of a complete subtree (one of `needed`).

    Raises:
        ValueError: the tree has no such leaf.
    """
    return tuple(_folded([hash_of(tree) for tree in cover(leaves)]) for leaves in inclusion_ranges(index, size))


def consistency_needed(old: int, new: int) -> tuple[Subtree, ...]:
    """The complete subtrees from which the proof that the tree of `old` leaves begins the one of `new` is made."""
    return tuple(tree for leaves in consistency_ranges(old, new) for tree in cover(leaves)) if old else ()


def consistency_from(old: int, new: int, hash_of: Callable[[Subtree], bytes]) -> tuple[bytes, ...]:
    """The proof that the tree of `old` leaves is the beginning of the one of `new`; from nothing there is none to give.

    Raises:
        ValueError: the new tree is the smaller one.
    """
    if not old:
        return ()
    return tuple(_folded([hash_of(tree) for tree in cover(leaves)]) for leaves in consistency_ranges(old, new))


def small_hash(tree: Subtree, block: Sequence[bytes]) -> bytes:
    """The hash of a subtree below `STORED_HEIGHT`, from the leaf hashes of its block as far as the log has them."""
    low, high = tree.leaves
    start = low - low % BLOCK
    return root_of(block[low - start : high - start])


def _folded(hashes: Sequence[bytes]) -> bytes:
    *larger, root = hashes
    for left in reversed(larger):
        root = node_hash(left, root)
    return root
