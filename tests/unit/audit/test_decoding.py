from datetime import UTC, datetime

import orjson
import pytest

from services.audit.decoding import Loggable, decode, on_conflict, raw_value
from services.audit.domain.leaf import CONFLICT, OPAQUE, read_leaf
from shared.bus.messages import Record

ID = "0d6f2a5e-7c53-5b51-9a0e-111111111111"
HEADERS: dict[str, bytes | None] = {
    "ce_id": ID.encode(),
    "ce_type": b"kelmu.access.decided.v1",
    "ce_time": b"2016-12-31T23:59:30+02:00",
}
APPENDED = datetime(2026, 1, 1, tzinfo=UTC)


def record(
    value: bytes = b'{"a": 1}', offset: int = 7, timestamp: int | None = None, **changed: bytes | None
) -> Record:
    headers = tuple({**HEADERS, **changed}.items())
    milliseconds = int(APPENDED.timestamp() * 1000) if timestamp is None else timestamp
    return Record("access.events", 3, offset, b"key", value, headers, milliseconds)


def logged(given: Record) -> tuple[str, Loggable]:
    message = decode(given)
    assert isinstance(message.body, Loggable)
    assert read_leaf(message.body.leaf).id == message.id
    assert read_leaf(message.body.leaf).time == message.time
    return message.type, message.body


def test_a_readable_event_keeps_its_own_id_type_and_time() -> None:
    message = decode(record(b'{"a": 1, "personal": "access.1.AAAA", "commitment": "00"}'))
    assert (str(message.id), message.type) == (ID, "kelmu.access.decided.v1")
    assert message.time == datetime(2016, 12, 31, 21, 59, 30, tzinfo=UTC)
    assert isinstance(message.body, Loggable)
    assert (message.body.personal, message.body.commitment) == ("access.1.AAAA", "00")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (record(b"not json"), "not JSON"),
        (record(b""), "not JSON"),
        (record(ce_id=None), "ce_id is missing or null"),
        (record(ce_type=b"\xff"), "ce_type is not UTF-8"),
        (record(ce_id=b"17"), "malformed"),
        (record(ce_time=b"yesterday"), "malformed"),
        (record(ce_time=b"2016-12-31T23:59:30"), "malformed"),
        (record(ce_time=b"0001-01-01T00:00:00+02:00"), "malformed"),
        (record(ce_time=b"9999-12-31T23:30:00Z"), "malformed"),
        (record(ce_type=b"a\x00b"), "type name"),
        (record(b'{"client": "010180-9015"}'), "identity code"),
        (Record("access.events", 3, 7, None, b"{}", (), 0), "ce_id is missing or null"),
    ],
)
def test_what_cannot_be_read_becomes_an_opaque_leaf_and_nothing_of_it_is_lost(given: Record, why: str) -> None:
    type_, body = logged(given)
    assert type_ == OPAQUE
    assert why in (body.reason or "")
    assert body.raw is not None
    assert raw_value(body.raw) == given.value
    assert b"9015" not in body.leaf


def test_an_opaque_leaf_has_the_time_of_arrival() -> None:
    assert decode(record(b"x")).time == APPENDED
    no_finnish_day = int(datetime(9999, 12, 31, 23, 30, tzinfo=UTC).timestamp() * 1000)
    for timestamp in (2**62, no_finnish_day):
        assert decode(record(b"x", timestamp=timestamp)).time == datetime(1970, 1, 1, tzinfo=UTC)


def test_the_same_record_again_is_the_same_entry_and_another_record_is_another() -> None:
    assert decode(record(b"x")).id == decode(record(b"x")).id
    assert len({decode(r).id for r in (record(b"x"), record(b"y"), record(b"x", offset=8))}) == 3


def test_null_and_binary_headers_survive_in_what_is_sealed() -> None:
    _, body = logged(record(b"x", ce_id=None, ce_type=b"\xff"))
    assert ["ce_id", None] in orjson.loads(body.raw or b"")["headers"]


def test_a_contradiction_gets_an_id_of_its_content() -> None:
    first, second = decode(record(b'{"a": 2}')), decode(record(b'{"a": 3}'))
    assert on_conflict(first).id == on_conflict(first).id
    assert len({first.id, on_conflict(first).id, on_conflict(second).id}) == 3
    conflict = on_conflict(first)
    assert conflict.type == CONFLICT
    assert isinstance(conflict.body, Loggable)
    assert read_leaf(conflict.body.leaf).id == conflict.id
    assert str(conflict.body.published_id) == ID
