from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.audit.domain.merkle import leaf_hashes, root_of
from services.audit.domain.note import Checkpoint, VerifierKey, sign
from services.audit.domain.verify import verify_log

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
ORIGIN = "log.kelmu.example"
KEY = VerifierKey.of(ORIGIN, PRIVATE.public_key())
LEAVES = [f'{{"id":{n}}}'.encode() for n in range(40)]


def note(size: int, leaves: list[bytes] = LEAVES, origin: str = ORIGIN) -> bytes:
    return sign(Checkpoint(origin, size, root_of(leaf_hashes(leaves[:size]))), PRIVATE).encode()


def notes(*sizes: int) -> dict[str, bytes]:
    return {str(size): note(size) for size in sizes}


def test_a_whole_log_verifies() -> None:
    verdict = verify_log(LEAVES, notes(40, 0, 7, 16), KEY)
    assert verdict.whole
    assert (verdict.entries, verdict.checkpoints, verdict.origin) == (40, 4, ORIGIN)
    assert verdict.root == root_of(leaf_hashes(LEAVES))


def test_an_empty_log_verifies_under_its_empty_checkpoint() -> None:
    assert verify_log([], notes(0), KEY).whole


@pytest.mark.parametrize(
    ("line", "where"), [(0, "line 1 and line 7"), (7, "line 8 and line 16"), (39, "line 17 and line 40")]
)
def test_one_changed_byte_is_found_between_two_checkpoints(line: int, where: str) -> None:
    changed = [*LEAVES[:line], LEAVES[line].replace(b"i", b"j"), *LEAVES[line + 1 :]]
    verdict = verify_log(changed, notes(7, 16, 40), KEY)
    assert not verdict.whole
    (problem,) = verdict.problems
    assert where in problem


@pytest.mark.parametrize(
    ("leaves", "why"),
    [
        (LEAVES[:39], "Entries are missing: there are 39, and checkpoint 40 covers 40"),
        ([*LEAVES, b"{}"], "Lines 41 to 41 are covered by no checkpoint"),
        ([LEAVES[1], LEAVES[0], *LEAVES[2:]], "Between line 1 and line 40"),
        (LEAVES[1:], "Entries are missing"),
    ],
)
def test_missing_added_and_reordered_entries_are_told(leaves: list[bytes], why: str) -> None:
    problems = verify_log(leaves, notes(40), KEY).problems
    assert any(why in problem for problem in problems)


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ({}, "no checkpoint"),
        ({"40": note(40).replace(b"\n40\n", b"\n41\n")}, "does not hold"),
        ({"40": note(40, origin="other.example")}, "not signed by"),
        ({"41": note(40)}, "signed for 40 entries, not for 41"),
        ({"040": note(40)}, "not for 040"),
        ({"40": b"rubbish"}, "a note is text"),
    ],
)
def test_a_bad_checkpoint_is_told(kept: dict[str, bytes], why: str) -> None:
    problems = verify_log(LEAVES, kept, KEY).problems
    assert any(why in problem for problem in problems)


def test_two_signed_histories_are_told() -> None:
    forked = [b"other", *LEAVES[1:]]
    problems = verify_log(LEAVES, {"7": note(7, forked), "40": note(40)}, KEY).problems
    assert any("two different histories" in problem for problem in problems)


def test_another_key_vouches_for_nothing() -> None:
    other = replace(KEY, public=bytes(32))
    assert not verify_log(LEAVES, notes(40), other).whole
