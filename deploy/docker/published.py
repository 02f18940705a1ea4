"""Which messages a topic holds already, so that a feed can be published again without saying anything twice.

A sealed body differs each time it is sealed. Sent again under its old id it would say something else under the same
name, which a consumer must refuse; so what is there is left as it is.
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
