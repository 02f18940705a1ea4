"""Checking a whole log with nothing but its entries, its signed checkpoints and the log's key (invariant 7).

One pass: every leaf is hashed again, and at the size of each checkpoint the root must be the one that was
signed. Roots tell that something is wrong and between which checkpoints, not which entry it is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from services.audit.domain.merkle import EMPTY_ROOT, CompactRange, leaf_hashes
from services.audit.domain.note import Checkpoint, LogKey, NoteError, open_checkpoint

CHUNK: Final = 50_000
"""Entries in memory at a time."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. The log is whole if and only if there are no problems.

    Attributes:
        origin: the log's name.
        entries: entries read.
        checkpoints: signed checkpoints whose signature holds.
        root: the root over all entries read.
        problems: what is wrong and where, in plain words.
    """

    origin: str
    entries: int
    checkpoints: int
    root: bytes
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class LogVerifier:
    """Checks entries as they are fed, in order, against the log's signed checkpoints.

    Args:
        notes: signed checkpoints by the name they are kept under, which must be their size.
        key: the log's verifier key.
    """

    def __init__(self, notes: Mapping[str, bytes], key: LogKey) -> None:
        self._key = key
        self._checkpoints, self._problems = _open(notes, key)
        self._sizes = sorted({checkpoint.size for checkpoint in self._checkpoints})
        self._roots = {0: EMPTY_ROOT}
        self.tree = CompactRange()
        """The tree over everything fed so far."""

    def feed(self, leaves: Sequence[bytes]) -> None:
        """Take the leaf bytes of the next entries."""
        hashes = leaf_hashes(leaves)
        begin, end = self.tree.size, self.tree.size + len(hashes)
        cuts = self._sizes[bisect_right(self._sizes, begin) : bisect_left(self._sizes, end)]
        for low, high in pairwise([begin, *cuts, end]):
            self.tree = self.tree.extend(hashes[low - begin : high - begin])
            self._roots[high] = self.tree.root

    def verdict(self, *, growing: bool = False) -> Verdict:
        """What was found. A `growing` log may have entries that its newest checkpoint does not cover yet."""
        problems = [*self._problems, *_compare(self._checkpoints, self._roots)]
        problems += _coverage(self._checkpoints, self.tree.size, growing=growing)
        return Verdict(self._key.name, self.tree.size, len(self._checkpoints), self.tree.root, tuple(problems))


def verify_log(leaves: Iterable[bytes], notes: Mapping[str, bytes], key: LogKey) -> Verdict:
    """Check the leaf bytes of every entry, in order, against a log's signed checkpoints."""
    verifier = LogVerifier(notes, key)
    remaining = iter(leaves)
    while chunk := list(islice(remaining, CHUNK)):
        verifier.feed(chunk)
    return verifier.verdict()


def _open(notes: Mapping[str, bytes], key: LogKey) -> tuple[list[Checkpoint], list[str]]:
    """The checkpoints whose signature holds, by size; and what is wrong with the others."""
    good: list[Checkpoint] = []
    problems: list[str] = []
    for name, note in notes.items():
        try:
            checkpoint = open_checkpoint(note, key)
        except NoteError as error:
            problems.append(f"Checkpoint {name}: {error}.")
            continue
        if name != str(checkpoint.size):
            problems.append(f"Checkpoint {name} is signed for {checkpoint.size} entries, not for {name}.")
        good.append(checkpoint)
    return sorted(good, key=lambda checkpoint: checkpoint.size), problems


def _compare(checkpoints: list[Checkpoint], roots: Mapping[int, bytes]) -> list[str]:
    """Where the entries leave the signed history, and where the signed history contradicts itself."""
    agree = [(c.size, roots[c.size] == c.root) for c in checkpoints if c.size in roots]
    problems: list[str] = []
    for (before, was_good), (size, good) in pairwise([(0, True), *agree]):
        if was_good and not good:
            problems.append(
                f"Between line {before + 1} and line {size} the entries are not those that were signed: "
                f"the root over {size} entries differs from checkpoint {size}"
                + (f", while checkpoint {before} still holds." if before else ".")
            )
        if good and not was_good:
            problems.append(
                f"Checkpoint {size} holds although the one before it, {before}, does not: "
                "the log's key has signed two different histories."
            )
    return problems


def _coverage(checkpoints: list[Checkpoint], entries: int, *, growing: bool) -> list[str]:
    """Whether the newest checkpoint covers exactly the entries there are."""
    if not checkpoints:
        return ["There is no checkpoint with a valid signature: nothing vouches for these entries."]
    newest = checkpoints[-1].size
    if entries < newest:
        return [f"Entries are missing: there are {entries}, and checkpoint {newest} covers {newest}."]
    if entries > newest and not growing:
        return [f"Lines {newest + 1} to {entries} are covered by no checkpoint."]
    return []
