"""Stepping over a record that Kafka's client itself cannot read.

aiokafka decodes header *names* inside its fetch; one that is not UTF-8 raises before any code of ours sees the
record, again and again, and the partition would stand still for ever. Here the one record is found and stepped over,
and a substitute without content takes its place, so that the loop gives it the same care as any unreadable record:
quarantine, or an opaque entry of the log. Its bytes stay in Kafka, at the offset that is written down.
"""

from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

FETCH_MS: Final = 2_000
MOST: Final = 1_000
"""Records read one by one at most before the loop gets a turn."""
UNREADABLE: Final = "kelmu-unreadable-header-name"
"""The substitute's only header; its value is null, which no reader accepts."""


def substitute(partition: TopicPartition, offset: int) -> ConsumerRecord:
    """What stands for a record that the client cannot read: its place and nothing of its content."""
    return ConsumerRecord(
        topic=partition.topic,
        partition=partition.partition,
        offset=offset,
        timestamp=0,
        timestamp_type=1,
        key=None,
        value=b"",
        checksum=None,
        serialized_key_size=0,
        serialized_value_size=0,
        headers=((UNREADABLE, None),),
    )


async def step_over(consumer: AIOKafkaConsumer) -> list[ConsumerRecord]:
    """After a UnicodeDecodeError of the client: read one by one up to the record that raised it, and step over it.

    Returns:
        The readable records before it and, last, its substitute; all of one partition. Empty when nothing raises any
        more.
    """
    ends = await consumer.end_offsets(sorted(consumer.assignment()))
    for partition, end in ends.items():
        before: list[ConsumerRecord] = []
        while len(before) < MOST and await consumer.position(partition) < end:
            try:
                # What was fetched went with the error: give Kafka a moment to hand it over again.
                fetched = await consumer.getmany(partition, timeout_ms=FETCH_MS, max_records=1)
            except UnicodeDecodeError:
                offset = await consumer.position(partition)
                consumer.seek(partition, offset + 1)
                return [*before, substitute(partition, offset)]
            if not fetched:
                break
            before += fetched[partition]
        if before:
            # All readable, or the culprit lies further on: the loop takes these first and comes back.
            return before
    return []
