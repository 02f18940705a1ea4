"""Which commands there are, found without importing them: their help is read from the source."""

import ast
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import typer

import services


class CommandMissing(Exception):
    """A command that should be there is not."""


@dataclass(frozen=True, slots=True)
class Found:
    """One command or group of commands.

    Attributes:
        name: As typed after `kelmu`.
        module: Where it lives; it has `app`, a typer application, or `command`, a function.
        service: The service whose settings it needs, if it is one's.
        only: The one command of the module's `app` that is meant, for a short name.
    """

    name: str
    module: str
    service: str | None = None
    only: str | None = None


_OWN: Final = ("up", "demo", "migrate", "rotate", "topics", "clock", "contracts", "reconcile", "verify")
_SHORT: Final = (Found("price", "services.billing.commands_books", service="billing"),)
"""Commands of a service that also have a short name."""


def find() -> list[Found]:
    """Return all commands: the console's own, short names, then each service's."""
    own = [Found(name, f"services.console.{name}") for name in _OWN]
    short = [found for found in _SHORT if find_spec(found.module) is not None]
    names = sorted(module.name for module in pkgutil.iter_modules(services.__path__) if module.ispkg)
    modules = ((name, f"services.{name}.commands") for name in names)
    return [
        *own,
        *short,
        *(Found(name, module, service=name) for name, module in modules if find_spec(module) is not None),
    ]


def attach(root: typer.Typer, found: Found, *, called: bool) -> None:
    """Add a command to the command line: imported when it is the one that is called, else by its help alone."""
    if not called:
        root.command(found.name, help=_help_of(found))(_not_called)
        return
    module = import_module(found.module)
    command: object = getattr(module, "command", None)
    app: object = getattr(module, "app", None)
    if found.only is not None and isinstance(app, typer.Typer):
        command = _one_of(app, found.only)
    if callable(command):
        root.command(found.name)(command)
    elif isinstance(app, typer.Typer):
        root.add_typer(app, name=found.name, help=_help_of(found))
    else:
        raise CommandMissing(f"{found.module} offers no commands: it needs `app` or `command`.")


def _one_of(app: typer.Typer, name: str) -> Callable[..., object]:
    for info in app.registered_commands:
        if info.callback is not None and (info.name or info.callback.__name__.replace("_", "-")) == name:
            return info.callback
    raise CommandMissing(f"There is no command '{name}' in this release.")


def _help_of(found: Found) -> str:
    """The first line of the docstring: of the module, or of the one function that is meant."""
    spec = find_spec(found.module)
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8")) if spec and spec.origin else ast.parse("")
    named: ast.Module | ast.FunctionDef = tree
    if found.only is not None:
        wanted = found.only.replace("-", "_")
        functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
        named = next((node for node in functions if node.name == wanted), tree)
    return (ast.get_docstring(named) or "").partition("\n")[0]


def _not_called() -> None:
    """Stand in for a command in the help; never run, because a command that is called is attached for real."""
