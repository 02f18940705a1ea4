"""What a topic is: the columns of the table in `topics.py`, and the values that many of its rows share."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.contracts.base import Contract

PARTITIONS: Final = 12
"""Consumers scale to the partition count (design 10)."""

FOR_EVER: Final = None
OPERATOR: Final = "operator"
"""Who runs `kelmu`: publishes questions to services, holds no keys."""
SEALED_RETENTION: Final = timedelta(days=396)
"""13 months: topics with sealed personal data expire; what lasts is in the services' databases."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic.

    Attributes:
        name: as Kafka knows it.
        key: what the message key is, in words.
        partitions: how far its consumers scale.
        retention: how long messages stay; None is for ever.
        owner: the services that publish on it.
        consumers: the services that read it.
        payloads: the contracts that may stand on it.
        key_set: the key set that seals its personal parts; None when there are none.
    """

    name: str
    key: str
    partitions: int
    retention: timedelta | None
    owner: tuple[str, ...]
    consumers: tuple[str, ...]
    payloads: tuple[type[Contract], ...]
    key_set: str | None = None
