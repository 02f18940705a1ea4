"""Freshness of the audit log: a signed statement up to when everything published is in the log.

Audit signs one every second; lookup and claims verify it and refuse to show data when it has grown old
(invariant 1). All times are of the system clock: the business clock may stand still while data is loaded,
trouble may not hide there.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.contracts.audit import FreshnessStated

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Covered-until of a partition of which nothing is known yet: as stale as can be, so that doubt refuses."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a statement says, before it is signed.

    Attributes:
        size: entries under the newest signed checkpoint.
        stated: when this was stated.
        partitions: by `topic/partition`: everything published until then is in the log. Never empty.
    """

    size: int
    stated: datetime
    partitions: Mapping[str, datetime]

    @property
    def covered_until(self) -> datetime:
        """The least over all partitions: one partition that is not read makes the whole log stale."""
        return min(self.partitions.values())


def sign(fields: Freshness, key: Ed25519PrivateKey) -> FreshnessStated:
    """Sign a statement with the log's key (Ed25519 over its canonical JSON)."""
    unsigned = FreshnessStated(
        size=fields.size,
        stated=fields.stated,
        covered_until=fields.covered_until,
        partitions=dict(fields.partitions),
        signature="",
    )
    signature = base64.b64encode(key.sign(_signed_bytes(unsigned))).decode()
    return unsigned.model_copy(update={"signature": signature})


def verify(stated: FreshnessStated, *public_keys: Ed25519PublicKey) -> bool:
    """Whether the log's key signed exactly this, and its least covered-until is the one it names.

    While the key changes there are two, and either will do.

    Never raises, whatever was sent: what cannot even be written down as the log writes it was not signed by it.
    """
    if not stated.partitions or stated.covered_until != min(stated.partitions.values()):
        return False
    return any(_signed_by(stated, key) for key in public_keys)


def _signed_by(stated: FreshnessStated, public_key: Ed25519PublicKey) -> bool:
    try:
        public_key.verify(base64.b64decode(stated.signature, validate=True), _signed_bytes(stated))
    except (InvalidSignature, ValueError, TypeError, OverflowError):
        # Text that is no base64, numbers beyond 64 bits, times that have no equal in UTC.
        return False
    return True


def age(stated: FreshnessStated, now: datetime) -> timedelta:
    """How far the log is behind: now (system clock) minus covered-until.

    Not minus the time of stating: a signer that no longer consumes goes on stating, and is stale all the
    same.
    """
    return now - stated.covered_until


def _signed_bytes(stated: FreshnessStated) -> bytes:
    """The canonical JSON of every field but the signature: keys sorted, times in UTC."""
    fields = {
        "size": stated.size,
        "stated": stated.stated.astimezone(UTC),
        "covered_until": stated.covered_until.astimezone(UTC),
        "partitions": {name: until.astimezone(UTC) for name, until in stated.partitions.items()},
    }
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
