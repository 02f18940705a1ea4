"""The topics on Kafka: list the table, create what is missing."""

import asyncio
from typing import Annotated

import typer

from shared.bus.provision import provision as create_missing
from shared.bus.topic import Topic
from shared.bus.topics import TOPICS

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_topics() -> None:
    """List every topic as the table has it."""
    rows = [("TOPIC", "PARTS", "KEPT", "KEY", "FROM", "TO"), *(_row(topic) for topic in TOPICS)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@app.command()
def provision(
    kafka: Annotated[str, typer.Option(envvar="KELMU_KAFKA", help="host:port")],
    replication: Annotated[int, typer.Option(envvar="KELMU_REPLICATION", min=1, help="Replicas of each.")] = 1,
) -> None:
    """Create the topics that are missing; stop when one differs from the table."""
    created = asyncio.run(create_missing(kafka, replication))
    typer.echo(f"Created {', '.join(created)}." if created else "Every topic is there.")


def _row(topic: Topic) -> tuple[str, ...]:
    kept = "for ever" if topic.retention is None else _days(topic.retention.total_seconds())
    return (
        topic.name,
        str(topic.partitions),
        kept,
        topic.key,
        ", ".join(topic.owner),
        ", ".join(topic.consumers) or "-",
    )


def _days(seconds: float) -> str:
    hours = round(seconds / 3600)
    return f"{hours} h" if hours < 24 else f"{hours // 24} d"  # noqa: PLR2004 - hours of a day
