"""Checking an export: a folder with entries, signed checkpoints and keys."""

import gc
import os
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from verifier.entries import BadEntry, event_of
from verifier.notes import LOG, WITNESS, BadNote, Checkpoint, Key, open_checkpoint
from verifier.tree import EMPTY, Tree, cut, leaf_hash

ENTRIES, CHECKPOINTS, LOG_KEYS, WITNESS_KEYS = "entries.jsonl", "checkpoints", "log.vkey", "witness.vkey"
HASHES = "leaf-hashes"  # optional, signed by nobody: if they lead to a signed root, they name the first wrong line
MOST_TOLD, HASH, ID = 20, len(EMPTY), 16
PORTION = 8_000_000  # bytes read at once, up to the end of a line; of more than two portions each core checks some
Keys = Sequence[Key]
Lines = tuple[bytes, bytes, dict[int, str]]  # leaf hashes, event ids (of bad lines: random), what is wrong with which


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
    """Compares leaf hashes, taken in order, with `notes` by the name they are kept under, the size, and `seen` ones."""

    def __init__(self, notes: dict[str, bytes], keys: Keys, witnesses: Keys = (), seen: Iterable[bytes] = ()) -> None:
        self.origin, self.tree, self.roots = keys[0].name, Tree(), {0: EMPTY}
        self.problems, self.checkpoints = list[str](), list[Checkpoint]()
        for name, note in [*notes.items(), *(("that was kept", note) for note in seen)]:
            try:
                self.checkpoints.append(found := open_checkpoint(note, keys, witnesses))
                if name in notes and name != str(found.size):
                    self.problems.append(f"Checkpoint {name} is signed for {found.size} entries, not for {name}.")
            except BadNote as error:
                self.problems.append(f"Checkpoint {name if name.isprintable() else ascii(name)}: {error}.")
        self.checkpoints.sort(key=lambda checkpoint: (checkpoint.size, checkpoint.signer))
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
                where = f"Between line {last + 1} and line {one.size} something is not as it was signed: the root over"
                problems.append(f"{where} {one.size} entries differs from checkpoint {one.size}.")
            if good and not held:
                problems.append(f"Checkpoint {one.size} holds although the one before it, {last}, does not: {forked}.")
            last, held = one.size, good
        for before, after in pairwise(self.checkpoints):
            if before.size == after.size and before.root != after.root:
                problems.append(f"Two different roots are signed for {after.size} entries: {forked}.")
        newest = accumulate((one.signer for one in self.checkpoints), max)
        behind = (one.size for one, key in zip(self.checkpoints, newest, strict=True) if one.signer < key)
        return problems + [f"Checkpoint {size} is signed by a key that had been replaced by then." for size in behind]

    def _uncovered(self, entries: int, *, growing: bool) -> list[str]:
        if not self.checkpoints:
            return ["There is no checkpoint with a valid signature: nothing vouches for these entries."]
        if entries < self.newest:
            return [f"Entries are missing: there are {entries}, and checkpoint {self.newest} covers {self.newest}."]
        more = range(self.newest + 1, 0 if growing else entries + 1)
        return [f"Lines {more[0]} to {more[-1]} are covered by no checkpoint."] if more else []


def verify(folder: Path, keys: Keys = (), witnesses: Keys = (), seen: Sequence[bytes] = ()) -> Verdict:
    """Check an export with nothing but its own files and what the reader knows; `NotAnExport` if it is none.

    Without `keys` (oldest first) the export's own are believed: it is whole, but not whose. The newest key must have
    signed the newest checkpoint, and one of the `witnesses`, if given, too. What was `seen` elsewhere must be in it.
    """
    if missing := [name for name in (ENTRIES, CHECKPOINTS, LOG_KEYS) if not (folder / name).exists()]:
        raise NotAnExport(f"{folder} is not an export of the log: {', '.join(missing)} is missing.")
    stated = _keys(folder / LOG_KEYS, LOG)
    if keys and not set(keys) & set(stated):
        raise NotAnExport(f"The export is signed by {stated[0]}, not by the log that is trusted: {keys[0]}.")
    trusted = [key for key in keys or stated if key.name == stated[0].name]
    known = witnesses or (_keys(folder / WITNESS_KEYS, WITNESS) if (folder / WITNESS_KEYS).exists() else ())
    notes = {path.stem: path.read_bytes() for path in sorted((folder / CHECKPOINTS).iterdir())}
    history = History(notes, trusted, known, seen)
    hashes, faults = _read(folder / ENTRIES, history)
    if history.disagreements() or history.tree.size != history.newest:
        faults += _first_difference(folder / HASHES, history, hashes)
    if history.checkpoints and max(one.signer for one in history.checkpoints) < len(trusted) - 1:
        faults.append("The log's newest key has signed nothing: an older one, replaced since, vouches for no log now.")
    if witnesses and history.witnessed < history.tree.size:
        faults.append(f"Lines {history.witnessed + 1} to {history.tree.size} are co-signed by no trusted witness.")
    return history.verdict(faults)


