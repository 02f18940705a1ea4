"""Files of records: JSON lines of ``{"kind": …, "body": …}``, one record a line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import ValidationError

from services.agreements.domain.records import KINDS, Record, read_record


@dataclass(frozen=True, slots=True)
class LineFault:
    """A line that is no record. The text names fields and never repeats values."""

    line: int
    code: str
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason} {self.advice} [{self.code}]"


def read_file(path: Path) -> tuple[list[Record], list[LineFault]]:
    """Read all lines; empty ones are passed over.

    Returns:
        The records in order, and a fault for every line that is none.

    Raises:
        OSError: The file cannot be read.
    """
    records: list[Record] = []
    faults: list[LineFault] = []
    for found in _read_lines(path.read_bytes()):
        if isinstance(found, LineFault):
            faults.append(found)
        else:
            records.append(found)
    return records, faults


def _read_lines(content: bytes) -> Iterator[Record | LineFault]:
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            yield _read_line(number, line)


def _read_line(number: int, line: bytes) -> Record | LineFault:
    try:
        content: object = orjson.loads(line)
    except orjson.JSONDecodeError:
        return LineFault(number, "line.json", "This is not JSON in UTF-8.", "Write one JSON object a line.")
    match content:
        case {"kind": str(kind), "body": dict(body), **rest} if kind in KINDS and not rest:
            return _read_body(number, kind, orjson.dumps(body))
        case _:
            return LineFault(
                number,
                "line.form",
                "This is not a record.",
                f'Write {{"kind": …, "body": {{…}}}} with one of the kinds {", ".join(KINDS)}.',
            )


def _read_body(number: int, kind: str, body: bytes) -> Record | LineFault:
    if rb"\u0000" in body:  # PostgreSQL keeps no NUL in text; one line must not fail the whole load
        return LineFault(number, "line.nul", "A text holds a NUL character.", "Take it out.")
    try:
        return read_record(kind, body)
    except ValidationError as error:
        fields = sorted({".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)})
        return LineFault(
            number,
            "line.schema",
            f"The {kind} breaks its schema at: {', '.join(fields)[:300]}.",
            "Compare it with the published schema of the message.",
        )
