"""`kelmu`: one command line over everything that an operator runs.

Every service ships its own commands in `commands.py`; they are found by looking, so that a new service needs no change
here, and only the one that is called is imported, so that help comes at once.
"""

import sys
from collections.abc import Sequence
from typing import Final

import typer

from services.console.discovery import Found, attach, find
from services.console.errors import told
from services.console.surroundings import borrow

REFUSED: Final = 2
_EPILOG: Final = (
    "Settings come from the environment (KELMU_…); without them, a local stack that runs in this checkout is used."
)


def build(argv: Sequence[str], commands: Sequence[Found]) -> typer.Typer:
    """Put the command line together: the command that is called for real, the others by name and help."""
    root = typer.Typer(
        help="Kelmu: Kela's benefit information for social welfare. Operators' commands.",
        epilog=_EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    root.callback()(_root)
    called = argv[0] if argv else ""
    for found in commands:
        attach(root, found, called=found.name == called)
    return root


def _root() -> None:
    """Do nothing: every command stands for itself."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command. Exit code 2 and plain words when something is refused or missing."""
    given = sys.argv[1:] if argv is None else list(argv)
    try:
        commands = find()
        service = next((found.service for found in commands if given and found.name == given[0]), None)
        borrow(service)
        build(given, commands)(args=given, prog_name="kelmu")
    except Exception as error:
        words = told(error)
        if words is None:
            raise
        sys.stderr.write(f"{words}\n")
        raise SystemExit(REFUSED) from error


if __name__ == "__main__":
    main()
