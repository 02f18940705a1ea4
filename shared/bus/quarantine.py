"""Quarantine: messages that could not take effect, kept with their reason and their bytes, to be replayed."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.messages import Record

_INSERT: Final = text(
    """
    insert into quarantine
        (consumer, topic, partition, record_offset, code, reason, key, value, headers, record_time)
    values (:consumer, :topic, :partition, :offset, :code, :reason, :key, :value, :headers, :record_time)
    on conflict (consumer, topic, partition, record_offset) do nothing
    """
)


@dataclass(frozen=True, slots=True)
class Culprit:
    """A record that cannot take effect, and why. The reason names fields, never values."""

    record: Record
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row of the quarantine as an operator sees it."""

    id: int
    consumer: str
    code: str
    reason: str
    record: Record
    quarantined_at: datetime
    replayed_at: datetime | None


def _headers_to_json(headers: Sequence[tuple[str, bytes | None]]) -> str:
    # Names in base64 too: a NUL in one is legal in Kafka and refused by jsonb, and nothing may keep a record out.
    return orjson.dumps([[_encoded(k.encode(errors="surrogatepass")), _encoded(v)] for k, v in headers]).decode()


def _headers_from_json(rows: Sequence[Sequence[str | None]]) -> tuple[tuple[str, bytes | None], ...]:
    return tuple(
        (base64.b64decode(str(k)).decode(errors="surrogatepass"), None if v is None else base64.b64decode(v))
        for k, v in rows
    )


def _encoded(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


async def put(conn: AsyncConnection, consumer: str, culprits: Sequence[Culprit]) -> None:
    """Keep records that cannot take effect, in the transaction that moves the position past them."""
    for culprit in culprits:
        record = culprit.record
        await conn.execute(
            _INSERT,
            {
                "consumer": consumer,
                "topic": record.topic,
                "partition": record.partition,
                "offset": record.offset,
                "code": culprit.code,
                "reason": culprit.reason,
                "key": record.key,
                "value": record.value,
                "headers": _headers_to_json(record.headers),
                "record_time": datetime.fromtimestamp(record.timestamp / 1000, UTC),
            },
        )


async def rows(conn: AsyncConnection, *, waiting_only: bool = True) -> list[Quarantined]:
    """The quarantine, oldest first."""
    found = await conn.execute(
        text("select * from quarantine" + (" where replayed_at is null" if waiting_only else "") + " order by id")
    )
    return [_quarantined(row) for row in found]


async def row(conn: AsyncConnection, id: int) -> Quarantined | None:
    """One row, replayed or waiting."""
    found = (await conn.execute(text("select * from quarantine where id = :id"), {"id": id})).one_or_none()
    return None if found is None else _quarantined(found)


def _quarantined(row: Row[Any]) -> Quarantined:
    return Quarantined(
        id=row.id,
        consumer=row.consumer,
        code=row.code,
        reason=row.reason,
        record=Record(
            row.topic,
            row.partition,
            row.record_offset,
            row.key,
            row.value,
            _headers_from_json(row.headers if isinstance(row.headers, list) else orjson.loads(row.headers)),
            int(row.record_time.timestamp() * 1000),
        ),
        quarantined_at=row.quarantined_at,
        replayed_at=row.replayed_at,
    )


async def mark_replayed(conn: AsyncConnection, id: int) -> bool:
    """Note that a row took effect; False when it already had."""
    result = await conn.execute(
        text("update quarantine set replayed_at = now() where id = :id and replayed_at is null"), {"id": id}
    )
    return result.rowcount == 1
