"""Exports made by somebody who wants a bad one to pass: none does, and none writes on the reader's screen."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.harness.logs import LOG_KEY, ORIGIN, Export, entry, note, whole
from verifier.export import NotAnExport, run, verify
from verifier.notes import Key

LOG = whole([0, 7, 16, 40])
ENTRIES = LOG.entries
NEW_SECRET = Ed25519PrivateKey.from_private_bytes(bytes([9] * 32))
NEW_KEY = Key(ORIGIN, LOG_KEY.kind, NEW_SECRET.public_key().public_bytes_raw())
BOTH = [LOG_KEY, NEW_KEY]


def written(export: Export, folder: Path, *keys: Key) -> Path:
    export.write(folder / "export").joinpath("log.vkey").write_text("".join(f"{key}\n" for key in keys or [LOG_KEY]))
    return folder / "export"


def rotated(**more: bytes) -> Export:
    """Signed by the old key up to entry 16, then by the new one."""
    notes = {"7": note(ENTRIES, 7), "16": note(ENTRIES, 16), "30": note(ENTRIES, 30, secret=NEW_SECRET)}
    return replace(LOG, notes=notes | {"40": note(ENTRIES, 40, secret=NEW_SECRET)} | more)


def test_a_key_that_was_replaced_signs_nothing_new(tmp_path: Path) -> None:
    assert verify(written(rotated(), tmp_path, *BOTH), BOTH).whole
    late = rotated(**{"40": note(ENTRIES, 40)})
    assert verify(written(late, tmp_path, *BOTH), BOTH).problems == (
        "Checkpoint 40 is signed by a key that had been replaced by then.",
    )
    assert not verify(written(rotated(), tmp_path, *BOTH), BOTH, seen=[note(ENTRIES, 33)]).whole


def test_a_whole_log_made_anew_with_a_key_that_was_replaced_is_refused(tmp_path: Path) -> None:
    forged = whole([7, 16, 40], [*ENTRIES[:39], entry(77)])
    assert verify(written(forged, tmp_path), [LOG_KEY]).whole, "whoever knows of no other key can see nothing"
    for stated in ([LOG_KEY], BOTH, [*reversed(BOTH)]):
        told = verify(written(forged, tmp_path, *stated), BOTH).problems
        assert told == (
            "The log's newest key has signed nothing: an older one, replaced since, vouches for no log now.",
        )


def test_a_log_that_is_trusted_too_cannot_stand_in_for_another(tmp_path: Path) -> None:
    other = Key("log.elsewhere.test", LOG_KEY.kind, NEW_KEY.public)
    entries = [*ENTRIES[:39], entry(77)]
    swapped = Export(tuple(entries), {"40": note(entries, 40, secret=NEW_SECRET, origin=other.name)})
    for known in ([LOG_KEY, other], [other, LOG_KEY]):
        assert not verify(written(swapped, tmp_path), known).whole
        assert verify(written(LOG, tmp_path), known).whole


ODD = {
    "a carriage return": ENTRIES[9] + b"\r",
    "a byte order mark": b"\xef\xbb\xbf" + ENTRIES[9],
    "one name twice": ENTRIES[9].replace(b'{"agreement"', b'{"agreement":"A","agreement"'),
    "no number": ENTRIES[9].replace(b"0.5", b"NaN"),
    "endlessly much": ENTRIES[9].replace(b"0.5", b"-Infinity"),
    "another spelling of a number": ENTRIES[9].replace(b"0.5", b"5e-1"),
    "a long number": ENTRIES[9].replace(b"0.5", b"1" * 5_000),
    "half a character": ENTRIES[9].replace("Ä".encode(), b"\\ud800"),
    "a composed letter taken apart": ENTRIES[9].replace("Ä".encode(), "A\u0308".encode()),
    "an overlong letter": ENTRIES[9].replace(b"A-091", b"\xc1\x81-091"),
    "a mountain of brackets": b"[" * 200_000,
    "a long line": ENTRIES[9].replace(b"look-up", b"x" * 5_000_000),
    "a line separator": ENTRIES[9].replace(b"look-up", "look\u2028up".encode()),
}


@pytest.mark.parametrize("line", ODD.values(), ids=ODD)
def test_no_other_spelling_of_a_line_passes(tmp_path: Path, line: bytes) -> None:
    folder = replace(LOG, entries=(*ENTRIES[:9], line, *ENTRIES[10:])).write(tmp_path / "export")
    assert not verify(folder).whole


# Entries that the log could have written: only the signed root tells them from what it did write.
READABLE_ALL_THE_SAME = {
    "another spelling of a number",
    "a composed letter taken apart",
    "a long line",
    "a line separator",
}


@pytest.mark.parametrize("line", [ODD[name] for name in ODD if name not in READABLE_ALL_THE_SAME])
def test_no_other_spelling_passes_even_when_it_is_what_was_signed(tmp_path: Path, line: bytes) -> None:
    entries = (*ENTRIES[:9], line, *ENTRIES[10:])
    assert "Line 10:" in str(verify(whole([40], entries).write(tmp_path / "export")).problems)


def with_lines(signed: bytes, *lines: str) -> bytes:
    return signed + "".join(f"{line}\n" for line in lines).encode()


STRANGER = f"— {ORIGIN} {base64.b64encode(bytes(68)).decode()}"
WRONG = f"— {ORIGIN} {base64.b64encode(LOG_KEY.id + bytes(64)).decode()}"


def test_signatures_of_strangers_are_passed_over_and_a_wrong_one_of_the_log_spoils_all(tmp_path: Path) -> None:
    for lines, good in (([STRANGER] * 3, True), ([STRANGER, WRONG], False), (["nothing"], False), ([""], False)):
        export = replace(LOG, notes={"40": with_lines(LOG.notes["40"], *lines)})
        assert verify(export.write(tmp_path / "export"), [LOG_KEY]).whole is good


def test_a_right_signature_under_a_wrong_root_or_an_empty_tree_of_forty_is_told(tmp_path: Path) -> None:
    for notes in ({"40": note([entry(7)] * 40, 40)}, {"0": note(ENTRIES, 0)}):
        assert not verify(replace(LOG, notes=notes).write(tmp_path / "export"), [LOG_KEY]).whole


def test_nothing_in_an_export_writes_on_the_readers_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trick = Key("\x1b[2Jthe.log", LOG_KEY.kind, LOG_KEY.public)
    with pytest.raises(NotAnExport, match="cannot be read"):
        verify(written(LOG, tmp_path, trick))
    signed = replace(LOG, notes=LOG.notes | {"x\x1b[2J\r": b"rubbish", "y": with_lines(LOG.notes["7"], "\x1b[2J")})
    assert run(written(signed, tmp_path)) == 1
    assert not {"\x1b", "\r"} & set(capsys.readouterr().err)
