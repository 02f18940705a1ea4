r"""One entry of the log as one line of CEF (ArcSight Common Event Format, revision 25) for a SIEM. Nothing personal.

Escaping: in the header a backslash and a pipe; in the extension a backslash, an equals sign, and line ends as \n and
\r. A header has no way to write a line end, so it becomes a space there. Everything else stays as it is, in UTF-8.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.access import AccessDecided
from shared.contracts.anomalies import AnomalyFound

VENDOR: Final = "Kela"
PRODUCT: Final = "Kelmu"
_HEADER: Final = str.maketrans({"\\": "\\\\", "|": "\\|", "\r": " ", "\n": " "})
_EXTENSION: Final = str.maketrans({"\\": "\\\\", "=": "\\=", "\r": "\\r", "\n": "\\n"})
_KEY: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_TABLE: Final = Path(__file__).with_name("cef.yaml")

Severity = Annotated[int, Field(ge=0, le=10)]
Scalar = str | int


@dataclass(frozen=True, slots=True)
class Event:
    """What stands in one line.

    Attributes:
        version: Of the device, that is the log's format.
        class_id: Device event class id: the same for all events of a kind.
        name: What it is, for people.
        severity: 0 to 10.
        extension: Keys and values in order; keys are letters, digits and underscores.
    """

    version: str
    class_id: str
    name: str
    severity: int
    extension: Mapping[str, Scalar]


def line(event: Event) -> str:
    """The line, without its end.

    Raises:
        ValueError: a key that CEF cannot write.
    """
    header = (VENDOR, PRODUCT, event.version, event.class_id, event.name, str(event.severity))
    bad = [key for key in event.extension if not key or not _KEY.issuperset(key)]
    if bad:
        raise ValueError("a key of a CEF extension is made of letters, digits and underscores")
    extension = " ".join(f"{key}={_value(value)}" for key, value in event.extension.items())
    return f"CEF:0|{'|'.join(part.translate(_HEADER) for part in header)}|{extension}"


def _value(value: Scalar) -> str:
    return str(value).translate(_EXTENSION)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Kind(_Part):
    """Events of one type: their class, what they are called, how they weigh, and how they ended."""

    class_id: Annotated[str, Field(pattern=r"^[a-z_.]+$")]
    name: str
    severity: Severity
    outcome: str


class Table(_Part):
    """Classes and severities, as data."""

    source: Annotated[str, Field(min_length=1)]
    mark: Literal["C", "I", "A"]
    outcomes: dict[str, Severity]
    rules: dict[str, Severity]
    anomalies: dict[str, Severity]
    emergency: Severity
    other: Severity
    types: dict[str, _Kind]


@cache
def table() -> Table:
    """The table as delivered."""
    return Table.model_validate(yaml.safe_load(_TABLE.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log: its number, event id, type, time in milliseconds, and the clear body of its leaf."""

    seq: int
    event_id: str
    type: str
    millis: int
    body: Mapping[str, object]


_LABELLED: Final = (
    ("cs1", "organisation", "organisation"),
    ("cs2", "member", "member"),
    ("cs3", "agreement", "agreement"),
    ("cs4", "purpose", "purpose"),
    ("cs5", "law", "law"),
    ("cs6", "relation", "relation"),
)
"""Custom strings: CEF key, its label, field of the body."""
_PLAIN: Final = (
    ("act", "action"),
    ("reason", "rule"),
    ("suid", "worker"),
    ("app", "channel"),
    ("requestContext", "of"),
)
"""CEF's own keys. `suid` is the worker's pseudonym; clients are left out, even by pseudonym."""
_MOST: Final = 1_000
"""Characters of one value; the entry's number leads to the whole."""


def event_of(entry: Entry, origin: str, version: str = "1") -> Event:
    """The entry as an event of a SIEM.

    Args:
        entry: The entry.
        origin: The log's name: the device.
        version: Of the device.
    """
    kind, name, severity, outcome = _classified(entry)
    extension: dict[str, Scalar] = {
        "rt": entry.millis,
        "externalId": entry.event_id,
        "cn1": entry.seq,
        "cn1Label": "entry",
        "dvchost": origin,
        "deviceProcessName": _text(entry.body.get("service")) or "audit",
        "cat": kind.split(".", 1)[0],
        "outcome": outcome,
    }
    for key, source in _PLAIN:
        _put(extension, key, entry.body.get(source))
    for key, label, source in _LABELLED:
        if _put(extension, key, entry.body.get(source)):
            extension[f"{key}Label"] = label
    if _put(extension, "cn2", entry.body.get("persons")):
        extension["cn2Label"] = "persons"
    if entry.type == AnomalyFound.ce_type:
        _anomaly(extension, entry.body)
    return Event(version, kind, name, severity, extension)


def _classified(entry: Entry) -> tuple[str, str, int, str]:
    """Class, name, severity and outcome."""
    known = table()
    if entry.type == AccessDecided.ce_type:
        return _access(entry.body, known)
    if entry.type == AnomalyFound.ce_type:
        rule = _text(entry.body.get("rule")) or "unknown"
        return f"anomaly.{rule}", "Anomaly found", known.anomalies.get(rule, known.other), "found"
    kind = known.types.get(entry.type)
    if kind is None:
        return "other", entry.type, known.other, "recorded"
    return kind.class_id, kind.name, kind.severity, kind.outcome


def _access(body: Mapping[str, object], known: Table) -> tuple[str, str, int, str]:
    outcome, rule = _text(body.get("outcome")) or "unknown", _text(body.get("rule"))
    severity = known.outcomes.get(outcome, known.other)
    if outcome == "refused" and rule:
        return f"access.refused.{rule}", "Look-up refused", known.rules.get(rule, severity), outcome
    if body.get("emergency") is True:
        return "access.emergency", "Emergency override", known.emergency, outcome
    return f"access.{outcome}", f"Look-up {outcome}", severity, outcome


def _anomaly(extension: dict[str, Scalar], body: Mapping[str, object]) -> None:
    explanation, entries = body.get("explanation"), body.get("entries")
    if isinstance(explanation, Mapping):
        _put(extension, "msg", explanation.get("en"))
    if isinstance(entries, Iterable) and not isinstance(entries, str | bytes):
        extension["flexString1"] = ",".join(str(number) for number in entries if isinstance(number, int))
        extension["flexString1Label"] = "entries"


def _put(extension: dict[str, Scalar], key: str, value: object) -> bool:
    """Add what can be written; whether it was."""
    found = value if isinstance(value, int) and not isinstance(value, bool) else _text(value)
    if found is None:
        return False
    extension[key] = found
    return True


def _text(value: object) -> str | None:
    return value[:_MOST] if isinstance(value, str) and value else None
