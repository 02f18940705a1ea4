"""What of an entry the person may see whom it is about: every kind of another's affair is left out, and said to be."""

from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.audit.desks.own_log import TELLABLE as TOLD
from services.audit.domain.looked import Looked, own_row, read_clear, read_personal
from services.audit.domain.refusals import explains
from services.audit.domain.searching import Demand
from shared.contracts.access import AccessPersonal, Action, Outcome
from shared.contracts.answers import LogProof, Redaction
from shared.contracts.asking import LogSearchQuery
from shared.contracts.base import Channel
from shared.gate.order import ORDER

EVENT = UUID(int=7)
TIME = datetime(2016, 12, 31, 12, tzinfo=UTC)
TELLABLE = frozenset({"role_covers_function"})
PROOF = LogProof(entry=3, leaf="bytes", leaf_hash="00" * 32, path=())
PLAIN = AccessPersonal(salt="0" * 32, client="010180-9015", worker="150616B903S", worker_name="Kaisa", informed=True)


def entry(personal: AccessPersonal | None = PLAIN, *, erased: bool = False, **clear: object) -> Looked:
    body = {
        "request": str(EVENT),
        "time": TIME.isoformat(),
        "outcome": "granted",
        "channel": "ui",
        "service": "lookup",
        "commitment": "0" * 64,
        **clear,
    }
    leaf = orjson.dumps({"id": str(EVENT), "type": "kelmu.access.decided.v1", "time": TIME, "body": body})
    return Looked(3, EVENT, TIME, leaf, read_clear(leaf), personal, erased)


@pytest.mark.parametrize(
    ("looked", "redacted"),
    [
        (entry(), ()),
        (entry(PLAIN.model_copy(update={"reason": "syy"})), (Redaction.REASON,)),
        (entry(PLAIN.model_copy(update={"case_reference": "D/1"})), (Redaction.CASE_REFERENCE,)),
        (entry(PLAIN.model_copy(update={"clients": ("a", "b")})), (Redaction.OTHER_CLIENTS,)),
        (entry(persons=40), (Redaction.OTHER_CLIENTS,)),
        (entry(None, erased=True, emergency=True), (Redaction.REASON,)),
        (entry(outcome="refused", rule="role_covers_function"), ()),
        (entry(outcome="refused", rule="not_of_relative"), (Redaction.RULE, Redaction.ENTRY)),
        (entry(outcome="refused", rule="a_rule_of_the_future"), (Redaction.RULE, Redaction.ENTRY)),
        (entry(action="log_search", subject="2016 worker=v1.x"), (Redaction.ENTRY,)),
    ],
)
def test_given_anothers_affair_then_it_is_left_out_and_that_is_said(
    looked: Looked, redacted: tuple[Redaction, ...]
) -> None:
    row = own_row(looked, TELLABLE, PROOF)
    assert row.redacted == redacted
    assert row.proof is not None
    assert (row.proof.leaf is None) == (Redaction.ENTRY in redacted)
    assert row.proof.leaf_hash == PROOF.leaf_hash


def test_given_a_rule_about_persons_then_neither_it_nor_its_law_is_told() -> None:
    row = own_row(entry(outcome="refused", rule="minors_right", law="L 812/2000 11 §"), TELLABLE, PROOF)
    assert (row.outcome, row.rule, row.law) == (Outcome.REFUSED, None, None)


def test_given_an_entry_that_is_no_look_then_it_is_listed_all_the_same() -> None:
    row = own_row(Looked(3, EVENT, TIME, b"no json", None, None, erased=False), TELLABLE, PROOF)
    assert (row.event, row.outcome, row.redacted) == (EVENT, None, (Redaction.ENTRY,))


@settings(max_examples=60, deadline=None)
@given(
    st.text(min_size=6), st.text(min_size=6), st.lists(st.text(min_size=6), max_size=3), st.sampled_from(list(Action))
)
def test_whatever_was_written_and_whoever_else_was_there_nothing_of_it_is_in_the_row(
    reason: str, case: str, others: list[str], action: Action
) -> None:
    secret = {"reason": f"<{reason}>", "case_reference": f"<{case}>", "clients": tuple(f"<{one}>" for one in others)}
    looked = entry(PLAIN.model_copy(update=secret), action=action, channel=Channel.UI)
    text = own_row(looked, TELLABLE, None).model_dump_json()
    written = (secret["reason"], secret["case_reference"], *secret["clients"])
    for hidden in (*written, "Kaisa", "150616B903S", "010180-9015"):
        assert orjson.dumps(hidden).decode()[1:-1] not in text


def test_the_rules_that_may_be_told_are_those_about_who_asks() -> None:
    about_clients = {"not_own_code", "not_of_relative", "client_relation", "deceased", "minors_right"}
    assert {rule.__module__.rpartition(".")[2] for rule in ORDER} - TOLD == about_clients


def test_what_is_no_personal_part_is_none() -> None:
    assert read_personal(b"{}") is None
    assert read_personal(None) is None


@pytest.mark.parametrize(
    ("reason", "enough"),
    [("", False), ("x", False), ("x" * 30, False), ("1234567890 1234567890", False), ("Tarkastus ilmoituksesta", True)],
)
def test_a_reason_says_something(reason: str, *, enough: bool) -> None:
    assert explains(reason) is enough


def test_a_demand_is_bytes_that_stand_in_a_leaf_and_in_no_text() -> None:
    days = {"first": "2016-12-01", "last": "2016-12-31"}
    query = LogSearchQuery.model_validate({"reason": "", "emergency": True, "outcome": "refused", **days})
    (outcome, emergency) = Demand.of(query, None).patterns()
    assert outcome in entry(outcome="refused").leaf
    assert emergency in entry(emergency=True).leaf
    assert outcome not in entry(subject='"outcome":"refused"').leaf
