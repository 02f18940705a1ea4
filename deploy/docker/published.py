"""Which messages a topic holds already, so that loading the demonstration again sends only what is missing.

Sent again they would be repeats, which every consumer passes over: this spares the work, no more.
"""

from collections.abc import Iterable

from deploy.demo.checks import records_of
from shared.bus.topic import Topic


async def published_ids(kafka: str, topics: Iterable[Topic]) -> set[str]:
    """Read topics from the beginning to their present end.

    Args:
        kafka: bootstrap address.
        topics: those to read.

    Returns:
        The ids of all messages that carry one.
    """
    return {
        headers["ce_id"].decode("utf-8", "replace")
        for topic in topics
        async for _, _, headers in records_of(kafka, topic)
        if headers.get("ce_id")
    }
