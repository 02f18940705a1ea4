"""The golden JSON Schemas of all messages: write them, or check the code against them."""

from pathlib import Path
from typing import Annotated

import typer

from services.console.schemas import breaks, compare, golden_name, messages, schema_text

app = typer.Typer(no_args_is_help=True)
GOLDEN = Path("tests/contract/golden")
_DIFFERS = 1


@app.command()
def write(
    folder: Annotated[Path, typer.Argument(help="Where the schemas lie.")] = GOLDEN,
    *,
    accept_breaking: Annotated[
        bool, typer.Option("--accept-breaking", help="Only for messages that were never published.")
    ] = False,
) -> None:
    """Write the schema of every message; a change that breaks readers is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    broken = [] if accept_breaking else list(breaks(folder))
    for line in broken:
        typer.echo(line, err=True)
    if broken:
        typer.echo("Make it a new version of the message, with an upcaster from this one.", err=True)
        raise typer.Exit(_DIFFERS)
    written = {golden_name(message): schema_text(message) for message in messages()}
    for path in folder.glob("*.json"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    typer.echo(f"{len(written)} schemas in {folder}.")


@app.command()
def check(folder: Annotated[Path, typer.Argument(help="Where the schemas lie.")] = GOLDEN) -> None:
    """Name every message that differs from its golden schema; exit code 1 when one does."""
    found = list(compare(folder))
    for line in found:
        typer.echo(line, err=True)
    if found:
        typer.echo("If the change is meant and breaks no reader: `kelmu contracts write`.", err=True)
        raise typer.Exit(_DIFFERS)
    typer.echo("Every message is as its golden schema says.")
