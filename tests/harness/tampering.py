"""Random changes to an export of the log, each of a known kind, all of which a verifier must find."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from tests.harness.logs import LOG_KEY, LOG_SECRET, WITNESS_KEY, Export, cosigned, entry, note, whole
from verifier.export import Verdict, verify
from verifier.notes import Key

Change = Callable[[random.Random, Export, Path], int | None]
"""Changes the files in the folder; the first line (from 1) that is wrong, where one is."""
SIZES: Final = ((3,), (2, 9), (4, 8, 16), (5, 23), (0, 31), (29, 30, 53))


@lru_cache
def log_of(sizes: tuple[int, ...]) -> Export:
    """A whole log with checkpoints of these sizes."""
    return whole(sizes)


def _put(folder: Path, entries: list[bytes]) -> None:
    (folder / "entries.jsonl").write_bytes(b"".join(one + b"\n" for one in entries))


def flip_bit(rnd: random.Random, export: Export, folder: Path) -> int | None:
    content = bytearray((folder / "entries.jsonl").read_bytes())
    at = rnd.randrange(len(content))
    content[at] ^= 1 << rnd.randrange(8)
    (folder / "entries.jsonl").write_bytes(content)
    return export_line(export, at)


def flip_bit_of_note(rnd: random.Random, export: Export, folder: Path) -> None:
    path = folder / "checkpoints" / f"{rnd.choice(sorted(export.notes))}.note"
    content = bytearray(path.read_bytes())
    # Of a signature by somebody else its name may be changed at will: it is then a stranger's, who is not asked.
    vouched = content.rindex("— ".encode()) if path.stem != max(export.notes, key=int) else len(content)
    content[rnd.randrange(vouched)] ^= 1 << rnd.randrange(8)
    path.write_bytes(content)


def delete(rnd: random.Random, export: Export, folder: Path) -> int:
    at = rnd.randrange(len(export.entries))
    _put(folder, [*export.entries[:at], *export.entries[at + 1 :]])
    return at + 1


def swap(rnd: random.Random, export: Export, folder: Path) -> int:
    one, other = sorted(rnd.sample(range(len(export.entries)), 2))
    entries = list(export.entries)
    entries[one], entries[other] = entries[other], entries[one]
    _put(folder, entries)
    return one + 1


def truncate(rnd: random.Random, export: Export, folder: Path) -> int:
    path = folder / "entries.jsonl"
    at = rnd.randrange(path.stat().st_size)
    path.write_bytes(path.read_bytes()[:at])
    return export_line(export, at)


def insert_back_dated(rnd: random.Random, export: Export, folder: Path) -> int:
    at = rnd.randrange(len(export.entries))
    early = entry(1000 + rnd.randrange(1000), time="2016-11-30T10:00:00Z")
    _put(folder, [*export.entries[:at], early, *export.entries[at:]])
    return at + 1


def append(rnd: random.Random, export: Export, folder: Path) -> None:
    _put(folder, [*export.entries, entry(rnd.randrange(10_000, 20_000))])


def log_again(rnd: random.Random, export: Export, folder: Path) -> int:
    at = rnd.randrange(1, len(export.entries))
    _put(folder, [*export.entries[:at], export.entries[rnd.randrange(at)], *export.entries[at + 1 :]])
    return at + 1


def replace_entry(rnd: random.Random, export: Export, folder: Path) -> int:
    at = rnd.randrange(len(export.entries))
    _put(folder, [*export.entries[:at], entry(at, "nothing"), *export.entries[at + 1 :]])
    return at + 1


def replay_old_checkpoint(rnd: random.Random, export: Export, folder: Path) -> None:
    newest = max(export.notes, key=int)
    older = note(export.entries, rnd.randrange(int(newest)))
    (folder / "checkpoints" / f"{newest}.note").write_bytes(cosigned(older) if rnd.random() < 0.5 else older)


def roll_back(rnd: random.Random, export: Export, folder: Path) -> None:
    """The log as it was earlier, every signature valid: found by whoever kept a later checkpoint."""
    size = rnd.randrange(len(export.entries))
    Export(export.entries[:size], {str(size): cosigned(note(export.entries, size))}).write(folder)


def fork(rnd: random.Random, export: Export, folder: Path) -> None:
    """Another history under the log's own key: found by whoever kept a checkpoint, or trusts a witness."""
    at = rnd.randrange(len(export.entries))
    entries = [*export.entries[:at], *(entry(n, "forked") for n in range(at, len(export.entries)))]
    sizes = [int(name) for name in export.notes if int(name)]
    honest = {str(size): export.notes[str(size)] for size in sizes if size <= at or rnd.random() < 0.2}
    Export(tuple(entries), {str(size): note(entries, size, LOG_SECRET) for size in sizes} | honest).write(folder)


CHANGES: Final[tuple[Change, ...]] = (
    flip_bit,
    flip_bit_of_note,
    delete,
    swap,
    truncate,
    insert_back_dated,
    append,
    log_again,
    replace_entry,
    replay_old_checkpoint,
    roll_back,
    fork,
)


def export_line(export: Export, at: int) -> int:
    """The line in which a byte of the entries' file lies."""
    return b"".join(one + b"\n" for one in export.entries)[:at].count(b"\n") + 1


@dataclass(frozen=True)
class Tried:
    """One change and what the verifier said."""

    seed: int
    change: str
    line: int | None
    verdict: Verdict

    @property
    def missed(self) -> bool:
        """Whether the change was not found, or its line not named."""
        named = self.line is None or any(
            text.startswith((f"Line {self.line} is", f"Line {self.line}:")) for text in self.verdict.problems
        )
        return self.verdict.whole or not named


def tried(seeds: range, folder: Path) -> Iterator[Tried]:
    """Make one random change for each seed, and verify as a reader who knows the log's key and one checkpoint."""
    for seed in seeds:
        rnd = random.Random(seed)
        export, change = log_of(rnd.choice(SIZES)), rnd.choice(CHANGES)
        # A folder for each log, so that only what a change touched need be written anew.
        place = folder / str(len(export.entries))
        export.write(place)
        line = change(rnd, export, place)
        yield Tried(seed, change.__name__, line, verify(place, [LOG_KEY], *_known(rnd, change, export)))


def _known(rnd: random.Random, change: Change, export: Export) -> tuple[list[Key], list[bytes]]:
    """What only somebody with a witness's key or a checkpoint of their own can find, they find."""
    if change is flip_bit_of_note or (change is fork and rnd.random() < 0.5):
        return [WITNESS_KEY], []
    return [], [export.newest] if change in (fork, roll_back) else []
