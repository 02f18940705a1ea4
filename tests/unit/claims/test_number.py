"""Claim numbers: derived, checkable, and never to be taken for an identity code."""

from uuid import UUID

from services.claims.domain.number import number_of, well_formed
from services.claims.events import claim_id
from shared.finnish.identity_code import PATTERN
from shared.ids import event_id, salt

CLAIM = claim_id("0171450-7", "key-1")


def test_given_the_same_claim_then_its_number_is_the_same_and_another_claim_has_another() -> None:
    assert number_of(CLAIM, 2016) == number_of(UUID(str(CLAIM)), 2016)
    numbers = {number_of(claim_id("0171450-7", f"key-{n}"), 2016) for n in range(2_000)}
    assert len(numbers) == 2_000
    assert all(well_formed(number) for number in numbers)


def test_given_one_wrong_character_then_the_check_finds_it() -> None:
    number = number_of(CLAIM, 2016)
    for at in range(8, len(number)):
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            typed = number[:at] + other + number[at + 1 :]
            assert well_formed(typed) == (typed == number)
    assert not well_formed("MV-2016-000123")


def test_given_numbers_that_are_all_digits_then_none_looks_like_an_identity_code() -> None:
    assert PATTERN.search("MV-2016-01018-090152 MV-2016-29020-0A950Y") is None


def test_given_an_event_then_its_salt_is_the_same_and_needs_the_key() -> None:
    event, other = event_id("claim-registered", "a"), event_id("claim-registered", "b")
    assert salt(b"k" * 32, event) == salt(b"k" * 32, event)
    assert len({salt(b"k" * 32, event), salt(b"k" * 32, other), salt(b"x" * 32, event)}) == 3
    assert len(bytes.fromhex(salt(b"k" * 32, event))) == 16
