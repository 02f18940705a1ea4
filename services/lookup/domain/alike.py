"""What the log may compare of clients whose data were shown: whether they share a surname or an address.

The log holds neither name nor address, and needs none to notice that a worker goes through a family or a house: keyed
hashes suffice. Under a safety prohibition (turvakielto, L 661/2009 36 §) not even the address's hash is given.
"""

from typing import Final, NamedTuple

from shared.contracts.register import Person
from shared.ids import likeness


class Alike(NamedTuple):
    """Keyed hashes of what others may share; None of what is not known or not to be compared."""

    surname: str | None = None
    address: str | None = None


NOTHING: Final = Alike()
"""Nothing was shown, or nothing is to be compared."""


def alike_of(key: bytes, person: Person | None) -> Alike:
    """The hashes of a client.

    Args:
        key: Key of the pseudonyms.
        person: The register's record; None when it has none.
    """
    if person is None:
        return NOTHING
    address = None if person.safety_prohibition else person.address
    return Alike(likeness(key, "surname", person.last_name), likeness(key, "address", address))
