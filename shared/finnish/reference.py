"""Payment references: the Finnish viitenumero and the international RF reference (ISO 11649) around it.

A viitenumero is 4-20 digits. Its last is a check digit: weights 7, 3, 1 repeat from the right over the
others, and the check digit completes the sum to the next ten. It is printed in groups of five from the right;
leading zeros mean nothing. An RF reference is printed in groups of four from the left.
"""

import re
from itertools import cycle

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

from shared.finnish.errors import FormatError

_SHORTEST, _LONGEST = 4, 20
_DIGITS = re.compile(r"[0-9]+")
_RF = re.compile(r"RF[0-9]{2}[0-9]{4,20}")
_SPACES = str.maketrans("", "", " \u00a0")


def make_reference(base: str | int) -> str:
    """Append the check digit to a base of 3-19 digits: 1234 → ``12344``.

    Raises:
        FormatError: ``reference.form`` when the base is not digits, or ``reference.length``.
    """
    digits = str(base)
    if not _DIGITS.fullmatch(digits):
        raise FormatError("reference.form", "A reference is made of digits.", "Remove everything else.")
    significant = digits.lstrip("0")
    return _of_length(significant + _check_digit(significant))


def parse_reference(text: str) -> str:
    """Return a viitenumero as plain digits without leading zeros; spaces between groups are forgiven.

    Raises:
        FormatError: ``reference.form``, ``reference.length`` or ``reference.check_digit``.
    """
    digits = text.translate(_SPACES)
    if not _DIGITS.fullmatch(digits):
        raise FormatError("reference.form", "A reference is made of digits.", "Remove everything else.")
    reference = _of_length(digits.lstrip("0"))
    if _check_digit(reference[:-1]) != reference[-1]:
        raise _check_error("reference")
    return reference


def format_reference(reference: str) -> str:
    """Print in groups of five from the right: ``2017000012348`` → ``201 70000 12348``.

    Raises:
        FormatError: As `parse_reference`.
    """
    digits = parse_reference(reference)
    head = len(digits) % 5
    groups = [digits[:head], *(digits[start : start + 5] for start in range(head, len(digits), 5))]
    return " ".join(group for group in groups if group)


def make_rf(reference: str) -> str:
    """Wrap a viitenumero in an RF reference: ``12344`` → ``RF0812344``.

    Raises:
        FormatError: As `parse_reference`.
    """
    digits = parse_reference(reference)
    return f"RF{mod_97_10.calc_check_digits(digits + 'RF')}{digits}"


def parse_rf(text: str) -> str:
    """Return an RF reference that holds a viitenumero, without spaces and with no leading zeros inside.

    Raises:
        FormatError: ``rf.form``, ``rf.check_digits``, or a ``reference.*`` code for the viitenumero inside.
    """
    compact = text.translate(_SPACES).upper()
    if not _RF.fullmatch(compact):
        raise FormatError("rf.form", "This is not an RF reference.", "It is RF, two check digits and 4-20 digits.")
    if not iso11649.is_valid(compact):
        raise _check_error("rf")
    return make_rf(compact[4:])


def format_rf(text: str) -> str:
    """Print in groups of four from the left.

    Raises:
        FormatError: As `parse_rf`.
    """
    return str(iso11649.format(parse_rf(text)))


def _check_digit(digits: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(reversed(digits), cycle((7, 3, 1)), strict=False))
    return str(-total % 10)


def _of_length(reference: str) -> str:
    if not _SHORTEST <= len(reference) <= _LONGEST:
        raise FormatError(
            "reference.length",
            f"A reference has {_SHORTEST}-{_LONGEST} digits after leading zeros.",
            "Check that it is complete.",
        )
    return reference


def _check_error(kind: str) -> FormatError:
    code = "reference.check_digit" if kind == "reference" else "rf.check_digits"
    return FormatError(code, "The check digits do not match the others.", "Compare the reference with the invoice.")
