"""Checking an export: a folder with entries, signed checkpoints and keys."""

import gc
import os
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from pathlib import Path

from verifier.entries import BadEntry, event_of
from verifier.notes import LOG, WITNESS, BadNote, Checkpoint, Key, open_checkpoint
from verifier.tree import EMPTY, Tree, leaf_hash

ENTRIES, CHECKPOINTS, LOG_KEYS, WITNESS_KEYS = "entries.jsonl", "checkpoints", "log.vkey", "witness.vkey"
HASHES = "leaf-hashes"
"""Signed by nobody, and optional: if these lead to a signed root, they tell which line is the first wrong one."""
MOST_TOLD = 20
PORTION = 4_000_000
"""Bytes of entries read at once, up to the end of a line; of more than two portions each core checks some."""
Lines = tuple[list[bytes], list[bytes | None], dict[int, str]]  # leaf hashes, event ids, what is wrong with which


class NotAnExport(Exception):
    """A folder that is no export, or whose keys are not those that are trusted. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found: entries read, checkpoints that hold, the size co-signed, and all that is wrong."""

    origin: str
    entries: int
    checkpoints: int
    root: bytes
    witnessed: int
    problems: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class History:
    """Takes leaf hashes in order and compares the root at the size of each checkpoint.

    `notes` are checkpoints by the name they are kept under, their size; `seen` are further ones that somebody kept.
    """

    def __init__(
        self, notes: Mapping[str, bytes], keys: Sequence[Key], witnesses: Sequence[Key] = (), seen: Iterable[bytes] = ()
    ) -> None:
        self.origin, self.tree, self.roots = keys[0].name, Tree(), {0: EMPTY}
        self.problems: list[str] = []
        self.checkpoints: list[Checkpoint] = []
        for name, note in [*notes.items(), *(("that was kept", note) for note in seen)]:
            try:
                self.checkpoints.append(found := open_checkpoint(note, keys, witnesses))
            except BadNote as error:
                self.problems.append(f"Checkpoint {name}: {error}.")
            else:
                if name in notes and name != str(found.size):
                    self.problems.append(f"Checkpoint {name} is signed for {found.size} entries, not for {name}.")
        self.checkpoints.sort(key=lambda checkpoint: checkpoint.size)
        self.newest = max((one.size for one in self.checkpoints), default=0)
        self.witnessed = max((one.size for one in self.checkpoints if one.witnesses), default=0)
        self._sizes = sorted({one.size for one in self.checkpoints})

    def add(self, hashes: Sequence[bytes]) -> None:
        """Take the leaf hashes of the next entries."""
        begin, end = self.tree.size, self.tree.size + len(hashes)
        cuts = self._sizes[bisect_right(self._sizes, begin) : bisect_left(self._sizes, end)]
        for low, high in pairwise([begin, *cuts, end]):
            self.tree.add(hashes[low - begin : high - begin])
            self.roots[high] = self.tree.root

    def verdict(self, more: Iterable[str] = (), *, growing: bool = False) -> Verdict:
        """What was found. A `growing` log may have entries that its newest checkpoint does not cover yet."""
        size = self.tree.size
        problems = (*self.problems, *more, *self.disagreements(), *self._uncovered(size, growing=growing))
        return Verdict(self.origin, size, len(self.checkpoints), self.tree.root, self.witnessed, problems)

    def disagreements(self) -> list[str]:
        """Where the entries leave what was signed, and where what was signed contradicts itself."""
        problems, last, held = [], 0, True
        forked = "the log's key has signed two different histories"
        for one in (one for one in self.checkpoints if one.size in self.roots):
            good = self.roots[one.size] == one.root
            if held and not good:
                what = f"the root over {one.size} entries differs from checkpoint {one.size}"
                problems.append(
                    f"Between line {last + 1} and line {one.size} something is not as it was signed: {what}."
                )
            if good and not held:
                problems.append(f"Checkpoint {one.size} holds although the one before it, {last}, does not: {forked}.")
            last, held = one.size, good
        for before, after in pairwise(self.checkpoints):
            if before.size == after.size and before.root != after.root:
                problems.append(f"Two different roots are signed for {after.size} entries: {forked}.")
        return problems

    def _uncovered(self, entries: int, *, growing: bool) -> list[str]:
        if not self.checkpoints:
            return ["There is no checkpoint with a valid signature: nothing vouches for these entries."]
        if entries < self.newest:
            return [f"Entries are missing: there are {entries}, and checkpoint {self.newest} covers {self.newest}."]
        uncovered = f"Lines {self.newest + 1} to {entries} are covered by no checkpoint."
        return [uncovered] if entries > self.newest and not growing else []


