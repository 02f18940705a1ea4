"""Make the topics of the table exist, exactly as the table says."""

from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.bus.messages import MAX_BODY
from shared.bus.topic import Topic
from shared.bus.topics import TOPICS

ACKNOWLEDGING: Final = 2
"""min.insync.replicas wherever there are three replicas: one may fail and nothing acknowledged is lost."""


class TopicDiffers(Exception):
    """A topic exists with another partition count: keys would change their partition and lose their order."""


def configuration(topic: Topic, replication: int) -> dict[str, str]:
    """Kafka's settings of a topic. LogAppendTime: by event time, records of 2016 would be deleted at once."""
    retention = -1 if topic.retention is None else int(topic.retention.total_seconds() * 1000)
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(retention),
        "retention.bytes": "-1",
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(MAX_BODY + 100_000),
        "min.insync.replicas": str(min(ACKNOWLEDGING, replication)),
    }


async def provision(bootstrap: str, replication: int = 1) -> list[str]:
    """Create what is missing; the names of the created topics.

    Raises:
        TopicDiffers: naming the topic and both counts.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap.split(","), client_id="kelmu-provision")
    await admin.start()
    try:
        existing = {t["topic"]: len(t["partitions"]) for t in await admin.describe_topics() if not t["error_code"]}
        for topic in TOPICS:
            if existing.get(topic.name, topic.partitions) != topic.partitions:
                raise TopicDiffers(
                    f"{topic.name} has {existing[topic.name]} partitions, the table says {topic.partitions}"
                )
        missing = [topic for topic in TOPICS if topic.name not in existing]
        if missing:
            await admin.create_topics(
                [
                    NewTopic(t.name, t.partitions, replication, topic_configs=configuration(t, replication))
                    for t in missing
                ]
            )
        return [topic.name for topic in missing]
    finally:
        await admin.close()
