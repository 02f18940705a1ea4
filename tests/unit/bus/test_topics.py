"""The tables of topics, key sets and secrets hold together."""

from shared.bus.key_sets import KEY_SETS
from shared.bus.provision import configuration
from shared.bus.topic import OPERATOR
from shared.bus.topics import ACCESS_EVENTS, TOPICS
from shared.secrets import SERVICES, TABLE, UPSTREAM


def test_every_key_set_of_a_topic_exists_and_is_held_by_whoever_publishes_on_it() -> None:
    holders = {key_set.name: set(key_set.holders) for key_set in KEY_SETS}
    for topic in TOPICS:
        if topic.key_set is not None:
            assert set(topic.owner) <= holders[topic.key_set], topic.name


def test_billing_holds_no_key_that_opens_personal_data() -> None:
    held = {row.name for row in TABLE if "billing" in row.holders}
    # What it is asked is sealed, and names whoever asks by pseudonym only.
    assert held == {"database-billing", "seal-requests-billing-1"}


def test_every_owner_and_consumer_is_a_service_of_the_system() -> None:
    known = {*SERVICES, UPSTREAM, OPERATOR}
    for topic in TOPICS:
        assert set(topic.owner) | set(topic.consumers) <= known, topic.name


def test_no_topic_is_compacted_and_times_are_the_brokers() -> None:
    for topic in TOPICS:
        settings = configuration(topic, 3)
        assert settings["cleanup.policy"] == "delete"
        assert settings["message.timestamp.type"] == "LogAppendTime"
        assert settings["min.insync.replicas"] == "2"


def test_sealed_topics_expire_and_agreements_stay() -> None:
    for topic in TOPICS:
        if topic.key_set is not None:
            assert topic.retention is not None, topic.name
    assert configuration(ACCESS_EVENTS, 1)["retention.ms"] == str(396 * 24 * 3600 * 1000)
