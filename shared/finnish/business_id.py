"""Finnish business ids (Y-tunnus) and the OVT codes and VAT numbers built on them.

A Y-tunnus is seven digits, a hyphen and a check digit (weights 7 9 10 5 8 4 2, modulo 11; remainder 1 is
never issued); python-stdnum checks it. An OVT code (ISO 6523 scheme 0037) is the address of an e-invoice.
"""

import re
from dataclasses import dataclass

from stdnum.fi import ytunnus

from shared.finnish.errors import FormatError

_BUSINESS_ID = re.compile(r"([0-9]{7})-?([0-9])")
_OVT = re.compile(r"0037([0-9]{8})([0-9A-Z]{0,5})")
_SUFFIX = re.compile(r"[0-9A-Z]{0,5}")


@dataclass(frozen=True, slots=True)
class Ovt:
    """An OVT code taken apart: the organisation's Y-tunnus and its own suffix of at most five characters."""

    business_id: str
    suffix: str = ""

    def __str__(self) -> str:
        return f"0037{self.business_id.replace('-', '')}{self.suffix}"


def parse_business_id(text: str) -> str:
    """Return the Y-tunnus as ``1234567-1``; the hyphen may be missing and space may surround it.

    Raises:
        FormatError: ``business_id.form`` or ``business_id.check_digit``.
    """
    match = _BUSINESS_ID.fullmatch(text.strip())
    if match is None:
        raise FormatError("business_id.form", "This is not a business id.", "Write it as 1234567-1.")
    business_id = f"{match[1]}-{match[2]}"
    if not ytunnus.is_valid(business_id):
        raise FormatError(
            "business_id.check_digit",
            "The last digit of the business id does not match the others.",
            "Compare it with the organisation's entry in the business register (ytj.fi).",
        )
    return business_id


def ovt_code(business_id: str, suffix: str = "") -> str:
    """Return the OVT code of an organisation (12-17 characters).

    Raises:
        FormatError: ``business_id.*``, or ``ovt.suffix`` when the suffix is not 0-5 digits or capitals.
    """
    if not _SUFFIX.fullmatch(suffix):
        raise FormatError("ovt.suffix", "The suffix is not 0-5 digits or capitals.", "Ask the receiver for it.")
    return str(Ovt(parse_business_id(business_id), suffix))


def parse_ovt(text: str) -> Ovt:
    """Read an OVT code.

    Raises:
        FormatError: ``ovt.form``, or a ``business_id.*`` code for the organisation inside.
    """
    match = _OVT.fullmatch(text.strip())
    if match is None:
        raise FormatError(
            "ovt.form",
            "This is not an OVT code.",
            "It is 0037, the business id without hyphen, and 0-5 more characters.",
        )
    return Ovt(parse_business_id(match[1]), match[2])
