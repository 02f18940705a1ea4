"""Check an export of the log with nothing but its own files and what you know of it; no service is needed."""

from pathlib import Path
from typing import Annotated

import typer

from verifier.export import run


def command(
    folder: Annotated[Path, typer.Argument(help="The export: entries.jsonl, checkpoints/SIZE.note, log.vkey.")],
    *,
    vkey: Annotated[
        list[str] | None,
        typer.Option("--vkey", help="A verifier key (name+id+key) by which you know the log; the oldest first."),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", help="The key of a witness that you trust: it must have signed everything."),
    ] = None,
    seen: Annotated[
        list[str] | None, typer.Option("--seen", help="A file with a checkpoint that you kept from earlier.")
    ] = None,
) -> None:
    """Check an export of the log. Exit code 0: it is whole; 1: it is not, and the text says what and where."""
    raise typer.Exit(run(folder, vkey or (), witness or (), seen or ()))
