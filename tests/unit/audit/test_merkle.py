"""Known answers: the test tree of the Certificate Transparency reference code."""

import pytest

from services.audit.domain.merkle import EMPTY_ROOT, CompactRange, leaf_hash, leaf_hashes, root_of
from services.audit.domain.proofs import (
    consistency_proof,
    consistency_ranges,
    inclusion_proof,
    inclusion_ranges,
    verify_inclusion,
)
from verifier.tree import consistency_holds

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference_tree(size: int) -> None:
    assert root_of(leaf_hashes(LEAVES[:size])).hex() == ROOTS[size]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert CompactRange().root == EMPTY_ROOT
    assert CompactRange().extend([]) == CompactRange()


def test_a_leaf_is_hashed_under_its_own_prefix() -> None:
    assert leaf_hash(b"").hex() == ROOTS[1]


@pytest.mark.parametrize(("size", "peaks"), [(3, (b"\x00" * 32,)), (-1, ()), (1, (b"short",))])
def test_a_range_that_no_appends_can_reach_is_refused(size: int, peaks: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match="peak"):
        CompactRange(size, peaks)


def test_which_subtrees_a_proof_takes() -> None:
    assert inclusion_ranges(0, 7) == ((1, 2), (2, 4), (4, 7))
    assert inclusion_ranges(6, 7) == ((4, 6), (0, 4))
    assert consistency_ranges(3, 7) == ((2, 3), (3, 4), (0, 2), (4, 7))
    assert consistency_ranges(4, 7) == ((4, 7),)
    assert consistency_ranges(7, 7) == ()


@pytest.mark.parametrize("old", [0, 9])
def test_no_consistency_proof_from_nothing_or_from_the_future(old: int) -> None:
    with pytest.raises(ValueError, match="no proof"):
        consistency_ranges(old, 8)
    assert not consistency_holds(old, b"", 8, b"", ())


def test_no_inclusion_proof_beyond_the_tree() -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_ranges(8, 8)


def test_proofs_of_the_reference_tree_verify_against_its_published_roots() -> None:
    hashes = leaf_hashes(LEAVES)
    root = bytes.fromhex(ROOTS[8])
    for index, leaf in enumerate(hashes):
        proof = inclusion_proof(hashes, index)
        assert verify_inclusion(index=index, size=8, leaf=leaf, proof=proof, root=root)
    for old in range(1, 9):
        proof = consistency_proof(hashes, old)
        old_root = bytes.fromhex(ROOTS[old])
        assert consistency_holds(old, old_root, 8, root, proof)
