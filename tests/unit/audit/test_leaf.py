from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID

import pytest

from services.audit.domain.leaf import (
    CONFLICT,
    OPAQUE,
    UnreadableError,
    clear_leaf,
    commits_to,
    conflict_leaf,
    opaque_leaf,
    read_leaf,
)

ID = UUID("0d6f2a5e-7c53-5b51-9a0e-111111111111")
OTHER = UUID("0d6f2a5e-7c53-5b51-9a0e-222222222222")
TIME = datetime(2016, 12, 31, 23, 59, 30, 125000, tzinfo=timezone(timedelta(hours=2)))
TYPE = "kelmu.access.decided.v1"
PLAINTEXT = b'{"salt":"00","client":"010180-9015"}'
COMMITMENT = "6e7ffa2fc62d747e43c410495bfb60c6f13e59e4cbcc405299ec6b10844dcfde"
VALUE = (
    b'{"outcome": "granted", "member": "091", "newer": {"b": 1, "a": "\xc3\xa4"}, "personal": "access.1.AAAA", '
    b'"commitment": "6e7ffa2fc62d747e43c410495bfb60c6f13e59e4cbcc405299ec6b10844dcfde"}'
)
GOLDEN = (
    b'{"body":{"commitment":"6e7ffa2fc62d747e43c410495bfb60c6f13e59e4cbcc405299ec6b10844dcfde",'
    b'"member":"091","newer":{"a":"\xc3\xa4","b":1},"outcome":"granted"},'
    b'"id":"0d6f2a5e-7c53-5b51-9a0e-111111111111","time":"2016-12-31T21:59:30.125000Z",'
    b'"type":"kelmu.access.decided.v1"}'
)
GOLDEN_OPAQUE = (
    b'{"id":"0d6f2a5e-7c53-5b51-9a0e-111111111111","offset":7,'
    b'"opaque":"ea5dbf9596d187e9500f23e9a680109475341cf4e81f7e043f7d97152c10772f","partition":3,'
    b'"time":"2016-12-31T21:59:30.125000Z","topic":"access.events","type":"kelmu.audit.opaque.v1"}'
)


@pytest.mark.parametrize("type_", [CONFLICT, OPAQUE])
def test_no_event_takes_a_type_that_only_the_log_gives(type_: str) -> None:
    with pytest.raises(UnreadableError, match="only the log gives"):
        clear_leaf(ID, type_, TIME, VALUE)


def test_the_bytes_of_a_leaf_never_change() -> None:
    clear = clear_leaf(ID, TYPE, TIME, VALUE)
    assert clear.leaf == GOLDEN
    assert (
        sha256(b"\x00" + clear.leaf).hexdigest() == "2d2a0c3642796cfa61646bea2e2f78b804e9a20928a3f1ae84231b71d09e61b9"
    )
    assert clear.commitment == COMMITMENT
    assert clear.personal == "access.1.AAAA"


def test_the_bytes_of_an_opaque_leaf_never_change() -> None:
    leaf = opaque_leaf(ID, TIME, b"\xff\x00", topic="access.events", partition=3, offset=7)
    assert leaf == GOLDEN_OPAQUE
    assert read_leaf(leaf).type == OPAQUE
    assert read_leaf(leaf).commitment == sha256(b"\xff\x00").hexdigest()


def test_the_spelling_of_the_published_json_does_not_matter() -> None:
    respelled = VALUE.replace(b": ", b":").replace("ä".encode(), b"\\u00e4").replace(b'"b":1', b'"b" : 1\n')
    assert respelled != VALUE
    assert clear_leaf(ID, TYPE, TIME.astimezone(UTC), respelled).leaf == GOLDEN


def test_a_leaf_is_one_line_whatever_the_body_says() -> None:
    leaf = clear_leaf(ID, TYPE, TIME, b'{"text": "one\\ntwo\\r\\u0000\\u2028"}').leaf
    assert b"\n" not in leaf
    assert b"\r" not in leaf


def test_a_leaf_says_what_its_row_says() -> None:
    stated = read_leaf(GOLDEN)
    assert (stated.id, stated.type, stated.time, stated.commitment) == (ID, TYPE, TIME, COMMITMENT)


def test_an_event_without_a_personal_part_has_no_commitment() -> None:
    clear = clear_leaf(ID, TYPE, TIME, b'{"number": "2016-1"}')
    assert (clear.commitment, clear.personal) == (None, None)
    assert read_leaf(clear.leaf).commitment is None


@pytest.mark.parametrize(
    ("type_", "value", "why"),
    [
        (TYPE, b"", "not JSON"),
        (TYPE, b"\xff\xfe", "not JSON"),
        (TYPE, b"[]", "no JSON object|not a JSON object"),
        (TYPE, b'{"a": NaN}', "not JSON"),
        (TYPE, b'{"a": "\\ud800"}', "not JSON"),
        (TYPE, b'{"a":' + b"[" * 5000, "not JSON"),
        (TYPE, b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", "too deeply"),
        (TYPE, b'{"personal": {"client": "x"}}', "not sealed"),
        (TYPE, b'{"client": "010180-9015"}', "identity code"),
        (TYPE, b'{"010180-9015": 1}', "identity code"),
        ("", b"{}", "type name"),
        ("Kelmu Access", b"{}", "type name"),
        ("a\x00b", b"{}", "type name"),
    ],
)
def test_what_cannot_be_logged_in_clear_is_told_apart(type_: str, value: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why) as caught:
        clear_leaf(ID, type_, TIME, value)
    assert "9015" not in str(caught.value)


def test_a_conflict_keeps_the_whole_leaf_it_would_have_been() -> None:
    leaf = conflict_leaf(OTHER, GOLDEN)
    assert GOLDEN in leaf
    stated = read_leaf(leaf)
    assert (stated.id, stated.type, stated.time, stated.commitment) == (OTHER, CONFLICT, TIME, COMMITMENT)


@pytest.mark.parametrize(
    "leaf",
    [GOLDEN + b" ", GOLDEN.replace(b":1", b": 1"), b"", b"[]", b"{}", GOLDEN.replace(b"0d6f", b"zzzz")],
)
def test_a_stored_leaf_in_any_other_spelling_is_refused(leaf: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_leaf(leaf)


def test_the_commitment_of_the_golden_leaf_is_to_its_plaintext() -> None:
    assert sha256(PLAINTEXT).hexdigest() == COMMITMENT


def test_a_commitment_is_to_exactly_these_bytes() -> None:
    assert commits_to(COMMITMENT, PLAINTEXT)
    assert not commits_to(COMMITMENT, PLAINTEXT + b" ")
    assert not commits_to(COMMITMENT.upper(), PLAINTEXT)
    assert not commits_to(None, PLAINTEXT)
