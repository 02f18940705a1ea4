"""What a witness signs and what it refuses."""

import pytest

from services.audit.domain.merkle import leaf_hashes, root_of
from services.audit.domain.proofs import consistency_proof
from services.witness.domain.judging import NOTHING, Finding, Signed, judge
from verifier.notes import Checkpoint

HASHES = leaf_hashes(str(n).encode() for n in range(40))
OTHERS = [*leaf_hashes([b"other"]), *HASHES[1:]]


def offered(size: int, hashes: list[bytes] = HASHES) -> Checkpoint:
    return Checkpoint("log.kelmu.test", size, root_of(hashes[:size]), "", ())


def signed(size: int) -> Signed:
    return Signed(size, root_of(HASHES[:size]))


@pytest.mark.parametrize(("old", "new"), [(1, 2), (7, 16), (16, 40), (39, 40), (32, 33)])
def test_a_log_that_only_grew_is_signed(old: int, new: int) -> None:
    assert judge(signed(old), offered(new), old, consistency_proof(HASHES[:new], old)) is None


def test_the_first_checkpoint_and_the_same_one_again_are_fine() -> None:
    assert judge(NOTHING, offered(0), 0, ()) is None
    assert judge(NOTHING, offered(7), 3, consistency_proof(HASHES[:7], 3)) is None
    assert judge(signed(7), offered(7), 3, ()) is None


@pytest.mark.parametrize(
    ("checkpoint", "previous", "proof", "finding"),
    [
        (offered(6), 5, consistency_proof(HASHES[:6], 5), Finding.SMALLER),
        (offered(7, OTHERS), 6, (), Finding.FORKED),
        (offered(16, OTHERS), 7, consistency_proof(OTHERS[:16], 7), Finding.FORKED),
        (offered(16, OTHERS), 7, consistency_proof(HASHES[:16], 7), Finding.FORKED),
        (offered(16), 7, (), Finding.FORKED),
        (offered(16), 9, consistency_proof(HASHES[:16], 9), Finding.UNPROVEN),
    ],
)
def test_a_smaller_a_forked_and_an_unproven_log_are_refused(
    checkpoint: Checkpoint, previous: int, proof: tuple[bytes, ...], finding: Finding
) -> None:
    refusal = judge(signed(7), checkpoint, previous, proof)
    assert refusal is not None
    assert refusal.finding == finding
