"""`kelmu audit freshness`: how far the log is behind, as audit itself last said and signed it."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Final

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.audit.settings import AuditSettings
from shared.bus.messages import Delivered
from shared.bus.reader import TopicReader
from shared.bus.topics import AUDIT_FRESHNESS
from shared.clock.system import system_now
from shared.contracts.audit import FreshnessStated
from shared.contracts.base import Contract
from shared.freshness import NEVER, age, verify
from shared.kit import offline

SHOWN: Final = 5
_STALE: Final = 1


def attach(audit: typer.Typer) -> None:
    """Add the command."""
    audit.command("freshness")(freshness)


def freshness(
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="How long Kafka is given to answer.")] = 10.0,
) -> None:
    """Say how far the log is behind and which partitions hold it back. Exit code 1: look-ups are refused."""
    stated, keys, limit = asyncio.run(_newest(seconds))
    said, stale = told(stated, keys, limit, system_now())
    for line in said:
        typer.echo(line)
    if stale:
        raise typer.Exit(_STALE)


def told(
    stated: FreshnessStated | None, keys: Sequence[Ed25519PublicKey], limit: float, now: datetime
) -> tuple[list[str], bool]:
    """What is told of the newest statement, and whether look-ups are refused.

    Args:
        stated: None when none came in time.
        keys: The log's.
        limit: Seconds after which look-ups are refused.
        now: System clock.
    """
    if stated is None:
        return ["STALE: no statement came: Kafka is silent, or audit has not stated anything for a day."], True
    if not verify(stated, *keys):
        return ["STALE: the newest statement is not signed by the log's key."], True
    behind = age(stated, now).total_seconds()
    verdict = f"STALE: {behind:.0f} s behind" if behind > limit else f"fresh: {behind:.1f} s behind"
    lines = [f"{verdict} (look-ups are refused from {limit:.0f} s on), {stated.size} entries signed."]
    lines.append(f"Stated {(now - stated.stated).total_seconds():.1f} s ago.")
    return [*lines, *_partitions(stated, now)], behind > limit


def _partitions(stated: FreshnessStated, now: datetime) -> Iterator[str]:
    for name, until in sorted(stated.partitions.items(), key=lambda one: (one[1], one[0]))[:SHOWN]:
        behind = "never covered" if until == NEVER else f"{(now - until).total_seconds():.1f} s behind"
        yield f"  {name}  {behind}"


async def _newest(seconds: float) -> tuple[FreshnessStated | None, tuple[Ed25519PublicKey, ...], float]:
    heard: list[FreshnessStated] = []

    def take(message: Delivered[Contract]) -> None:
        if isinstance(message.body, FreshnessStated):
            heard.append(message.body)

    async with offline("audit", cls=AuditSettings) as kit:
        reader = TopicReader(kit.settings.kafka, AUDIT_FRESHNESS, take, kit.log, start="newest")
        task = asyncio.create_task(reader.run())
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.reached.wait(), seconds)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        settings = kit.settings
        limit = settings.audit_stale_seconds if isinstance(settings, AuditSettings) else 60
        return heard[-1] if heard else None, tuple(kit.secrets.ed25519_publics("log")), float(limit)
