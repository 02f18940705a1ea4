from aiokafka import TopicPartition

from shared.bus.requests import Tracker

P = TopicPartition("lookup.requests", 0)
Q = TopicPartition("lookup.requests", 1)


def test_only_what_is_done_without_a_gap_may_be_committed() -> None:
    tracker = Tracker()
    for offset in (5, 6, 7):
        tracker.begin(P, offset)
    tracker.done(P, 6)
    assert tracker.committable() == {P: 5}
    tracker.done(P, 5)
    assert tracker.committable() == {P: 7}
    tracker.done(P, 7)
    assert tracker.committable() == {P: 8}


def test_partitions_do_not_wait_for_each_other() -> None:
    tracker = Tracker()
    tracker.begin(P, 1)
    tracker.begin(Q, 9)
    tracker.done(Q, 9)
    assert tracker.committable() == {P: 1, Q: 10}


def test_nothing_is_committed_for_partitions_given_away() -> None:
    tracker = Tracker()
    tracker.begin(P, 1)
    tracker.clear()
    assert tracker.committable() == {}
