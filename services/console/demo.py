"""Run the demonstration: the turn of 2016 to 2017, from look-ups to invoices and the verified log."""

import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from services.console.discovery import CommandMissing

_STORY = "deploy.demo.story"


def command(
    persons: Annotated[int, typer.Option(envvar="PERSONS", min=1, help="People in the register.")] = 5_000,
) -> None:
    """Run the demonstration: the turn of 2016 to 2017, from look-ups to invoices and the verified log."""
    if find_spec(_STORY) is None:
        raise CommandMissing("The demonstration is not part of this installation.")
    story: object = getattr(import_module(_STORY), "run", None)
    if not callable(story):
        raise CommandMissing(f"{_STORY} has no `run`.")
    sys.exit(story(persons))
