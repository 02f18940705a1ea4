"""Which messages a topic holds already, so that a feed can be published again without saying anything twice.

A sealed body differs each time it is sealed. Sent again under its old id it would say something else under the same
name, which a consumer must refuse; so what is there is left as it is.
"""

from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.bus.topic import Topic

_ID = "ce_id"
_WAIT_MS = 500


async def published_ids(kafka: str, topics: Iterable[Topic]) -> set[str]:
    """Read topics from the beginning to their present end.

    Args:
        kafka: bootstrap address.
        topics: those to read.

    Returns:
        The ids of all messages that carry one.
    """
    partitions = [TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)]
    # `seek_to_beginning` after `assign` races with the client's own reset to the end; the reset itself does not
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, group_id=None, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        found: set[str] = set()
        while [place for place in partitions if await consumer.position(place) < ends[place]]:
            batches = await consumer.getmany(timeout_ms=_WAIT_MS)
            headers = (header for batch in batches.values() for record in batch for header in record.headers)
            found.update(value.decode("utf-8", "replace") for name, value in headers if name == _ID and value)
        return found
    finally:
        await consumer.stop()
