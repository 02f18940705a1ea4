"""What is wrong with a data file of billing, in words an officer can act on."""

from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_BY_TYPE = {"extra_forbidden": "unknown_key", "missing": "missing"}
_ADVICE = {
    "float": 'Quote the amount: "0.0800", not 0.0800.',
    "unquoted": 'Quote the amount: "560.00", not 560.00.',
    "negative": "A price is zero or more; a credit is a document of its own.",
    "unknown_key": "Remove the key or correct its spelling.",
    "missing": "Add the key.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one row of one file.

    Attributes:
        code: Stable machine code, for example ``book.float``.
        file: Name of the file, without its folder.
        row: Where in the file, for example ``items[2] QUERY_NOHIT, price``.
        reason: What is wrong, in plain words.
        advice: What to do next.
    """

    code: str
    file: str
    row: str
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}, {self.row}: {self.reason} {self.advice} ({self.code})"


class FileError(ValueError):
    """A data file that billing refuses to work with; it lists every fault found, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def faults_of(error: ValidationError, kind: str, file: str, content: object) -> list[Fault]:
    """Translate what pydantic found in a file's content.

    Args:
        error: The refusal of the model.
        kind: First part of the codes: ``book`` or ``products``.
        file: Name of the file.
        content: The parsed file, to name a row by its own code instead of its number alone.
    """
    return [_fault(detail, kind, file, content) for detail in error.errors()]


def _fault(detail: ErrorDetails, kind: str, file: str, content: object) -> Fault:
    error_type = detail["type"]
    word = error_type.removeprefix("kelmu.") if error_type.startswith("kelmu.") else _BY_TYPE.get(error_type)
    advice = _ADVICE.get(word or "", "Correct the row.")
    return Fault(f"{kind}.{word or 'invalid'}", file, _row(detail["loc"], content), f"{detail['msg']}.", advice)


def _row(location: tuple[int | str, ...], content: object) -> str:
    words: list[str] = []
    for step in location:
        match content, step:
            case list(), int() if step < len(content):
                content = content[step]
                name = content.get("code", "") if isinstance(content, dict) else ""
                words[-1:] = [f"{words[-1] if words else 'row'}[{step + 1}] {name}".rstrip()]
            case dict(), _:
                content = content.get(step)
                words.append(str(step))
            case _:
                words.append(str(step))
    return ", ".join(words) or "the whole file"
