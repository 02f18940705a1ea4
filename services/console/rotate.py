"""Give the log a new signing key; the old one goes on signing beside it until the next time."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.local.secret_files import rotate_secret
from deploy.local.stack import LOCAL


def command(
    folder: Annotated[
        Path, typer.Argument(help="Folder of every secret (not of one process); that of the local stack if left out.")
    ] = LOCAL / "up" / "secrets",
) -> None:
    """Give the log a new signing key; the old one goes on signing beside it until the next time."""
    try:
        rotate_secret(folder, "log")
    except FileNotFoundError as error:
        typer.echo(f"There is no key of the log in {folder}: name the folder that holds every secret.", err=True)
        raise typer.Exit(1) from error
    typer.echo("The log has a new key. Give each process its secrets anew and restart it: first those that read")
    typer.echo("the log's statements (lookup, claims, gateway), then audit. Tell auditors the new log.vkey.")
