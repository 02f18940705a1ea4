"""One spelling for each entry, whatever lines came before; and proofs of single entries."""

import base64
import json
from collections.abc import Callable

import pytest

from tests.harness.logs import LOG_KEY, WITNESS_KEY, cosigned, entry, note
from verifier.entries import BadEntry, check_proof, event_of
from verifier.notes import BadNote, Key
from verifier.tree import leaf_hash, node_hash

GOOD = (
    '{"body":{"a":"b","list":["x","y"],"n":1.50,"of":null},"id":"0f1a4762-7276-59dd-98cf-85bb2e3c3a28",'
    '"time":"2016-10-01T07:35:19Z","type":"kelmu.access.decided.v1"}'
)
CHANGED = {
    "another id in capitals": GOOD.replace("0f1a", "0F1A"),
    "no id": GOOD.replace("0f1a4762-", ""),
    "another zone": GOOD.replace("19Z", "19+02:00"),
    "no zone": GOOD.replace("19Z", "19"),
    "no time": GOOD.replace("2016-10-01T07:35:19Z", "yesterday"),
    "another name of the same place": GOOD.replace('"of"', '"id"'),
    "names out of order": GOOD.replace('"list"', '"zero"'),
    "one name twice": GOOD.replace('"list"', '"a"'),
    "a name that belongs outside": GOOD.replace('"body"', '"corp"'),
    "a text with an escape": GOOD.replace('"b"', '"\\u0062"'),
    "a text with a control character": GOOD.replace('"b"', '"\tb"'),
    "a space": GOOD.replace('"a":"b"', '"a": "b"'),
    "more after the end": GOOD + '"more',
    "a text after the end": GOOD + '"more"',
    "something before the beginning": '"more"' + GOOD,
    "no number": GOOD.replace("1.50", "1.5.0"),
}


@pytest.mark.parametrize("line", CHANGED.values(), ids=CHANGED)
def test_a_line_is_refused_that_is_like_a_good_one_just_read(line: str) -> None:
    event_of(GOOD.encode())
    with pytest.raises(BadEntry):
        event_of(line.encode())


def test_lines_that_are_not_text_are_refused_although_their_like_was_read() -> None:
    event_of(GOOD.encode())
    with pytest.raises(BadEntry):
        event_of(GOOD.encode().replace(b'"b"', b'"\xff"'))


@pytest.mark.parametrize("text", ["", "ä", "\u2028", "🦆", "\x7f", "a b: c, d"])
def test_any_text_in_its_one_spelling_is_accepted_and_so_is_the_next_of_its_shape(text: str) -> None:
    fields = {"body": {"text": text}, "id": "0f1a4762-7276-59dd-98cf-85bb2e3c3a28"}
    fields |= {"time": "2016-10-01T07:35:19Z", "type": "t"}
    line = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    assert event_of(line) == event_of(line) == event_of(GOOD.encode())


def proof(**changed: object) -> bytes:
    """Of entry 1 of two."""
    entries = [entry(0), entry(1)]
    fields: dict[str, object] = {
        "form": "kelmu.audit.proof.v1",
        "event": json.loads(entries[1])["id"],
        "entry": 1,
        "leaf": entries[1].decode(),
        "leaf_hash": leaf_hash(entries[1]).hex(),
        "path": [base64.b64encode(leaf_hash(entries[0])).decode()],
        "checkpoint": note(entries, 2).decode(),
    }
    return json.dumps(fields | changed).encode()


def test_a_proof_leads_from_its_event_to_a_checkpoint_signed_by_the_log_and_its_witness() -> None:
    assert check_proof(proof(), [LOG_KEY]).size == 2
    signed = cosigned(note([entry(0), entry(1)], 2)).decode()
    assert check_proof(proof(checkpoint=signed), [LOG_KEY], [WITNESS_KEY]).witnesses == (WITNESS_KEY.name,)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"form": "another.v1"}, "the form is not"),
        ({"event": "0f1a4762-7276-59dd-98cf-85bb2e3c3a28"}, "that of another event"),
        ({"leaf_hash": "00"}, "its hash is another"),
        ({"leaf": entry(0).decode()}, "that of another event"),
        ({"entry": 0}, "entry 0 does not stand"),
        ({"entry": 2}, "entry 2 does not stand"),
        ({"entry": True}, "the form is not"),
        ({"path": []}, "entry 1 does not stand"),
        ({"path": [base64.b64encode(node_hash(b"", b"")).decode()]}, "entry 1 does not stand"),
        ({"path": ["?"]}, "not the JSON of a proof"),
        ({"checkpoint": None}, "not the JSON of a proof"),
    ],
)
def test_a_changed_proof_does_not_hold(changed: dict[str, object], why: str) -> None:
    with pytest.raises(BadEntry, match=why):
        check_proof(proof(**changed), [LOG_KEY])


@pytest.mark.parametrize(
    "spoil", [lambda text: text.replace("\n2\n", "\n3\n"), lambda text: text[:-1], lambda _: "nonsense"]
)
def test_a_proof_with_a_checkpoint_that_nobody_signed_does_not_hold(spoil: Callable[[str], str]) -> None:
    with pytest.raises(BadNote):
        check_proof(proof(checkpoint=spoil(note([entry(0), entry(1)], 2).decode())), [LOG_KEY])


def test_a_proof_of_another_log_does_not_hold() -> None:
    with pytest.raises(BadNote, match="not signed by the log"):
        check_proof(proof(), [Key("other.example", LOG_KEY.kind, LOG_KEY.public)])


def test_a_proof_that_says_something_twice_or_is_a_mountain_of_brackets_does_not_hold() -> None:
    twice = proof().replace(b'{"form"', b'{"event": "0f1a4762-7276-59dd-98cf-85bb2e3c3a28", "form"')
    assert json.loads(twice) == json.loads(proof())
    for line in (twice, b"[" * 200_000, b"NaN", b"[]"):
        with pytest.raises(BadEntry, match="not the JSON of a proof"):
            check_proof(line, [LOG_KEY])


def test_a_proof_by_a_key_that_was_replaced_does_not_hold() -> None:
    newer = Key(LOG_KEY.name, LOG_KEY.kind, WITNESS_KEY.public)
    assert check_proof(proof(), [newer, LOG_KEY]).size == 2
    with pytest.raises(BadEntry, match="made anew"):
        check_proof(proof(), [LOG_KEY, newer])
