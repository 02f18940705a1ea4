"""What the log may compare of a client: keyed hashes, none of an address that is protected."""

from services.lookup.domain.alike import Alike, alike_of
from shared.contracts.register import Person

KEY = bytes(32)
PERSON = Person(
    identity_code="010180-9015",
    last_name="Testi-Korhonen",
    first_names="Aino",
    municipality="091",
    language="fi",
    address="Testikatu 1 A 2",
)


def test_given_other_case_and_spacing_then_the_hashes_are_the_same_and_hold_nothing_in_clear() -> None:
    one = alike_of(KEY, PERSON)
    other = PERSON.model_copy(update={"last_name": " TESTI-KORHONEN ", "address": "testikatu  1 a 2"})
    assert alike_of(KEY, other) == one
    assert "korhonen" not in str(one).casefold()


def test_given_another_name_label_or_key_then_the_hashes_differ() -> None:
    one = alike_of(KEY, PERSON)
    assert alike_of(KEY, PERSON.model_copy(update={"last_name": "Korhonen"})).surname != one.surname
    assert alike_of(bytes(31) + b"x", PERSON).surname != one.surname
    same = alike_of(KEY, PERSON.model_copy(update={"address": PERSON.last_name}))
    assert same.address != same.surname


def test_given_a_safety_prohibition_then_the_address_is_not_compared() -> None:
    protected = alike_of(KEY, PERSON.model_copy(update={"safety_prohibition": True}))
    assert protected == Alike(surname=alike_of(KEY, PERSON).surname, address=None)


def test_given_no_record_or_no_address_then_there_is_nothing_to_compare() -> None:
    assert alike_of(KEY, None) == Alike()
    assert alike_of(KEY, PERSON.model_copy(update={"address": "  "})).address is None
