"""The amount of a claim, as typed."""

from decimal import Decimal
from typing import Final

from shared.money import parse_amount

ALL: Final = "all"
"""The whole benefit (koko etuus)."""


def parse(typed: str) -> Decimal | None:
    """Read an amount in euros; None stands for all of the benefit.

    Raises:
        MoneyError: it is not a sum of euros with at most two decimals.
    """
    return None if typed.strip().lower() == ALL else parse_amount(typed)
