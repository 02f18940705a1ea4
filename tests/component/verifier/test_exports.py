"""An export checked by the verifier alone: whole ones pass, and what is wrong is named with its place."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.harness.logs import LOG_KEY, WITNESS_KEY, Export, cosigned, entry, note, whole
from verifier.export import NotAnExport, run, verify
from verifier.notes import Key

LOG = whole([0, 7, 16, 40])
ENTRIES = LOG.entries
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([9] * 32))


def problems(export: Export, folder: Path, **known: list[Key] | list[bytes]) -> str:
    return "\n".join(verify(export.write(folder / "export"), **known).problems)  # type: ignore[arg-type] # keys or notes


def with_entries(*entries: bytes) -> Export:
    return replace(LOG, entries=entries)


def test_a_whole_export_verifies_and_says_how_far_it_is_witnessed(tmp_path: Path) -> None:
    verdict = verify(LOG.write(tmp_path / "export"), [LOG_KEY], [WITNESS_KEY], [LOG.notes["16"]])
    assert verdict.whole
    assert (verdict.origin, verdict.entries, verdict.checkpoints, verdict.witnessed) == (LOG_KEY.name, 40, 5, 40)


def test_an_empty_log_verifies_under_its_empty_checkpoint(tmp_path: Path) -> None:
    assert problems(whole([0]), tmp_path) == ""


@pytest.mark.parametrize(
    ("line", "between"), [(1, "line 1 and line 7"), (8, "line 8 and line 16"), (40, "line 17 and line 40")]
)
def test_one_changed_entry_is_named_and_lies_between_two_checkpoints(tmp_path: Path, line: int, between: str) -> None:
    changed = [*ENTRIES[: line - 1], entry(line - 1, "nothing"), *ENTRIES[line:]]
    found = problems(with_entries(*changed), tmp_path)
    assert between in found
    (tmp_path / "export" / "leaf-hashes").write_bytes(LOG.write(tmp_path / "true").joinpath("leaf-hashes").read_bytes())
    assert f"Line {line} is the first that is not as it was signed." in verify(tmp_path / "export").problems


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        (ENTRIES[:39], "Entries are missing: there are 39, and checkpoint 40 covers 40"),
        ((*ENTRIES, entry(40)), "Lines 41 to 41 are covered by no checkpoint"),
        ((ENTRIES[1], ENTRIES[0], *ENTRIES[2:]), "Between line 1 and line 7"),
        ((*ENTRIES[:9], ENTRIES[3], *ENTRIES[10:]), "Line 10: its event is that of line 4 too"),
        ((*ENTRIES[:9], b'{"a":1}', *ENTRIES[10:]), "Line 10: the line has not the fields of an entry"),
        ((*ENTRIES[:9], ENTRIES[9] + b" ", *ENTRIES[10:]), "Line 10: the line is not in canonical form"),
        ((*ENTRIES[:9], b"", *ENTRIES[10:]), "Line 10: the line is not the JSON of an entry"),
    ],
)
def test_missing_added_moved_repeated_and_odd_entries_are_told(
    tmp_path: Path, entries: tuple[bytes, ...], why: str
) -> None:
    assert why in problems(with_entries(*entries), tmp_path)


def test_a_file_that_was_cut_off_is_told(tmp_path: Path) -> None:
    path = LOG.write(tmp_path / "export") / "entries.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    assert verify(tmp_path / "export").problems == ("Line 40: the line does not end: the file was cut off.",)


@pytest.mark.parametrize(
    ("notes", "why"),
    [
        ({}, "no checkpoint"),
        ({"40": note(ENTRIES, 40).replace(b"\n40\n", b"\n41\n")}, "does not hold"),
        ({"40": note(ENTRIES, 40, origin="other.example")}, "not signed by"),
        ({"40": note(ENTRIES, 40, secret=STRANGER)}, "not signed by"),
        ({"41": note(ENTRIES, 40)}, "signed for 40 entries, not for 41"),
        ({"040": note(ENTRIES, 40)}, "not for 040"),
        ({"40": b"rubbish"}, "a note is text"),
        ({"40": b"\xff\n\n\n"}, "not signed by the log"),
        ({"40": cosigned(note(ENTRIES, 40)).replace(b"ABZaC8A", b"ABZaC9A")}, "by witness.kelmu.test does not hold"),
        ({"7": note([entry(99)] * 7, 7), "40": note(ENTRIES, 40)}, "signed two different histories"),
    ],
)
def test_a_bad_checkpoint_is_told(tmp_path: Path, notes: dict[str, bytes], why: str) -> None:
    assert why in problems(replace(LOG, notes=notes), tmp_path)


def test_a_log_rolled_back_or_forked_with_its_own_key_contradicts_a_checkpoint_that_somebody_kept(
    tmp_path: Path,
) -> None:
    older, forked = whole([7, 16]), whole([7, 40], [*ENTRIES[:39], entry(77)])
    assert problems(older, tmp_path) == problems(forked, tmp_path) == ""
    assert "Entries are missing" in problems(older, tmp_path, seen=[LOG.notes["40"]])
    assert "Two different roots are signed for 40" in problems(forked, tmp_path, seen=[LOG.notes["40"]])
    assert "Checkpoint that was kept: the signature" in problems(
        LOG, tmp_path, seen=[LOG.notes["40"].replace(b"A", b"B")]
    )


def test_what_no_trusted_witness_has_signed_is_told(tmp_path: Path) -> None:
    half = replace(LOG, notes={"16": cosigned(note(ENTRIES, 16)), "40": note(ENTRIES, 40)})
    assert problems(half, tmp_path) == ""
    assert problems(half, tmp_path, witnesses=[WITNESS_KEY]) == "Lines 17 to 40 are co-signed by no trusted witness."


def test_each_of_several_keys_of_the_log_vouches_for_its_checkpoints(tmp_path: Path) -> None:
    newer = Key(LOG_KEY.name, LOG_KEY.kind, STRANGER.public_key().public_bytes_raw())
    notes = {"16": LOG.notes["16"], "40": note(ENTRIES, 40, secret=STRANGER)}
    folder = replace(LOG, notes=notes).write(tmp_path / "export")
    (folder / "log.vkey").write_text(f"{LOG_KEY}\n{newer}\n")
    assert verify(folder).whole
    assert not verify(folder, [LOG_KEY]).whole


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda folder: (folder / "log.vkey").unlink(), "log.vkey is missing"),
        (lambda folder: (folder / "log.vkey").write_text("a+b+c\n"), "cannot be read"),
        (lambda folder: (folder / "log.vkey").write_text(f"{WITNESS_KEY}\n"), "not those of one log"),
        (lambda folder: (folder / "log.vkey").write_text(""), "holds no keys"),
    ],
)
def test_a_folder_that_is_no_export_is_refused(tmp_path: Path, spoil: Callable[[Path], object], why: str) -> None:
    spoil(LOG.write(tmp_path / "export"))
    with pytest.raises(NotAnExport, match=why):
        verify(tmp_path / "export")


def test_an_export_of_another_log_is_not_believed(tmp_path: Path) -> None:
    other = replace(LOG_KEY, public=bytes(32))
    with pytest.raises(NotAnExport, match="not by the log that is trusted"):
        verify(LOG.write(tmp_path / "export"), [other])


def test_the_command_line_says_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = LOG.write(tmp_path / "export")
    assert run(folder, [str(LOG_KEY)], [str(WITNESS_KEY)]) == 0
    assert "is whole: 40 entries, 4 signed checkpoints, co-signed up to 40" in capsys.readouterr().out
    (folder / "checkpoints" / "40.note").unlink()
    assert run(folder) == 1
    assert "NOT whole (1 problems)" in capsys.readouterr().err
    assert run(tmp_path) == run(folder, ["nonsense"]) == 1