def check_lines(part: tuple[Path, int, int]) -> Lines:
    """Hash and read the lines in a part of a file: path, beginning and length."""
    with part[0].open("rb") as file:
        file.seek(part[1])
        *lines, rest = file.read(part[2]).split(b"\n")
    faults, ids = {len(lines): "the line does not end: the file was cut off"} if rest else {}, list[bytes]()
    lines += [rest] if rest else []
    for number, line in enumerate(lines):
        try:
            ids.append(event_of(line))
        except BadEntry as error:
            ids.append(os.urandom(ID))
            faults.setdefault(number, str(error))
    return b"".join(map(leaf_hash, lines)), b"".join(ids), faults


def _keys(path: Path, kind: bytes) -> list[Key]:
    try:
        keys = [Key.parse(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (BadNote, UnicodeDecodeError) as error:
        raise NotAnExport(f"The verifier key in {path.name} cannot be read: {error}.") from error
    if not keys or any(key.kind != kind for key in keys) or (kind == LOG and len({key.name for key in keys}) > 1):
        raise NotAnExport(f"{path.name} holds no keys, or not those of one {'log' if kind == LOG else 'kind'}.")
    return keys


def _read(path: Path, history: History) -> tuple[bytearray, list[str]]:
    """Feed all entries to the history; their leaf hashes, and what is wrong with single ones."""
    hashes, ids, faults, different = bytearray(), bytearray(), dict[int, str](), set[bytes]()
    with ProcessPoolExecutor(os.cpu_count(), initializer=gc.disable) as pool:  # a pool that is not used costs nothing
        checked = (pool.map if path.stat().st_size > 2 * PORTION else map)(check_lines, _parts(path))
        for found, told, wrong in checked:
            faults |= {history.tree.size + number: text for number, text in wrong.items()}
            history.add(cut(found, HASH))
            different.update(cut(told, ID))
            hashes += found
            ids += told
    if len(different) < history.tree.size:
        first, events = dict[bytes, int](), cut(ids, ID)
        again = [line for line, event in enumerate(events) if first.setdefault(event, line) != line]
        faults |= {line: f"its event is that of line {first[events[line]] + 1} too" for line in again}
    return hashes, [f"Line {line + 1}: {faults[line]}." for line in sorted(faults)]


def _parts(path: Path) -> Iterator[tuple[Path, int, int]]:
    begin, whole = 0, path.stat().st_size
    with path.open("rb") as file:
        while begin < whole:
            file.seek(begin + PORTION)
            file.readline()
            end = min(file.tell(), whole)
            yield path, begin, end - begin
            begin = end


def _first_difference(path: Path, history: History, hashes: bytearray) -> list[str]:
    """Name the first line that is not the signed one, if the list of hashes is itself what was signed."""
    listed, signed = path.read_bytes() if path.exists() else b"", Tree()
    signed.add(cut(listed, HASH))
    if listed == hashes or (signed.size, signed.root) not in {(one.size, one.root) for one in history.checkpoints}:
        return []
    wrong = next(n for n in range(0, len(listed) + 1, HASH) if listed[n : n + HASH] != hashes[n : n + HASH])
    return [f"Line {wrong // HASH + 1} is the first that is not as it was signed."]


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
