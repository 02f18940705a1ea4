"""The log for a SIEM: what survives, what always stands there, and what never does."""

import pytest

from services.audit.app import LOGGED
from services.audit.domain.anomalies.rules import RULES
from services.audit.domain.cef import Entry, Event, event_of, line, table
from services.audit.handlers import NOT_LOGGED
from shared.contracts.access import AccessDecided
from shared.contracts.anomalies import AnomalyFound
from tests.harness.cef_lines import Parsed, hostile, parse

WORKER = "v1.aaaaaaaaaaaaaaaaaaaaaaaaaa"
CLIENT = "v1.bbbbbbbbbbbbbbbbbbbbbbbbbb"
TYPES = sorted({contract.ce_type for topic in LOGGED for contract in topic.payloads} - NOT_LOGGED)


def written(type_: str, **body: object) -> Parsed:
    entry = Entry(7, "6b0b3c1e-5d0c-5a55-9f5c-2f1a3a0f9f10", type_, 1_479_110_400_000, body)
    return parse(line(event_of(entry, "log.kelmu.test")))


def test_hostile_strings_survive_in_header_and_extension() -> None:
    for text in hostile(seed=1, count=500):
        event = Event("1", text, text, 5, {"msg": text, "outcome": "granted", "suid": text})
        found = parse(line(event))
        # a header has no way to write a line end
        assert found.class_id == found.name == text.replace("\r", " ").replace("\n", " ")
        assert found.extension == {"msg": text, "outcome": "granted", "suid": text}


@pytest.mark.parametrize("key", ["", "a b", "a=b", "ä", "a\n"])
def test_a_key_that_cannot_be_written_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        line(Event("1", "a", "a", 1, {key: "x"}))


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_of_event_has_a_class_and_an_outcome(type_: str) -> None:
    found = written(type_, organisation="0201256-6", worker=WORKER, client=CLIENT)

    assert found.class_id != "other"
    assert found.extension["outcome"]
    assert found.extension["cn1"] == "7"
    assert CLIENT not in str(found)


@pytest.mark.parametrize("body", [{}, {"outcome": None}, {"outcome": ["x"]}, {"rule": {}}, {"outcome": "a=b\n"}])
def test_outcome_stands_there_whatever_the_body_is(body: dict[str, object]) -> None:
    assert written(AccessDecided.ce_type, **body).extension["outcome"]
    assert written("kelmu.something.else.v9", **body).extension["outcome"] == "recorded"


def test_a_look_up_tells_who_where_and_why_and_not_at_whom() -> None:
    found = written(
        AccessDecided.ce_type,
        outcome="refused",
        rule="not_own_code",
        action="look_up",
        channel="ui",
        service="lookup",
        organisation="0201256-6",
        purpose="CLAIM",
        worker=WORKER,
        commitment="0" * 64,
        persons=1,
    )

    assert (found.class_id, found.severity) == ("access.refused.not_own_code", "7")
    assert found.extension == {
        "rt": "1479110400000",
        "externalId": "6b0b3c1e-5d0c-5a55-9f5c-2f1a3a0f9f10",
        "cn1": "7",
        "cn1Label": "entry",
        "dvchost": "log.kelmu.test",
        "deviceProcessName": "lookup",
        "cat": "access",
        "outcome": "refused",
        "act": "look_up",
        "reason": "not_own_code",
        "suid": WORKER,
        "app": "ui",
        "cs1": "0201256-6",
        "cs1Label": "organisation",
        "cs4": "CLAIM",
        "cs4Label": "purpose",
        "cn2": "1",
        "cn2Label": "persons",
    }


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_each_rule_has_its_class_and_severity(rule: str) -> None:
    found = written(AnomalyFound.ce_type, rule=rule, explanation={"en": "Many | at = night"}, entries=[3, 4])

    assert found.class_id == f"anomaly.{rule}"
    assert int(found.severity) == table().anomalies[rule]
    assert (found.extension["msg"], found.extension["flexString1"]) == ("Many | at = night", "3,4")
