"""Kelmu's own processes on the local stack, as one table. A new service is a new row.

In `argv`, `environment` and `ready_url` these names in braces are filled in at start: `{python}` this
interpreter, `{kafka}` Kafka's address, `{database}` the URL of the service's own database, `{secrets}` the
folder of the secret files, `{port}` the port that the service listens on, `{root}` the stack's folder.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy.local.secret_files import SecretKind

PREFIX = "KELMU_"


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """How one service is started.

    Attributes:
        name: the service's name; its database is `kelmu_NAME`.
        argv: program and arguments.
        environment: settings beside those that every service inherits.
        ready_url: answers with a 2xx status once the service does its work; None when running is all that is
        asked. port_setting: the variable that configures its port (else a free one); None when it listens
        nowhere. ready_within: seconds that a start may take.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_url: str | None = None
    port_setting: str | None = None
    ready_within: float = 30.0


SECRETS: tuple[tuple[str, SecretKind], ...] = ()

SERVICES: tuple[ServiceSpec, ...] = ()


def fill(text: str, values: Mapping[str, str]) -> str:
    """A template of this table with its names filled in."""
    return text.format_map({"python": sys.executable, **values})
