"""Proofs of single events: make them from the log, and check them with nothing but the log's key."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, Final, NoReturn, cast
from uuid import UUID

import typer

from services.audit import proof_store
from services.audit.domain.inclusion import ProofError
from services.audit.domain.note import KeyHistory, LogKey, NoteError
from services.audit.proving import Prover, Unproven
from services.audit.settings import AuditSettings, key_history
from shared.database.engine import raw
from shared.kit import offline
from verifier.entries import BadEntry
from verifier.entries import check_proof as check_proof_of
from verifier.notes import BadNote, Key

STDIN: Final = "-"
_UUID_DIGITS: Final = 19
"""Fewer digits than in any id of an event, and as many as a number of entries can have."""
_UNPROVEN: Final = 1
_REFUSED: Final = 2


def attach(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(proof)
    app.command("check-proof")(check_proof)


def proof(
    events: Annotated[
        list[str], typer.Argument(metavar="ENTRY…", help="Event ids or numbers of entries; - reads them from stdin.")
    ],
) -> None:
    """Print the proof that each event stands in the log, one line of JSON each. Exit code 1 if one has none."""
    wanted = list(_ids(sys.stdin.read().split() if events == [STDIN] else events))
    try:
        missing = asyncio.run(_prove(wanted))
    except ProofError as error:
        typer.echo(f"The log contradicts itself: {error}. Run kelmu audit verify --database.", err=True)
        raise typer.Exit(_UNPROVEN) from error
    if missing:
        raise typer.Exit(_UNPROVEN)


def check_proof(
    file: Annotated[str, typer.Argument(help="What `proof` printed; - reads stdin.")],
    vkey: Annotated[
        str, typer.Option("--vkey", help="The verifier key (name+id+key) of the log, or a file that holds it.")
    ],
) -> None:
    """Check proofs offline, with nothing but the log's verifier key. Exit code 1 if one does not hold."""
    key = _key(vkey)
    if file == STDIN:
        held, broken = _check(sys.stdin.buffer, key)
    else:
        try:
            with Path(file).open("rb") as opened:
                held, broken = _check(opened, key)
        except OSError as error:
            _refuse(f"{file} cannot be read: {error.strerror}.")
    if broken or not held:
        typer.echo(f"{broken} proofs do not hold; {held} do." if broken else "There is no proof in it.", err=True)
        raise typer.Exit(_UNPROVEN)
    typer.echo(f"{held} proofs hold: the events stand in the log {key.name}, signed by {key}.")


async def _prove(wanted: list[UUID | int]) -> int:
    missing = 0
    async with offline("audit", cls=AuditSettings) as kit, kit.engine.connect() as plain:
        settings = cast("AuditSettings", kit.settings)
        key = key_history(kit.secrets, settings.log_origin)
        conn = await plain.execution_options(isolation_level="REPEATABLE READ")
        async with conn.begin():
            connection = await raw(conn)
            numbered = await proof_store.events_of(connection, [one for one in wanted if isinstance(one, int)])
            for number in (one for one in wanted if isinstance(one, int) and one not in numbered):
                missing += 1
                typer.echo(f"{number}: The log has no such entry.", err=True)
            events = [numbered.get(one) if isinstance(one, int) else one for one in wanted]
            async for found in Prover(connection, key).prove([event for event in events if event is not None]):
                if isinstance(found, Unproven):
                    missing += 1
                    typer.echo(f"{found.event}: {found.reason}", err=True)
                else:
                    typer.echo(found.document().decode())
    return missing


def _check(lines: BinaryIO, key: LogKey) -> tuple[int, int]:
    held, broken, keys = 0, 0, [Key.parse(one) for one in str(key).splitlines()]
    for number, line in enumerate(lines, start=1):
        try:
            check_proof_of(line, keys)
        except (BadEntry, BadNote) as error:
            broken += 1
            typer.echo(f"Line {number}: {error}.", err=True)
        else:
            held += 1
    return held, broken


def _ids(given: list[str]) -> Iterator[UUID | int]:
    for text in given:
        try:
            yield int(text) if text.isascii() and text.isdigit() and len(text) < _UUID_DIGITS else UUID(text)
        except ValueError:
            _refuse(f"{text!r} is no event id.")


def _key(given: str) -> LogKey:
    try:
        path = Path(given)
        text = path.read_text(encoding="utf-8") if path.is_file() else given
        return KeyHistory.parse("\n".join(text.split()))
    except (NoteError, OSError, UnicodeDecodeError) as error:
        _refuse(f"The verifier key cannot be read: {error}.")


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(_REFUSED)