def verify(
    folder: Path, keys: Sequence[Key] = (), witnesses: Sequence[Key] = (), seen: Sequence[bytes] = ()
) -> Verdict:
    """Check an export with nothing but its own files and what the reader knows; `NotAnExport` if it is none.

    Without `keys` the export's own are believed: it is whole, but not whose. One of the `witnesses`, if any are given,
    must have co-signed the newest checkpoint. The log must contain what checkpoints that were `seen` elsewhere signed.
    """
    missing = [name for name in (ENTRIES, CHECKPOINTS, LOG_KEYS) if not (folder / name).exists()]
    if missing:
        raise NotAnExport(f"{folder} is not an export of the log: {', '.join(missing)} is missing.")
    stated = _keys(folder / LOG_KEYS, LOG)
    if keys and not set(keys) & set(stated):
        raise NotAnExport(f"The export is signed by {stated[0]}, not by the log that is trusted: {keys[0]}.")
    known = witnesses or (_keys(folder / WITNESS_KEYS, WITNESS) if (folder / WITNESS_KEYS).exists() else ())
    notes = {path.stem: path.read_bytes() for path in sorted((folder / CHECKPOINTS).iterdir())}
    history, hashes = History(notes, keys or stated, known, seen), list[bytes]()
    faults = list(_read(folder / ENTRIES, history, hashes))
    if history.disagreements() or history.tree.size != history.newest:
        faults += _first_difference(folder / HASHES, history, hashes)
    if witnesses and history.witnessed < history.tree.size:
        faults.append(f"Lines {history.witnessed + 1} to {history.tree.size} are co-signed by no trusted witness.")
    return history.verdict(faults)


def check_lines(part: tuple[Path, int, int]) -> Lines:
    """Hash and read the lines in a part of a file: path, beginning and length."""
    with part[0].open("rb") as file:
        file.seek(part[1])
        *lines, rest = file.read(part[2]).split(b"\n")
    faults: dict[int, str] = {}
    if rest:
        faults[len(lines)] = "the line does not end: the file was cut off"
        lines.append(rest)
    ids: list[bytes | None] = []
    for number, line in enumerate(lines):
        try:
            ids.append(event_of(line))
        except BadEntry as error:
            ids.append(None)
            faults.setdefault(number, str(error))
    return [leaf_hash(line) for line in lines], ids, faults


def _keys(path: Path, kind: bytes) -> list[Key]:
    try:
        keys = [Key.parse(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (BadNote, UnicodeDecodeError) as error:
        raise NotAnExport(f"The verifier key in {path.name} cannot be read: {error}.") from error
    if not keys or any(key.kind != kind for key in keys) or (kind == LOG and len({key.name for key in keys}) > 1):
        raise NotAnExport(f"{path.name} holds no keys, or not those of one {'log' if kind == LOG else 'kind'}.")
    return keys


def _read(path: Path, history: History, hashes: list[bytes]) -> Iterator[str]:
    """Feed all entries to the history; what is wrong with single ones."""
    first: dict[bytes, int] = {}
    for found, ids, faults in _portions(path):
        for number, event in enumerate(ids):
            line = len(hashes) + number
            if event is not None and first.setdefault(event, line) != line:
                faults[number] = f"its event is that of line {first[event] + 1} too"
        yield from (f"Line {len(hashes) + number + 1}: {faults[number]}." for number in sorted(faults))
        history.add(found)
        hashes += found


def _portions(path: Path) -> Iterator[Lines]:
    if path.stat().st_size <= 2 * PORTION:
        yield from map(check_lines, _parts(path))
        return
    with ProcessPoolExecutor(os.cpu_count(), initializer=gc.disable) as pool:
        yield from pool.map(check_lines, _parts(path))


def _parts(path: Path) -> Iterator[tuple[Path, int, int]]:
    begin, whole = 0, path.stat().st_size
    with path.open("rb") as file:
        while begin < whole:
            file.seek(begin + PORTION)
            file.readline()
            end = min(file.tell(), whole)
            yield path, begin, end - begin
            begin = end


def _first_difference(path: Path, history: History, hashes: list[bytes]) -> list[str]:
    """Name the first line that is not the signed one, if the list of hashes is itself what was signed."""
    content, size = path.read_bytes() if path.exists() else b"", len(leaf_hash(b""))
    listed = [content[n : n + size] for n in range(0, len(content), size)]
    tree = Tree()
    tree.add(listed)
    if (len(listed), tree.root) not in {(one.size, one.root) for one in history.checkpoints}:
        return []
    at = next((n for n, (found, signed) in enumerate(zip_longest(hashes, listed)) if found != signed), None)
    return [f"Line {at + 1} is the first that is not as it was signed."] if at is not None else []


def run(folder: Path, vkeys: Sequence[str] = (), witnesses: Sequence[str] = (), seen: Sequence[str] = ()) -> int:
    """Check an export and print what was found; 0 if it is whole, else 1."""
    try:
        keys, known = ([Key.parse(one) for one in " ".join(given).split()] for given in (vkeys, witnesses))
        verdict = verify(folder, keys, known, [Path(one).read_bytes() for one in seen])
    except (NotAnExport, BadNote, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not verdict.whole:
        problems = "".join(f"  {problem}\n" for problem in verdict.problems[:MOST_TOLD])
        sys.stderr.write(f"The log {verdict.origin} is NOT whole ({len(verdict.problems)} problems):\n{problems}")
        return 1
    size = f"{verdict.entries} entries, {verdict.checkpoints} signed checkpoints"
    size += f", co-signed up to {verdict.witnessed}" if verdict.witnessed else ""
    sys.stdout.write(f"The log {verdict.origin} is whole: {size}, root {verdict.root.hex()}.\n")
    return 0
