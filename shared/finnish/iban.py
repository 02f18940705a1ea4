"""Finnish account numbers in IBAN form: 18 characters, checked by schwifty (modulo 97 and national digit)."""

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from shared.finnish.errors import FormatError

_COUNTRY = "FI"


def parse_iban(text: str) -> str:
    """Return a Finnish IBAN without spaces, in capitals.

    Raises:
        FormatError: ``iban.country`` for another country's account, ``iban.invalid`` for anything else wrong.
    """
    return str(_checked(text))


def format_iban(text: str) -> str:
    """Print in groups of four: ``FI21 1234 5600 0007 85``.

    Raises:
        FormatError: As `parse_iban`.
    """
    return str(_checked(text).formatted)


def bic_of(text: str) -> str | None:
    """Return the BIC of the bank that holds the account, or None when the bank is not known.

    Raises:
        FormatError: As `parse_iban`.
    """
    bic = _checked(text).bic
    return None if bic is None else str(bic)


def _checked(text: str) -> IBAN:
    compact = "".join(text.split()).upper()
    if compact[:2].isalpha() and compact[:2] != _COUNTRY:
        raise FormatError("iban.country", "The account is not a Finnish one.", "Give an account that begins with FI.")
    try:
        return IBAN(compact, validate_bban=True)
    except SchwiftyException:
        raise FormatError(
            "iban.invalid",
            "This is not a valid Finnish account number.",
            "Give FI and 16 digits; compare each digit.",
        ) from None
