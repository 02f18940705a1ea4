"""`docker compose` on this checkout, under a project name of its own: commands, their output, who is healthy."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).resolve().parents[2]
_SHOWN: Final = 25
"""Lines of what a failed command said last."""


class ComposeFailed(Exception):
    """A command failed, or a container is not what it must be; the text says which, and what was seen."""


@dataclass(frozen=True, slots=True)
class Container:
    """One container: its process, and how it stands."""

    name: str
    service: str
    state: str
    health: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Compose:
    """The compose file of this checkout.

    Attributes:
        project: keeps containers, networks and volumes apart from those of anybody else.
        settings: for the file, such as `KELMU_GATEWAY_PORT`; they go before what `.env` says.
    """

    project: str
    settings: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, seconds: float = 300) -> str:
        """Run one command of `docker compose`; what it printed.

        Raises:
            ComposeFailed: it ended with another code than 0, or not in time.
        """
        return docker("compose", "--project-name", self.project, *arguments, seconds=seconds, settings=self.settings)

    def inside(self, service: str, *command: str) -> str:
        """Run a command in a running container, as an operator does; what it printed."""
        return self.run("exec", "-T", service, *command, seconds=60)

    def containers(self, *services: str) -> list[Container]:
        """The containers that there are, ended ones too."""
        return list(_containers(self.run("ps", "--all", "--format", "json", *services)))

    def unhealthy(self) -> list[Container]:
        """Those that neither run and are healthy nor have ended well."""
        return [one for one in self.containers() if (one.state, one.health, one.exit_code) not in _WELL]

    def left(self) -> list[str]:
        """Containers and volumes of the project that are still there."""
        label = f"label=com.docker.compose.project={self.project}"
        there = docker("ps", "--all", "--quiet", "--filter", label)
        return [*there.split(), *docker("volume", "ls", "--quiet", "--filter", label).split()]


_WELL: Final = frozenset({("running", "healthy", 0), ("exited", "", 0)})


def needed() -> str | None:
    """What is missing for `docker compose` to work here, and what to do; None when nothing is."""
    if shutil.which("docker") is None:
        return "Docker is missing. Install Docker Engine with Compose 2, or use `make up`, which needs no Docker."
    for command, words in (
        (("info",), "The Docker daemon does not answer. Start it, and see that you may use it (group `docker`)."),
        (("compose", "version"), "`docker compose` is missing. Install the plugin for Compose 2."),
    ):
        try:
            docker(*command, seconds=30)
        except ComposeFailed:
            return words
    return None


def docker(*arguments: str, seconds: float = 60, settings: Mapping[str, str] | None = None) -> str:
    """Run one command of `docker` in the checkout; what it printed.

    Raises:
        ComposeFailed: it ended with another code than 0, or not in time.
    """
    program = shutil.which("docker") or "docker"
    try:
        ran = subprocess.run(  # noqa: S603  # the found program and words of ours, through no shell
            (program, *arguments),
            cwd=CHECKOUT,
            env={**os.environ, **(settings or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ComposeFailed(f"`docker {' '.join(arguments)}` did not end within {seconds:.0f} s.") from error
    if ran.returncode:
        said = "\n".join((ran.stdout + ran.stderr).strip().splitlines()[-_SHOWN:])
        raise ComposeFailed(f"`docker {' '.join(arguments)}` ended with {ran.returncode}:\n{said}")
    return ran.stdout


def _containers(printed: str) -> Iterator[Container]:
    """One JSON object a line; older releases of Compose print one array."""
    rows: Sequence[Mapping[str, str | int]] = (
        json.loads(printed) if printed.startswith("[") else [json.loads(line) for line in printed.splitlines() if line]
    )
    for row in rows:
        yield Container(
            str(row["Name"]), str(row["Service"]), str(row["State"]), str(row["Health"]), int(row["ExitCode"])
        )
