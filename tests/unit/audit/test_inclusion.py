"""Proofs of single events: made from complete subtrees they are those of the whole tree, and every fault is found."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from services.audit.commands import app
from services.audit.domain.inclusion import InclusionProof, ProofError, signed
from services.audit.domain.leaf import clear_leaf
from services.audit.domain.merkle import CompactRange, leaf_hashes
from services.audit.domain.note import Checkpoint, VerifierKey, sign
from services.audit.domain.proofs import inclusion_proof
from services.audit.domain.subtrees import BLOCK, STORED_HEIGHT, Subtree, cover, inclusion_from, needed, small_hash
from services.audit.proof_store import Completed
from verifier.entries import check_proof
from verifier.notes import Key

SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = VerifierKey.of("log.kelmu.test", SECRET.public_key())
OTHER_KEY = VerifierKey.of("log.kelmu.test", Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key())
COUNT = 5 * BLOCK + 77
HASHES = leaf_hashes(str(n).encode() for n in range(COUNT))


def stored_after(*batches: int) -> dict[Subtree, bytes]:
    """What appending in these batches stores of the first leaves."""
    completed, tree = Completed(), CompactRange()
    for count in batches:
        tree = tree.extend(HASHES[tree.size : tree.size + count], completed)
    return {Subtree(height, position): found for height, position, found in completed.rows}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=4), st.data())
def test_a_proof_from_stored_subtrees_is_the_proof_of_the_whole_tree(batches: list[int], data: st.DataObject) -> None:
    size = min(sum(batches), COUNT)
    stored = stored_after(*batches)
    index = data.draw(st.integers(0, size - 1))

    def hash_of(tree: Subtree) -> bytes:
        if tree.height >= STORED_HEIGHT:
            return stored[tree]
        first = tree.leaves[0] // BLOCK * BLOCK
        return small_hash(tree, HASHES[first : min(first + BLOCK, size)])

    assert inclusion_from(index, size, hash_of) == inclusion_proof(HASHES[:size], index)


def test_a_proof_in_a_million_needs_a_few_rows() -> None:
    most = max(len(needed(index, 999_999)) for index in (0, 1, 262_143, 524_288, 999_998))
    assert most <= 2 * 20
    assert cover((0, 7)) == (Subtree(2, 0), Subtree(1, 2), Subtree(0, 6))


def proof_of(place: int = 1) -> InclusionProof:
    events = [UUID(int=n) for n in range(3)]
    at = datetime(2016, 12, 31, 21, tzinfo=UTC)
    leaves = [clear_leaf(one, "kelmu.test.v1", at, b'{"agreement":"A-091"}').leaf for one in events]
    hashes = leaf_hashes(leaves)
    note = sign(Checkpoint(KEY.name, 3, CompactRange().extend(hashes).root), SECRET)
    return InclusionProof(events[place], place, leaves[place], inclusion_proof(hashes, place), note)


def signed_root(proof: InclusionProof) -> Checkpoint:
    return signed(proof.checkpoint, KEY)


def test_a_proof_holds_here_and_its_document_before_the_independent_verifier() -> None:
    proof = proof_of()
    proof.check_against(signed_root(proof))
    assert check_proof(proof.document(), [Key.parse(str(KEY))]).size == 3


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"event": UUID(int=0)}, "is that of event"),
        ({"entry": 2}, "does not stand"),
        ({"entry": 3}, "does not stand"),
        ({"path": ()}, "does not stand"),
        ({"leaf": proof_of(0).leaf, "event": UUID(int=0)}, "does not stand"),
        ({"leaf": b"{}"}, "not the JSON of an entry"),
    ],
)
def test_a_proof_with_one_thing_changed_is_not_given(changed: dict[str, Any], why: str) -> None:
    proof = proof_of()
    with pytest.raises(ProofError, match=why):
        replace(proof, **changed).check_against(signed_root(proof))


def test_a_checkpoint_signed_by_another_key_is_none() -> None:
    with pytest.raises(ProofError, match="not signed by"):
        signed(proof_of().checkpoint, OTHER_KEY)


def test_the_command_checks_a_file_offline_and_names_the_line_that_fails(tmp_path: Path) -> None:
    file = tmp_path / "proofs.jsonl"
    file.write_bytes(proof_of(0).document() + b"\n" + proof_of(2).document() + b"\n")
    (tmp_path / "log.vkey").write_text(f"{KEY}\n")
    good = CliRunner().invoke(app, ["check-proof", str(file), "--vkey", str(tmp_path / "log.vkey")])
    assert (good.exit_code, "2 proofs hold" in good.output) == (0, True)
    file.write_bytes(proof_of(0).document() + b"\nnonsense\n")
    bad = CliRunner().invoke(app, ["check-proof", str(file), "--vkey", str(KEY)])
    assert (bad.exit_code, "Line 2" in bad.output) == (1, True)
    assert CliRunner().invoke(app, ["check-proof", str(file), "--vkey", "nonsense"]).exit_code == 2
    assert CliRunner().invoke(app, ["check-proof", str(tmp_path / "none"), "--vkey", str(KEY)]).exit_code == 2
    file.write_bytes(b"")
    assert CliRunner().invoke(app, ["check-proof", str(file), "--vkey", str(KEY)]).exit_code == 1
