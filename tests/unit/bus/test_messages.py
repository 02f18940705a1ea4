from datetime import UTC, datetime

import pytest

from shared.bus.messages import MAX_BODY, Outgoing, Record, Undecodable, decode
from shared.bus.topics import ACCESS_EVENTS, AGREEMENTS_EVENTS
from shared.contracts.agreements import PopulationStated
from shared.ids import event_id

BODY = PopulationStated(municipality="837", year_end=2015, version=1, inhabitants=225_118)
OUT = Outgoing.of(
    AGREEMENTS_EVENTS, "837", event_id("t", "1"), BODY, source="agreements", time=datetime(2016, 1, 1, tzinfo=UTC)
)


def record(value: bytes = OUT.body, **headers: bytes | None) -> Record:
    base: dict[str, bytes | None] = {k: v.encode() for k, v in OUT.headers().items()}
    return Record("agreements.events", 0, 7, b"837", value, tuple((base | headers).items()), 0)


def test_what_goes_out_comes_in() -> None:
    delivered = decode(record())
    assert (delivered.id, delivered.type, delivered.time, delivered.body) == (OUT.id, OUT.type, OUT.time, BODY)


def test_a_newer_writers_field_is_ignored() -> None:
    assert decode(record(OUT.body[:-1] + b',"new":1}')).body == BODY


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (record(ce_type=b"kelmu.unheard.of.v9"), "unknown_type"),
        (record(ce_type=None), "header"),
        (record(ce_type=b"\xff"), "header"),
        (record(ce_id=b"not-a-uuid"), "header"),
        (record(ce_time=b"2016-01-01T00:00:00"), "header"),
        (record(ce_time=b"yesterday"), "header"),
        (record(b"{"), "schema"),
        (record(b"[]"), "schema"),
        (record(b"{}"), "schema"),
        (record(b" " * (MAX_BODY + 1)), "oversized"),
        (Record("t", 0, 0, None, b"", (), 0), "header"),
    ],
)
def test_what_cannot_be_read_says_why_and_quotes_nothing(bad: Record, code: str) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(bad)
    assert caught.value.code == code


def test_a_schema_fault_names_the_field_and_never_its_value() -> None:
    with pytest.raises(Undecodable) as caught:
        decode(record(b'{"municipality":"010180-9015","year_end":2015,"version":1,"inhabitants":1}'))
    assert "municipality" in caught.value.reason
    assert "010180" not in caught.value.reason


def test_a_contract_goes_only_on_a_topic_that_lists_it() -> None:
    with pytest.raises(ValueError, match=r"access\.events"):
        Outgoing.of(ACCESS_EVENTS, "k", OUT.id, BODY, source="t", time=OUT.time)
