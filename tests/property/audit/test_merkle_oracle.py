"""The fast tree against a slow one written straight from RFC 6962 section 2.1."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.audit.domain.merkle import CompactRange, leaf_hash, leaf_hashes, root_of
from services.audit.domain.proofs import (
    consistency_proof,
    inclusion_proof,
    verify_inclusion,
)
from verifier.tree import consistency_holds

entries = st.lists(st.binary(max_size=8), max_size=70)
some_entries = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1."""
    if not d:
        return sha256().digest()
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    k = power_below(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: Sequence[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(d) == 1:
        return []
    k = power_below(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.2."""
    n = len(d)
    if m == n:
        return [] if whole else [mth(d)]
    k = power_below(n)
    if m <= k:
        return [*subproof(m, d[:k], whole=whole), mth(d[k:])]
    return [*subproof(m - k, d[k:], whole=False), mth(d[:k])]


@given(entries)
def test_root_equals_the_recursive_definition(d: list[bytes]) -> None:
    assert root_of(leaf_hashes(d)) == mth(d)


@given(entries, st.lists(st.integers(0, 70), max_size=6))
def test_any_division_into_batches_gives_the_same_range(d: list[bytes], cuts: list[int]) -> None:
    hashes = leaf_hashes(d)
    one_by_one = batched = CompactRange()
    for leaf in hashes:
        one_by_one = one_by_one.append(leaf)
    bounds = [0, *sorted(min(cut, len(d)) for cut in cuts), len(d)]
    for low, high in pairwise(bounds):
        batched = batched.extend(hashes[low:high])
        assert batched.root == mth(d[:high])
    assert one_by_one == batched
    assert batched.size == len(d)


@given(some_entries, st.data())
def test_inclusion_proofs_equal_the_definition_and_verify(d: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(d) - 1))
    proof = inclusion_proof(leaf_hashes(d), index)
    assert list(proof) == path(index, d)
    leaf = leaf_hash(d[index])
    assert verify_inclusion(index=index, size=len(d), leaf=leaf, proof=proof, root=mth(d))
    assert not verify_inclusion(index=index, size=len(d), leaf=leaf_hash(d[index] + b"!"), proof=proof, root=mth(d))
    assert not verify_inclusion(index=index, size=len(d), leaf=leaf, proof=(*proof, leaf), root=mth(d))
    assert not verify_inclusion(index=len(d), size=len(d), leaf=leaf, proof=proof, root=mth(d))
    if proof:
        assert not verify_inclusion(index=index, size=len(d), leaf=leaf, proof=proof[:-1], root=mth(d))


@given(some_entries, st.data())
def test_consistency_proofs_equal_the_definition_and_verify(d: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(d)))
    proof = consistency_proof(leaf_hashes(d), old)
    assert list(proof) == subproof(old, d, whole=True)
    old_root, root = mth(d[:old]), mth(d)
    assert consistency_holds(old, old_root, len(d), root, proof)
    forged = mth([*d[: old - 1], d[old - 1] + b"!"])
    assert not consistency_holds(old, forged, len(d), root, proof)
    assert not consistency_holds(old, old_root, len(d), root, (*proof, root))
    if proof:
        assert not consistency_holds(old, old_root, len(d), root, proof[1:])
