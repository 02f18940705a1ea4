"""How a change is refused: as a value with a code, the reason in plain words and what to do next."""

from dataclasses import dataclass

from services.agreements.domain.records import Record, RecordKey, key_of
from services.agreements.domain.words import Value, told
from shared.contracts.base import Text
from shared.finnish.errors import FormatError


@dataclass(frozen=True, slots=True)
class ChangeRefused:
    """A change that was not made.

    Attributes:
        record: The record that was to change.
        version: The version that was proposed.
        code: Stable machine code ``<kind>.<why>``.
        reason: Why, in plain words, in three languages.
        advice: What the person can do next.
    """

    record: RecordKey
    version: int
    code: str
    reason: Text
    advice: Text

    def __str__(self) -> str:
        """As the commands print it, in English."""
        return f"{self.record} version {self.version}: {self.reason.en} {self.advice.en} [{self.code}]"


def refuse(record: Record, code: str, /, *, say: str | None = None, **values: Value) -> ChangeRefused:
    """Refuse this version of the record.

    Args:
        record: What is refused.
        code: Why; its words stand in words.yaml.
        say: Which words, where they are not the code's: ``/variant`` of the code, or another key.
        values: What the words name.
    """
    key = code if say is None else f"{code}{say}" if say.startswith("/") else say
    words = told(key, values)
    return ChangeRefused(key_of(record), record.version, code, words.reason, words.advice)


def refuse_format(record: Record, error: FormatError) -> ChangeRefused:
    """Refuse because a value inside does not follow its Finnish format."""
    return refuse(record, error.code)
