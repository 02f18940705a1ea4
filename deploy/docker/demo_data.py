"""Something to look at in the containers: the demonstration's agreements and a small register.

    docker compose run --rm demo-data

May run again: what is there stays as it is, and what an interrupted run left out is added.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from deploy.demo.agreements.seed import json_lines, seed
from deploy.demo.furnishing import OPENS, REGISTERED, invitation, register
from deploy.demo.loading import REGISTER_TOPICS, publish_all, register_messages
from deploy.demo.register.generator import Dossier
from deploy.docker.places import secrets_of
from deploy.docker.published import published_ids
from services.agreements.commands import load
from services.console.errors import told
from shared.bus.sealing import KeyRing
from shared.clock.business import FileClock
from shared.clock.civil import helsinki
from shared.ids import pseudonym
from shared.secrets import UPSTREAM, Secrets

REFUSED: Final = 2
_UPSTREAM: Final = secrets_of(UPSTREAM)

Kafka = Annotated[str, typer.Option(envvar="KELMU_KAFKA", help="Bootstrap address.")]
ClockFile = Annotated[Path, typer.Option(envvar="KELMU_CLOCK_FILE", help="The business clock that the services share.")]
Persons = Annotated[int, typer.Option(envvar="PERSONS", min=1, max=100_000, help="People in the register.")]
Upstream = Annotated[Path, typer.Option(help="Folder of the secrets of whoever plays the register.")]
Address = Annotated[str, typer.Option(envvar="KELMU_PUBLIC_URL", help="Where the gateway is, to tell it.")]


@dataclass(frozen=True, slots=True)
class Register:
    """The synthetic register, sealed with the keys of whoever plays the upstream system."""

    secrets: Secrets
    persons: int

    def dossiers(self) -> Iterable[Dossier]:
        """Everybody, one after the other; the same on every call."""
        return register(self.secrets, self.persons, REGISTERED)

    def publish(self, kafka: str, clock: FileClock) -> int:
        """Publish the records that are not there yet, each acknowledged; how many."""

        async def run() -> int:
            there = await published_ids(kafka, REGISTER_TOPICS)
            messages = register_messages(self.dossiers(), KeyRing(self.secrets.seal_keys()), clock.now())
            return await publish_all(kafka, (message for message in messages if str(message.id) not in there))

        return asyncio.run(run())


def command(
    kafka: Kafka,
    clock_file: ClockFile,
    persons: Persons = 500,
    upstream: Upstream = _UPSTREAM,
    address: Address = "http://127.0.0.1:8080",
) -> None:
    """Load the demonstration's agreements, publish a small register, and say how to look at them."""
    clock, secrets = FileClock(clock_file), Secrets(upstream)
    if not clock_file.exists():
        clock.jump_to(OPENS)
    load_agreements(secrets)
    invented = Register(secrets, persons)
    published = invented.publish(kafka, clock)
    typer.echo(f"{published} records published of a register of {persons} persons.")
    typer.echo(f"The business clock says {helsinki(clock.now()):%d.%m.%Y %H:%M} in Helsinki.")
    typer.echo(f"Open {address} in a browser. {invitation(invented.dossiers())}")


def load_agreements(secrets: Secrets) -> None:
    """Load the seed as an operator would, by `kelmu agreements load`."""
    worker = partial(pseudonym, secrets.key("pseudonym"), "worker")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in json_lines(seed(worker)))
        file.flush()
        load(Path(file.name), actor="demo", reason="agreements of the demonstration")


def main() -> None:
    """Run the command; exit code 2 and plain words for a reason that is known."""
    try:
        typer.run(command)
    except Exception as error:
        words = told(error)
        if words is None:
            raise
        sys.stderr.write(f"{words}\n")
        raise SystemExit(REFUSED) from error


if __name__ == "__main__":
    main()
