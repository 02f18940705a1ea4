"""Finnish personal identity codes (henkilötunnus): reading them, hiding them and finding where they leaked.

Form: DDMMYY, century sign, individual number NNN, check character. The sign is part of the identity: since
A 690/2022 the 1900s have ``- Y X W V U`` and the 2000s ``A B C D E F``, so two people may differ by it alone.
Individual numbers 002-899 belong to people, 900-999 are artificial and never given to anybody. The check
itself is python-stdnum's.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from stdnum.exceptions import InvalidChecksum, InvalidFormat, ValidationError
from stdnum.fi import hetu

from shared.finnish.errors import FormatError

_CENTURIES = {"+": 1800, **dict.fromkeys("-YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}
_CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FIRST_ARTIFICIAL = 900
_MASK = "****"

# The first character is matched before the look-behind so that the search can skip on a set of four digits.
_DATE = r"[0-3](?<![0-9A-Za-z][0-3])[0-9][01][0-9]{3}"
_REST = r"[0-9]{3}[0-9A-FHJ-NPR-Ya-fhj-npr-y](?![0-9A-Za-z])"
_SIGNS = "-+A-FU-Ya-fu-y"
_TYPED_DASHES = "\u2010-\u2015\u2212"

PATTERN = re.compile(f"{_DATE}[{_SIGNS}{_TYPED_DASHES}]{_REST}")
"""Everything in text that has the shape of an identity code, whatever its check character; either case."""
_BYTES_PATTERN = re.compile(f"{_DATE}[{_SIGNS}]{_REST}".encode("ascii"))


@dataclass(frozen=True, slots=True, repr=False, order=True)
class IdentityCode:
    """A valid code. Its text form is masked (``010180-****``), so an accidental log line is harmless.

    Make one with `parse`; `reveal` is the only way to the code itself.
    """

    _value: str

    @classmethod
    def parse(cls, text: str, *, allow_artificial: bool = False) -> Self:
        """Read a code as typed: surrounding space and lower case are forgiven, nothing else.

        Args:
            text: What was typed.
            allow_artificial: Whether individual numbers 900-999 pass (demonstration and test installations).

        Raises:
            FormatError: ``identity_code.form``, ``.birth_date``, ``.individual_number``, ``.artificial`` or
                ``.check_character``. The message never repeats the text.
        """
        if not text.isascii():  # before upper(), which turns some foreign letters into ASCII ones
            raise _form_error()
        code = text.strip().upper()
        try:
            hetu.validate(code, allow_temporary=True)
        except InvalidFormat:
            raise _form_error() from None
        except InvalidChecksum:
            raise FormatError(
                "identity_code.check_character",
                "The check character does not match the digits.",
                "Compare the code with its source, digit by digit.",
            ) from None
        except ValidationError:
            raise _component_error(code) from None
        if int(code[7:10]) >= _FIRST_ARTIFICIAL and not allow_artificial:
            raise FormatError(
                "identity_code.artificial",
                "The code is artificial: individual numbers 900-999 belong to nobody.",
                "Ask the client for the permanent identity code.",
            )
        return cls(code)

    @classmethod
    def artificial(cls, born: date, number: int, *, sign: str | None = None) -> Self:
        """Make the artificial code of a birth date and an individual number 900-999.

        Args:
            born: Birth date, 1800-2099.
            number: Individual number; odd for men, even for women.
            sign: Century sign; the oldest one of the century when left out.

        Raises:
            ValueError: The number is not artificial, or the sign is not of the birth date's century.
        """
        if not _FIRST_ARTIFICIAL <= number < _FIRST_ARTIFICIAL + 100:
            raise ValueError("An artificial individual number lies between 900 and 999.")
        century = born.year // 100 * 100
        chosen = sign or next((known for known, start in _CENTURIES.items() if start == century), "")
        if _CENTURIES.get(chosen) != century:
            raise ValueError("The century sign does not fit the birth date.")
        digits = f"{born:%d%m%y}{number}"
        return cls(f"{digits[:6]}{chosen}{number}{_CHECK_CHARACTERS[int(digits) % len(_CHECK_CHARACTERS)]}")

    @property
    def birth_date(self) -> date:
        """The birth date that the code states."""
        value = self._value
        return date(_CENTURIES[value[6]] + int(value[4:6]), int(value[2:4]), int(value[:2]))

    @property
    def is_artificial(self) -> bool:
        """Whether the individual number is 900-999."""
        return int(self._value[7:10]) >= _FIRST_ARTIFICIAL

    def reveal(self) -> str:
        """Return the code itself, for sealing, pseudonymising or showing to the person entitled to see it."""
        return self._value

    def masked(self) -> str:
        """Return the birth date and sign with the rest hidden, for screens and messages."""
        return self._value[:7] + _MASK

    def __str__(self) -> str:
        return self.masked()

    def __repr__(self) -> str:
        return f"IdentityCode({self.masked()})"


def redact(text: str) -> str:
    """Hide everything that has the shape of an identity code, a mistyped one too: ``010180-****``."""
    return PATTERN.sub(lambda match: match[0][:7] + _MASK, text)


def contains_identity_code(content: bytes | str) -> bool:
    """Tell whether a valid code, artificial or not, stands in the content.

    Used on raw topic bytes, log files and table dumps, so it runs at tens of megabytes a second. A code glued
    to other letters or digits is not looked for: such runs are nearly always hashes and identifiers.
    """
    if isinstance(content, str):
        return any(_is_valid(found[0]) for found in PATTERN.finditer(content))
    return any(_is_valid(found[0].decode("ascii")) for found in _BYTES_PATTERN.finditer(content))


def _is_valid(text: str) -> bool:
    return bool(hetu.is_valid(text, allow_temporary=True))


def _form_error() -> FormatError:
    return FormatError(
        "identity_code.form",
        "This is not a personal identity code.",
        "Give all 11 characters: ddmmyy, century sign, three digits and check character.",
    )


def _component_error(code: str) -> FormatError:
    try:
        date(_CENTURIES[code[6]] + int(code[4:6]), int(code[2:4]), int(code[:2]))
    except ValueError:
        return FormatError(
            "identity_code.birth_date",
            "The first six digits are no day of the calendar.",
            "Check the birth date in the code.",
        )
    return FormatError(
        "identity_code.individual_number",
        "Individual numbers begin at 002.",
        "Check the three digits after the century sign.",
    )
