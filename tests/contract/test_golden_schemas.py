"""Published contracts change only on purpose, and never so that a reader breaks."""

import json
from pathlib import Path

import pytest

from services.console.schemas import breaking, breaks, compare, golden_name, messages, schema_text
from shared.bus.topics import TOPICS
from shared.contracts.agreements import Member

GOLDEN = Path(__file__).parent / "golden"


def test_every_message_is_as_its_golden_schema_says() -> None:
    assert list(compare(GOLDEN)) == []


def test_every_message_of_every_topic_has_a_golden_schema() -> None:
    known = set(messages())
    assert {payload for topic in TOPICS for payload in topic.payloads} <= known


def test_sealed_parts_have_golden_schemas_too() -> None:
    names = {golden_name(message) for message in messages()}
    assert {"sealed.access.AccessPersonal.json", "sealed.register.Payment.json"} <= names


def test_no_two_messages_share_a_file() -> None:
    names = [golden_name(message) for message in messages()]
    assert len(names) == len(set(names))


FIELDS: dict[str, object] = {"day": {"type": "string"}, "note": {"type": "string", "default": ""}}
OLD: dict[str, object] = {
    "title": "Visit",
    "properties": FIELDS,
    "required": ["day"],
    "$defs": {"Channel": {"enum": ["ui"], "type": "string"}},
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"properties": {"day": {"type": "string"}}}, "Visit.note is gone."),
        ({"properties": FIELDS | {"day": {"type": "integer"}}}, "Visit.day is of another kind."),
        ({"required": ["day", "note"]}, "Visit.note is newly required."),
        ({"$defs": {}}, "Channel is gone."),
        ({"$defs": {"Channel": {"enum": ["ui", "fax"], "type": "string"}}}, "Channel allows other values."),
    ],
)
def test_what_breaks_a_reader_is_named(change: dict[str, object], fault: str) -> None:
    assert breaking("visit", OLD, OLD | change) == [f"visit: {fault}"]


@pytest.mark.parametrize(
    "change",
    [
        {"properties": FIELDS | {"more": {"type": "string"}}},
        {"description": "Other words."},
        {"required": []},
    ],
)
def test_what_breaks_nobody_passes(change: dict[str, object]) -> None:
    assert breaking("visit", OLD, OLD | change) == []


def test_a_golden_schema_that_differs_is_noticed(tmp_path: Path) -> None:
    for message in messages():
        (tmp_path / golden_name(message)).write_text(schema_text(message), encoding="utf-8")
    assert list(compare(tmp_path)) == []
    path = tmp_path / "kelmu.agreements.heartbeat.v1.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["gone"] = {"type": "string"}
    path.write_text(json.dumps(schema), encoding="utf-8")
    told = f"{path.name}: Heartbeat.gone is gone."
    assert list(compare(tmp_path)) == [told]
    assert list(breaks(tmp_path)) == [told]
    path.unlink()
    (tmp_path / "kelmu.old.v1.json").write_text("{}", encoding="utf-8")
    assert len(list(compare(tmp_path))) == 2
    assert list(breaks(tmp_path)) == ["kelmu.old.v1.json: the message is gone; it must stay readable."]


def test_a_contained_model_stands_inside_its_message_only() -> None:
    assert Member not in messages()
