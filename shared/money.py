"""Money in euros: exact decimals, rounded half up to the cent, never binary floating point.

Amounts on the wire and in documents are strings such as ``"1234.56"``. A ``float`` is refused wherever it
could enter, because 0.1 + 0.2 has no place on an invoice.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

Language = Literal["fi", "sv", "en"]
CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LIMIT = Decimal(10_000_000_000)
"""Amounts lie strictly between -LIMIT and LIMIT euros: anything beyond is a fault in the sender."""

_GROUP_SPACES = " \u00a0\u202f"
_PLAIN = re.compile(
    r"(?P<sign>[-\u2212]?)(?P<whole>\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?:[.,](?P<decimals>\d+))?", re.ASCII
)
_MINUS = "\u2212"
_NO_BREAK = "\u00a0"


class MoneyError(ValueError):
    """An amount that cannot be taken as money.

    Attributes:
        code: Stable machine code, for example ``money.decimals``.
        reason: What is wrong, in plain words.
        advice: What to do next.
    """

    def __init__(self, code: str, reason: str, advice: str) -> None:
        super().__init__(f"{reason} {advice}")
        self.code = code
        self.reason = reason
        self.advice = advice


def cents(amount: Decimal | int) -> Decimal:
    """Round half up (away from zero) to whole cents.

    Raises:
        MoneyError: ``money.type`` for a float or bool, ``money.range`` for NaN, infinity or LIMIT and beyond.
    """
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int):
        raise MoneyError("money.type", "An amount must be an exact decimal.", "Give a Decimal or a string.")
    value = Decimal(amount)
    if not value.is_finite() or abs(value) >= LIMIT:
        raise MoneyError("money.range", "The amount is not a finite number below ten milliards.", "Check the amount.")
    rounded = value.quantize(CENT, rounding=ROUND_HALF_UP)
    return ZERO if rounded == 0 else rounded  # no negative zero on any document


def parse_amount(text: str, *, decimals: int = 2) -> Decimal:
    """Read an amount as a person or a message writes it: ``1234.56``, ``1234,56`` or ``1 234,56``.

    Args:
        text: Digits with an optional sign; spaces only between groups of three; comma or point for decimals.
        decimals: How many decimals are allowed; a longer fraction is refused, never rounded.

    Returns:
        The value with exactly ``decimals`` decimals.

    Raises:
        MoneyError: ``money.type``, ``money.format`` (also exponents), ``money.decimals`` or ``money.range``.
    """
    if not isinstance(text, str):
        raise MoneyError("money.type", "An amount must be text such as 12.50.", "Send it as a string, not a number.")
    match = _PLAIN.fullmatch(text.strip())
    if match is None:
        raise MoneyError("money.format", "The amount is not written as digits.", "Write it as 1234.56 or 1 234,56.")
    fraction = match["decimals"] or ""
    if len(fraction) > decimals:
        raise MoneyError("money.decimals", f"The amount has more than {decimals} decimals.", "Shorten it yourself.")
    whole = match["whole"].translate({ord(space): None for space in _GROUP_SPACES})
    value = Decimal(f"{whole}.{fraction.ljust(decimals, '0')}")
    if value >= LIMIT:
        raise MoneyError("money.range", "The amount is not below ten milliards.", "Check the amount.")
    return -value if match["sign"] and value else value


def allocate(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Divide whole cents by weight with the largest remainder method; the parts always sum to the total.

    Ties go to the earlier weight, so the same input gives the same division everywhere. A negative total
    (a credit) is divided as the mirror image of the positive one.

    Raises:
        MoneyError: ``money.decimals`` if the total holds fractions of a cent, ``money.weights`` if a weight
            is negative or no weight is positive.
    """
    whole_cents = _whole_cents(total)
    shares = [Fraction(weight) for weight in weights]
    weight_sum = sum(shares, Fraction(0))
    if any(share < 0 for share in shares) or weight_sum <= 0:
        raise MoneyError("money.weights", "Weights must be non-negative with a positive sum.", "Check the weights.")
    size = abs(whole_cents)
    exact = [size * share / weight_sum for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    sign = -1 if whole_cents < 0 else 1
    return [Decimal(sign * part) * CENT for part in parts]


def split(total: Decimal, parts: int) -> list[Decimal]:
    """Divide whole cents into equal parts; the extra cents go to the first ones (333.35 → 166.68 + 166.67).

    Raises:
        MoneyError: ``money.weights`` if ``parts`` is below one, ``money.decimals`` for fractions of a cent.
    """
    if parts < 1:
        raise MoneyError("money.weights", "An amount is split into at least one part.", "Give one part or more.")
    return allocate(total, [1] * parts)


def format_money(amount: Decimal, lang: Language) -> str:
    """Write euros: ``1 234,56 €`` in Finnish and Swedish (no-break spaces), ``€1,234.56`` in English."""
    value = cents(amount)
    sign = _MINUS if value < 0 else ""
    grouped = f"{abs(value):,.2f}"
    if lang == "en":
        return f"{sign}€{grouped}"
    nordic = grouped.replace(",", _NO_BREAK).replace(".", ",")
    return f"{sign}{nordic}{_NO_BREAK}€"


def _whole_cents(total: Decimal) -> int:
    rounded = cents(total)
    if rounded != total:
        raise MoneyError("money.decimals", "The total holds fractions of a cent.", "Round it with cents() first.")
    return int(rounded * 100)


def _money_field(decimals: int) -> tuple[BeforeValidator, PlainSerializer, WithJsonSchema]:
    step = Decimal(1).scaleb(-decimals)
    as_written = re.compile(rf"[0-9]{{1,10}}\.[0-9]{{{decimals}}}", re.ASCII)

    def read(value: object) -> Decimal:
        if isinstance(value, str):
            if as_written.fullmatch(value):  # what `write` makes of all but negatives: by far the most that is read
                return Decimal(value)
            return parse_amount(value, decimals=decimals)
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise MoneyError("money.type", "An amount must be text such as 12.50.", "Send it as a string.")
        number = Decimal(value)
        if not number.is_finite() or abs(number) >= LIMIT:
            raise MoneyError("money.range", "The amount is not a finite number.", "Check the amount.")
        exact = number.quantize(step)
        if exact != number:
            raise MoneyError("money.decimals", f"More than {decimals} decimals.", "Round it where it is made.")
        return abs(exact) if exact == 0 else exact

    def write(value: Decimal) -> str:
        return format(value, "f")

    pattern = rf"^-?[0-9]{{1,10}}\.[0-9]{{{decimals}}}$"
    schema = {"type": "string", "pattern": pattern, "examples": ["1234." + "56".ljust(decimals, "0")]}
    return BeforeValidator(read), PlainSerializer(write, return_type=str), WithJsonSchema(schema)


_MONEY = _money_field(2)
_PRICE = _money_field(4)

Money = Annotated[Decimal, _MONEY[0], _MONEY[1], _MONEY[2]]
"""Euros with two decimals: reads strings, integers and decimals; no float, no bool; writes a string."""

UnitPrice = Annotated[Decimal, _PRICE[0], _PRICE[1], _PRICE[2]]
"""A field in euros per unit with four decimals, as price books hold them."""
