"""The small types of which questions are made."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.finnish.identity_code import PATTERN


def _is_no_identity_code(key: str) -> str:
    """A key stands in addresses and in clear tables, and an identity code must not (invariant 5)."""
    if PATTERN.search(key):
        raise ValueError("an idempotency key must not look like an identity code")
    return key


IdempotencyKey = Annotated[
    str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$"), AfterValidator(_is_no_identity_code)
]
"""Made by whoever sends a command: the same key with the same content is the same command."""

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
"""A day that is asked for. Farther ones are slips, and nothing that counts days should have to go there."""

MonthText = Annotated[str, Field(pattern=r"^(19[0-9]{2}|2[01][0-9]{2})-(0[1-9]|1[0-2])$")]
"""2016-12."""

NoticeId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Id of a notice as the register gave it: a database or a log cannot hold control characters."""

Place = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Where the next page of something continues, as the page before told it."""

Sentence = Annotated[str, Field(max_length=1000)]
"""Text that a person typed."""
