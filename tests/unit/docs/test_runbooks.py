"""A runbook is read in haste: every command that it names must exist, with its options."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.core import TyperGroup

from services.console.discovery import attach, find

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNBOOKS = sorted((Path(__file__).parents[3] / "docs" / "runbooks").glob("*.md"))
NAMED = re.compile(r"(?:^ {4}\$ |`)(kelmu [^`\n]*)", re.MULTILINE)


def commands(text: str) -> list[str]:
    """Every command of ours in a text: after a prompt, or in backticks."""
    return [found.strip() for found in NAMED.findall(text)]


def console(name: str) -> TyperGroup:
    """Our command line with one command or group attached for real."""
    root = typer.Typer()
    root.callback()(lambda: None)
    for found in find():
        if found.name == name:
            attach(root, found, called=True)
    group = typer.main.get_command(root)
    assert isinstance(group, TyperGroup)
    return group


def faults(line: str) -> "Iterator[str]":
    """What of a command does not exist."""
    _, name, *words = line.split()
    command = console(name).commands.get(name)
    while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
        command = command.commands.get(words.pop(0))
    if command is None:
        yield f"{line}: no such command"
        return
    known = {option for parameter in command.params for option in parameter.opts}
    given = [word.partition("=")[0] for word in words if word.startswith("--")]
    yield from (f"{line}: no option {option}" for option in given if option not in known)


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda path: path.name)
def test_every_command_of_a_runbook_exists(runbook: Path) -> None:
    named = set(commands(runbook.read_text(encoding="utf-8")))
    assert named
    assert [fault for line in sorted(named) for fault in faults(line)] == []


def test_a_command_or_option_that_is_not_there_is_noticed() -> None:
    text = "    $ kelmu audit mend\nand `kelmu audit verify --all`, `kelmu nothing`, `kelmu audit status`."
    assert [fault for line in commands(text) for fault in faults(line)] == [
        "kelmu audit mend: no such command",
        "kelmu audit verify --all: no option --all",
        "kelmu nothing: no such command",
    ]
