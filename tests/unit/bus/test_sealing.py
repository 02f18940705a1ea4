import os
from uuid import uuid4

import pytest

from shared.bus.sealing import KeyRing, Unsealable, commit

ID = uuid4()
TYPE = "kelmu.access.decided.v1"


def ring(**sets: dict[str, bytes]) -> KeyRing:
    return KeyRing(sets)


def test_what_is_sealed_opens_for_the_same_event() -> None:
    keys = ring(access={"1": os.urandom(32)})
    assert keys.open(keys.seal("access", b"personal", id=ID, type=TYPE), id=ID, type=TYPE) == b"personal"


def test_a_sealed_part_moved_to_another_event_does_not_open() -> None:
    keys = ring(access={"1": os.urandom(32)})
    sealed = keys.seal("access", b"personal", id=ID, type=TYPE)
    with pytest.raises(Unsealable):
        keys.open(sealed, id=uuid4(), type=TYPE)
    with pytest.raises(Unsealable):
        keys.open(sealed, id=ID, type="kelmu.claims.registered.v1")


def test_old_messages_open_after_a_rotation_and_new_ones_use_the_new_key() -> None:
    old = os.urandom(32)
    sealed = ring(access={"1": old}).seal("access", b"personal", id=ID, type=TYPE)
    rotated = ring(access={"1": old, "10": os.urandom(32), "9": os.urandom(32)})
    assert rotated.open(sealed, id=ID, type=TYPE) == b"personal"
    assert rotated.seal("access", b"x", id=ID, type=TYPE).startswith("access.10.")


@pytest.mark.parametrize(
    "sealed", ["", "access", "access.1", "access.1.", "access.1.!!!!", "other.1.AAAA", "access.2.AAAA"]
)
def test_garbage_does_not_open_and_says_so_alike(sealed: str) -> None:
    with pytest.raises(Unsealable):
        ring(access={"1": os.urandom(32)}).open(sealed, id=ID, type=TYPE)


def test_a_process_without_the_key_set_cannot_open() -> None:
    sealed = ring(access={"1": os.urandom(32)}).seal("access", b"personal", id=ID, type=TYPE)
    with pytest.raises(Unsealable):
        ring(claims={"1": os.urandom(32)}).open(sealed, id=ID, type=TYPE)


def test_a_commitment_is_the_sha256_of_the_exact_bytes() -> None:
    assert commit(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_an_event_sealed_again_has_the_same_bytes_and_any_difference_another_nonce() -> None:
    keys = ring(access={"1": os.urandom(32)})
    sealed = keys.seal("access", b"personal", id=ID, type=TYPE)
    assert keys.seal("access", b"personal", id=ID, type=TYPE) == sealed
    others = [
        keys.seal("access", b"other", id=ID, type=TYPE),
        keys.seal("access", b"personal", id=uuid4(), type=TYPE),
        keys.seal("access", b"personal", id=ID, type="kelmu.claims.registered.v1"),
    ]
    assert len({one.split(".")[2][:16] for one in [sealed, *others]}) == 4
