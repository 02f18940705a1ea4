"""`python -m deploy.local up | down | status | env`: the local stack from a terminal."""

import asyncio
import json
import logging
import shlex
import shutil
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from deploy.local.errors import StackError
from deploy.local.lock import Lock
from deploy.local.processes import load
from deploy.local.services import SERVICES
from deploy.local.stack import LOCAL, LocalStack
from deploy.local.tidy import end_leftovers, remove, stacks_in
from deploy.local.wiring import CHECKOUT

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Kafka, PostgreSQL and Kelmu on this machine.")
Root = Annotated[Path, typer.Option(help="The stack's own folder: data, logs, secrets.")]
_DEFAULT = LOCAL / "up"
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_DOWN_WITHIN = 90.0
_WORKERS = CHECKOUT / "deploy" / "devidp" / "users.json"


async def run_stack(stack: LocalStack, body: Callable[[LocalStack], Awaitable[None]]) -> bool:
    """Run `body` on a started stack; SIGINT, SIGTERM and SIGHUP stop it in good order at any moment.

    Returns:
        True when `body` came to its end, False when a signal ended it.
    """

    async def started() -> None:
        async with stack:
            await body(stack)

    task = asyncio.create_task(started())
    loop = asyncio.get_running_loop()
    signalled = False

    def on_signal() -> None:
        nonlocal signalled
        if not signalled:  # a second Ctrl-C must not cut the orderly stop short; that has limits of its own
            signalled = True
            task.cancel()

    for number in _STOPS:
        loop.add_signal_handler(number, on_signal)
    try:
        await task
    except asyncio.CancelledError:
        if not signalled:
            raise
        return False
    finally:
        for number in _STOPS:
            loop.remove_signal_handler(number)
    return True


@app.command()
def up(root: Root = _DEFAULT, *, services: Annotated[bool, typer.Option(help="Start Kelmu too.")] = True) -> None:
    """Start everything, watch it, and stop it on Ctrl-C."""
    run_up(root, services=services)


def run_up(root: Path, *, services: bool = True, furnish: Callable[[LocalStack], Awaitable[str]] | None = None) -> None:
    """`up`, with something to load once everything runs and before it is announced, and its own words to say."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)

    async def watch(stack: LocalStack) -> None:
        invitation = "This stack holds no data of its own: `make up` begins one that does."
        if furnish is not None:
            typer.echo("Everything runs. Loading invented data, if there is none yet.")
            invitation = await furnish(stack)
        typer.echo(f"kafka      {stack.kafka}\npostgres   {_without_password(stack.postgres)}")
        for name, url in stack.urls.items():
            typer.echo(f"{name:10} {url}")
        if "gateway" in stack.urls:
            typer.echo(f"Open {stack.urls['gateway']} in a browser. {invitation}")
        typer.echo(f"Data and logs are in {stack.root}. Ctrl-C stops everything.")
        await asyncio.Event().wait()

    if services:
        _introduce_workers(root / "workers.json")
    stack = LocalStack(root, services=SERVICES if services else ())
    _told(lambda: asyncio.run(run_stack(stack, watch)))
    typer.echo("Stopped.")


@app.command()
def down(root: Root = _DEFAULT) -> None:
    """End the stack that runs in the folder, and whatever a crashed launcher left there."""
    holder = Lock(root / "lock").holder()
    if holder is not None:
        holder.signal(signal.SIGTERM)
        until = time.monotonic() + _DOWN_WITHIN
        while holder.alive():
            if time.monotonic() > until:
                typer.echo(f"The launcher (process {holder.pid}) does not end.", err=True)
                raise typer.Exit(1)
            time.sleep(0.05)
    left = end_leftovers(root)
    ended = ["the launcher"] * (holder is not None) + left
    typer.echo(f"Ended {', '.join(ended)}." if ended else f"Nothing runs in {root}.")


@app.command()
def status(root: Root = _DEFAULT) -> None:
    """Show what runs in the folder; the exit status is 3 when nothing does."""
    holder = Lock(root / "lock").holder()
    if holder is None:
        typer.echo(f"Nothing runs in {root}.")
        raise typer.Exit(3)
    typer.echo(f"{'launcher':12} {holder.pid:>8}  up")
    for path in sorted((root / "run").glob("*.pid")):
        identity = load(path)
        state = "up" if identity is not None and identity.alive() else "down, waiting to be started again"
        typer.echo(f"{path.stem:12} {identity.pid if identity else '-':>8}  {state}")


@app.command()
def env(root: Root = _DEFAULT) -> None:
    """Print the running stack's addresses as shell exports: `eval "$(python -m deploy.local env)"`."""
    path = root / "endpoints.json"
    if Lock(root / "lock").holder() is None or not path.exists():
        typer.echo(f"Nothing runs in {root}: `make up` starts it.", err=True)
        raise typer.Exit(3)
    found = json.loads(path.read_text(encoding="utf-8"))
    typer.echo(f"export KELMU_KAFKA={shlex.quote(found['kafka'])}")
    typer.echo(f"export KELMU_POSTGRES={shlex.quote(found['postgres'])}")


@app.command()
def clean(folder: Annotated[Path, typer.Option(help="Where the stacks lie.")] = LOCAL) -> None:
    """Remove the data, logs and secrets of every stack that does not run; the fetched programs stay."""
    kept = 0
    for root in stacks_in(folder):
        try:
            remove(root)
        except StackError as error:
            typer.echo(f"Kept: {error.reason}", err=True)
            kept += 1
    if kept:
        raise typer.Exit(1)


def _without_password(url: str) -> str:
    """Where PostgreSQL is; `env` gives the whole of it to whoever needs it."""
    return url.rpartition("@")[2]


def _introduce_workers(table: Path) -> None:
    """Let the development sign-in know a few people, unless somebody has put others there."""
    if not table.exists():
        table.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_WORKERS, table)


def _told(run: Callable[[], object]) -> None:
    """Run, and turn a known error into two plain lines and exit status 1."""
    try:
        run()
    except StackError as error:
        typer.echo(f"{error.reason}\n{error.advice}", err=True)
        raise typer.Exit(1) from error


def main() -> None:
    """Entry point."""
    app()
