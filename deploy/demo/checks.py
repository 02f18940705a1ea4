"""The checks that the demonstration ends with; it fails when one of them does not hold."""

import shutil
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Final

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.demo.stage import Stage
from deploy.demo.tale import Tale
from shared.bus.topic import Topic
from shared.bus.topics import TOPICS
from shared.contracts.access import AccessDecided
from shared.finnish.identity_code import contains_identity_code

ACCESS_TYPE: Final = AccessDecided.ce_type


async def records_of(kafka: str, topic: Topic) -> AsyncIterator[tuple[bytes, bytes, dict[str, bytes]]]:
    """Key, value and headers of every record that a topic holds now."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka,
        enable_auto_commit=False,
        # Not a seek to the beginning: right after `assign` the client's own reset races with it and wins.
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 << 20,
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(topic.name, n) for n in range(topic.partitions)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        begins = await consumer.beginning_offsets(partitions)
        left = {p for p in partitions if ends[p] > begins[p]}
        while left:
            for partition, records in (await consumer.getmany(timeout_ms=500, max_records=5_000)).items():
                for record in records:
                    yield record.key or b"", record.value or b"", dict(record.headers)
                if records[-1].offset + 1 >= ends[partition]:
                    left.discard(partition)
    finally:
        await consumer.stop()


async def scan_topics(stage: Stage) -> tuple[set[bytes], list[str], int]:
    """Ids of the access events on Kafka, the topics in whose raw bytes an identity code stands, and records read."""
    access: set[bytes] = set()
    leaking: list[str] = []
    scanned = 0
    for topic in TOPICS:
        chunk = bytearray()
        async for key, value, headers in records_of(stage.stack.kafka, topic):
            scanned += 1
            if headers.get("ce_type") == ACCESS_TYPE.encode():
                access.add(headers["ce_id"])
            chunk += b"\n".join((key, value, *headers.values(), b""))
            if len(chunk) > 1 << 22:
                _note(leaking, topic.name, bytes(chunk))
                chunk.clear()
        _note(leaking, topic.name, bytes(chunk))
    return access, leaking, scanned


def _note(leaking: list[str], name: str, content: bytes) -> None:
    if contains_identity_code(content):
        leaking.append(name)


def scan_files(paths: Iterable[Path]) -> list[str]:
    """Files in which an identity code stands."""
    return [path.name for path in paths if path.is_file() and contains_identity_code(_unescaped(path.read_bytes()))]


def _unescaped(content: bytes) -> bytes:
    """JSON's line breaks and tabs as what they are: as letters they would hide a code that follows them."""
    return content.replace(rb"\n", b"\n").replace(rb"\t", b"\t")


async def scan_database(url: str) -> tuple[list[str], int]:
    """Tables of a database in which an identity code stands, by every row as text, and rows read."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition"
        )
        leaking, rows = [], 0
        for (name,) in tables:
            async with connection.transaction():
                chunk: list[bytes] = []
                async for (row,) in connection.cursor(f"select t::text from {name} t", prefetch=5_000):
                    chunk.append(_readable(row))
                rows += len(chunk)
                if contains_identity_code(b"\n".join(chunk)):
                    leaking.append(name)
        return leaking, rows
    finally:
        await connection.close()


def _readable(row: str) -> bytes:
    """A row's text with its bytea columns as the bytes they are: hex would hide a code."""
    parts = row.split('"\\\\x')
    if len(parts) == 1:
        return row.encode()
    opened = [bytes.fromhex(part.split('"', 1)[0]) for part in parts[1:]]
    return b"\n".join((row.encode(), *opened))


async def check_counts(stage: Stage, tale: Tale, access: set[bytes]) -> None:
    """Distinct access ids on Kafka = audit entries of that type = usage rows, uncharged ones included."""
    tale.access_events = len(access)
    tale.audit_entries = await stage.number(
        "audit", f"select count(distinct event_id) from entry where type = '{ACCESS_TYPE}'"
    )
    tale.usage_rows = await stage.number(
        "billing", "select count(*) from usage where quantity = 1 and product <> 'CLAIM_REGISTER'"
    )
    same = tale.access_events == tale.audit_entries == tale.usage_rows
    tale.check(
        "access events on Kafka = audit entries = usage rows",
        holds=same and tale.access_events > 0,
        figures=f"{tale.access_events} = {tale.audit_entries} = {tale.usage_rows}",
    )


async def check_log(stage: Stage, tale: Tale, export: Path) -> None:
    """The exported log verifies."""
    code, printed = await stage.kelmu("verify", str(export), accept=(0, 1))
    tale.check("kelmu verify passes", holds=code == 0, figures=printed.strip().splitlines()[-1])


async def check_tampering(stage: Stage, tale: Tale, export: Path) -> None:
    """A copy of the exported log with one changed byte does not verify."""
    copy = stage.root / "tampered"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(export, copy)
    entries = copy / "entries.jsonl"
    content = bytearray(entries.read_bytes())
    middle = len(content) // 2
    content[middle] ^= 1
    entries.write_bytes(content)
    code, printed = await stage.kelmu("verify", str(copy), accept=(0, 1))
    tale.check(
        "and fails after one byte of one entry is changed",
        holds=code == 1,
        figures=printed.strip().splitlines()[-1][:100],
    )
    shutil.rmtree(copy)


async def check_codes(stage: Stage, tale: Tale, leaking: list[str], scanned: int) -> None:
    """No identity code in any topic, log file, billing table or written file (invariant 5).

    Each scan counts what it read: one that read nothing proves nothing.
    """
    logs = [path for path in stage.stack.logs.rglob("*") if path.is_file()]
    files = [path for path in stage.out.rglob("*") if path.suffix in {".json", ".csv", ".jsonl", ".note"}]
    tables, rows = await scan_database(stage.stack.databases["billing"])
    for what, found, read in (
        ("record of any topic", leaking, scanned),
        ("log file", scan_files(logs), len(logs)),
        ("row of billing's tables", tables, rows),
        ("written file", scan_files(files), len(files)),
    ):
        figures = f"found in {', '.join(found)}" if found else f"{read:,} read"
        tale.check(f"no identity code in any {what}", holds=not found and read > 0, figures=figures)
