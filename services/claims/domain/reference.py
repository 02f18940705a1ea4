"""The payment reference of a claim, as typed."""

from shared.finnish.reference import parse_reference, parse_rf


def parse(typed: str) -> str:
    """Read a viitenumero or an RF reference; plain, without spaces.

    Raises:
        FormatError: it is neither, or its check digits are wrong.
    """
    text = typed.strip()
    return parse_rf(text) if text[:2].upper() == "RF" else parse_reference(text)
