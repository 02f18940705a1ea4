"""Start Kafka, PostgreSQL and every service here; Ctrl-C stops everything."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.local import cli
from deploy.local.stack import LOCAL


def command(
    root: Annotated[Path, typer.Option(help="The stack's own folder: data, logs, secrets.")] = LOCAL / "up",
    *,
    services: Annotated[bool, typer.Option(help="Start the services too.")] = True,
) -> None:
    """Start Kafka, PostgreSQL and every service here; Ctrl-C stops everything."""
    cli.up(root, services=services)
