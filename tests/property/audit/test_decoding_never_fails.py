"""Invariant 3 for audit: whatever bytes arrive, there is an entry for them, and always the same one."""

from hypothesis import given
from hypothesis import strategies as st

from services.audit.decoding import Loggable, decode
from services.audit.domain.leaf import read_leaf
from shared.bus.messages import Record
from shared.clock.civil import helsinki_date
from shared.finnish.identity_code import contains_identity_code

json_text = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
).map(lambda value: repr(value).encode(errors="replace").replace(b"'", b'"'))
codes = st.sampled_from([b"010180-9015", b'{"x":"010180-9015"}', b'{"personal":"010180-9015"}'])
names = st.sampled_from(["ce_id", "ce_type", "ce_time", "traceparent"])
times = st.datetimes().map(lambda at: at.isoformat().encode()) | st.sampled_from(
    [b"9999-12-31T23:59:59-12:00", b"9999-12-31T23:30:00"]
)
ids = st.uuids().map(lambda id_: str(id_).encode())
values = st.none() | st.binary(max_size=20) | times | ids | st.just(b"kelmu.x.v1")
headers = st.lists(st.tuples(names, values), max_size=6) | st.tuples(ids, times).map(
    lambda pair: [("ce_id", pair[0]), ("ce_time", pair[1] + b"Z"), ("ce_type", b"kelmu.x.v1")]
)
records = st.builds(
    Record,
    st.just("access.events"),
    st.integers(0, 11),
    st.integers(0, 2**40),
    st.none() | st.binary(max_size=8),
    st.binary(max_size=60) | json_text | codes,
    headers.map(tuple),
    st.integers(-1, 2**63 - 1),
)


@given(records)
def test_any_record_becomes_one_entry(record: Record) -> None:
    message = decode(record)
    assert isinstance(message.body, Loggable)
    stated = read_leaf(message.body.leaf)
    assert (stated.id, stated.type, stated.time) == (message.id, message.type, message.time)
    assert b"\n" not in message.body.leaf
    assert not contains_identity_code(message.body.leaf)
    assert decode(record) == message
    assert helsinki_date(message.time)
