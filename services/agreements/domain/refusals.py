"""How a change is refused: as a value with a code, the reason in plain words and what to do next."""

from dataclasses import dataclass

from services.agreements.domain.records import Record, RecordKey, key_of
from shared.finnish.errors import FormatError


@dataclass(frozen=True, slots=True)
class ChangeRefused:
    """A change that was not made.

    Attributes:
        record: The record that was to change.
        version: The version that was proposed.
        code: Stable machine code ``<kind>.<why>``.
        reason: Why, in plain words.
        advice: What the person can do next.
    """

    record: RecordKey
    version: int
    code: str
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.record} version {self.version}: {self.reason} {self.advice} [{self.code}]"


def refuse(record: Record, code: str, reason: str, advice: str) -> ChangeRefused:
    """Refuse this version of the record."""
    return ChangeRefused(key_of(record), record.version, code, reason, advice)


def refuse_format(record: Record, error: FormatError) -> ChangeRefused:
    """Refuse because a value inside does not follow its Finnish format."""
    return refuse(record, error.code, error.reason, error.advice)
