"""The claim number (vaatimuksen numero), such as MV-2016-7K3QX-9TB4M2.

It follows from the claim's id and not from a counter: a claim that is registered again after the database was
restored keeps the number that its receipt told, in whatever order the requests are read, and no two registrations
wait for one another. Ten characters of Crockford's base32 (no I, L, O, U) are 50 bits: at 300 000 claims a year two
meet in one year of twenty-five thousand, and then the table's unique constraint refuses the second loudly. The last
character is a check (ISO 7064, the hybrid system over these 32), which finds every single wrong character and nearly
every swap of neighbours. The groups are too short to be taken for an identity code.
"""

import re
from typing import Final
from uuid import UUID

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS: Final = 10
FIRST_GROUP: Final = 5
_FORM: Final = re.compile(rf"MV-\d{{4}}-([{ALPHABET}]{{{FIRST_GROUP}}})-([{ALPHABET}]{{{DIGITS + 1 - FIRST_GROUP}}})")


def number_of(claim: UUID, year: int) -> str:
    """The number of a claim that arrived in this Helsinki year."""
    # The low bits of a derived id are all hash; the version and variant bits stand above them.
    rest = claim.int
    digits = ""
    for _ in range(DIGITS):
        rest, digit = divmod(rest, len(ALPHABET))
        digits += ALPHABET[digit]
    digits += mod_37_36.calc_check_digit(digits, ALPHABET)
    return f"MV-{year}-{digits[:FIRST_GROUP]}-{digits[FIRST_GROUP:]}"


def well_formed(number: str) -> bool:
    """Whether the text has the form of a claim number and its check character holds."""
    found = _FORM.fullmatch(number)
    if found is None:
        return False
    try:
        mod_37_36.validate("".join(found.groups()), ALPHABET)
    except ValidationError:
        return False
    return True
