"""Proofs made here hold in pymerkle, an implementation that shares no line with this one, and in the verifier."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import ConsistencyProof, InclusionProof, InmemoryTree, InvalidProof, verify_consistency, verify_inclusion

from services.audit.domain.merkle import leaf_hashes, node_hash, root_of
from services.audit.domain.proofs import consistency_proof, inclusion_proof
from services.audit.domain.subtrees import consistency_from
from verifier.tree import consistency_holds, inclusion_holds

COUNT: Final = 70
LEAVES: Final = [f"entry {n}".encode() for n in range(COUNT)]
HASHES: Final = leaf_hashes(LEAVES)
SIZES = st.integers(1, COUNT)


def theirs() -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for leaf in LEAVES:
        tree.append_entry(leaf)
    return tree


THEIRS: Final = theirs()


@settings(max_examples=150, deadline=None)
@given(SIZES, st.data())
def test_an_inclusion_proof_holds_in_the_other_implementation(size: int, data: st.DataObject) -> None:
    index, root = data.draw(st.integers(0, size - 1)), root_of(HASHES[:size])
    made = inclusion_proof(HASHES[:size], index)
    shape = THEIRS.prove_inclusion(index + 1, size)
    proof = InclusionProof("sha256", True, size, index + 1, shape.rule, [HASHES[index], *made])  # noqa: FBT003 - theirs
    verify_inclusion(HASHES[index], root, proof, index=index + 1, size=size)
    assert inclusion_holds(HASHES[index], index, size, made, root)
    with pytest.raises(InvalidProof):
        verify_inclusion(HASHES[index], bytes(32), proof, index=index + 1, size=size)


@settings(max_examples=150, deadline=None)
@given(SIZES, SIZES)
def test_a_consistency_proof_holds_in_the_other_implementation(one: int, other: int) -> None:
    """Theirs opens the subtree in which the old tree ends down to its leaf; of all others it has the hashes of ours."""
    old, new = sorted((one, other))
    roots = root_of(HASHES[:old]), root_of(HASHES[:new])
    made = consistency_proof(HASHES[:new], old)
    assert made == consistency_from(old, new, lambda tree: root_of(HASHES[slice(*tree.leaves)]))
    assert consistency_holds(old, roots[0], new, roots[1], made)
    assert old == new or not consistency_holds(old, roots[0], new, bytes(32), made)
    if old == new:
        return
    shape = THEIRS.prove_consistency(old, new)
    hashes = list(made) if old & (old - 1) else [roots[0], *made]
    opened = shape.path[: len(shape.path) - len(hashes) + 1]
    whole = opened[0]
    for bit, beside in zip(shape.rule, opened[1:], strict=False):
        whole = node_hash(beside, whole) if bit else node_hash(whole, beside)
    assert whole in hashes
    path = [*opened, *(found for found in hashes if found != whole)]
    proof = ConsistencyProof("sha256", True, new, old, shape.rule, shape.subset, path)  # noqa: FBT003 - theirs
    verify_consistency(*roots, proof, prior_size=old, later_size=new)
