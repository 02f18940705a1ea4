"""Kelmu's own processes on the local stack, as one table. A new process is a new row.

In `argv`, `environment` and `ready_url` these names in braces are filled in at start:
`{python}` this interpreter, `{kafka}` Kafka's address, `{database}` the address of the service's own
database without credentials, `{secrets}` the folder with the secrets that this process holds, `{port}` the
port it listens on, `{NAME_port}` the port of the process NAME, `{root}` the stack's folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """How one process is started.

    Attributes:
        name: the process's name, as the table of secrets knows it; its database is `kelmu_NAME`.
        argv: program and arguments.
        environment: settings beside those that every process inherits.
        migrations: service whose migrations bring its database up to date before its first start, if any.
        ready_url: answers with a 2xx status once it does its work; None when running is all there is to ask.
        port_setting: the variable that configures its port (else a free one); None when it listens nowhere.
        database: whether it has a database.
        ready_within: seconds that a start may take.
    """

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    migrations: str | None = None
    ready_url: str | None = None
    port_setting: str | None = None
    database: bool = True
    ready_within: float = 30.0


_PYTHON = "{python}"


def _service(name: str, **environment: str) -> ServiceSpec:
    """A service of ours: migrated before it starts, ready when its /ready says so."""
    return ServiceSpec(
        name=name,
        argv=(_PYTHON, "-m", f"services.{name}.app"),
        environment={
            "KELMU_KAFKA": "{kafka}",
            "KELMU_DATABASE": "{database}",
            "KELMU_SECRETS": "{secrets}",
            "KELMU_CLOCK_FILE": "{root}/clock.json",
            "KELMU_HTTP_PORT": "{port}",
            "KELMU_INSTANCE": f"{name}-1",
            **environment,
        },
        migrations=name,
        ready_url="http://127.0.0.1:{port}/ready",
        port_setting=f"KELMU_{name.upper()}_PORT",
    )


SERVICES: tuple[ServiceSpec, ...] = (
    _service("agreements"),
    _service("audit", KELMU_ARTIFICIAL_CODES="true"),
    _service("billing"),
    _service("claims", KELMU_ARTIFICIAL_CODES="true"),
    _service("lookup", KELMU_ARTIFICIAL_CODES="true"),
    _service("witness"),
    ServiceSpec(
        name="devidp",
        argv=(_PYTHON, "-m", "deploy.devidp"),
        environment={
            "KELMU_DEVIDP_SECRETS": "{secrets}",
            "KELMU_DEVIDP_PORT": "{port}",
            "KELMU_DEVIDP_ISSUER": "http://127.0.0.1:{port}",
            "KELMU_DEVIDP_USERS": "{root}/workers.json",
            "KELMU_DEVIDP_REDIRECT_URIS": "http://127.0.0.1:{gateway_port}/sign-in/callback",
        },
        ready_url="http://127.0.0.1:{port}/.well-known/openid-configuration",
        port_setting="KELMU_DEVIDP_PORT",
        database=False,
    ),
    _service(
        "gateway",
        KELMU_OIDC_ISSUER="http://127.0.0.1:{devidp_port}",
        KELMU_PUBLIC_URL="http://127.0.0.1:{port}",
        KELMU_COOKIE_SECURE="false",
    ),
)
