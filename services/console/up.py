"""Start Kafka, PostgreSQL and every service here; Ctrl-C stops everything."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.demo import furnishing
from deploy.local import cli
from deploy.local.stack import LOCAL


def command(
    root: Annotated[Path, typer.Option(help="The stack's own folder: data, logs, secrets.")] = LOCAL / "up",
    *,
    services: Annotated[bool, typer.Option(help="Start the services too.")] = True,
    demo_data: Annotated[
        bool, typer.Option("--demo-data", help="On the first start, load invented agreements, workers and clients.")
    ] = False,
) -> None:
    """Start Kafka, PostgreSQL and every service here; Ctrl-C stops everything."""
    if demo_data and services and not furnishing.prepare(root):
        typer.echo(
            f"{root} was begun without invented data. `make clean` removes it; then `make up` begins anew.", err=True
        )
        raise typer.Exit(1)
    cli.run_up(root, services=services, furnish=furnishing.furnish if demo_data and services else None)
