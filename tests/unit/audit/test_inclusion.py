"""Proofs of single events: made from complete subtrees they are those of the whole tree, and every fault is found."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from services.audit.commands import app
from services.audit.domain.inclusion import InclusionProof, ProofError, read_proof
from services.audit.domain.leaf import clear_leaf
from services.audit.domain.merkle import CompactRange, leaf_hashes
from services.audit.domain.note import Checkpoint, VerifierKey, sign
from services.audit.domain.proofs import inclusion_proof
from services.audit.domain.subtrees import BLOCK, STORED_HEIGHT, Subtree, cover, inclusion_from, needed, small_hash
from services.audit.proof_store import Completed

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


def test_a_proof_survives_writing_and_reading_and_holds() -> None:
    proof = read_proof(proof_of().document())
    assert proof == proof_of()
    proof.check(KEY)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("event", str(UUID(int=0)), "is that of event"),
        ("entry", 2, "does not stand"),
        ("entry", 3, "does not stand"),
        ("entry", True, "not the JSON of a proof"),
        ("entry", "1", "not the JSON of a proof"),
        ("leaf", "{}", "leaf hash is not"),
        ("leaf_hash", "00" * 32, "leaf hash is not"),
        ("path", [], "does not stand"),
        ("path", ["!"], "not the JSON of a proof"),
        ("checkpoint", "log.kelmu.test\n3\nAAAA\n", "note"),
        ("form", "kelmu.audit.proof.v2", "form"),
        ("leaf", None, "not the JSON of a proof"),
    ],
)
def test_a_proof_with_one_thing_changed_does_not_hold(name: str, value: object, why: str) -> None:
    fields = json.loads(proof_of().document())
    with pytest.raises(ProofError, match=why):
        read_proof(json.dumps({**fields, name: value}).encode()).check(KEY)


def test_a_proof_signed_by_another_key_does_not_hold() -> None:
    with pytest.raises(ProofError, match="not signed by"):
        proof_of().check(OTHER_KEY)


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
