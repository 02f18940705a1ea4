"""The local stack: real Kafka and PostgreSQL with Kelmu's services on top, started and watched from here.

    async with LocalStack(root=Path(".local/up"), services=SERVICES) as stack:
        print(stack.kafka, stack.postgres)
        await stack.kill("kafka")  # SIGKILL; the watch brings it back
        await stack.wait_ready("kafka")

Nothing that it starts outlives it: an ordinary end stops everything in reverse order, and when this process
is killed the kernel ends its children (`tether`). What even that could miss is found by its pid file at the
next start.
"""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from deploy.local import kafka, postgres
from deploy.local.databases import provision_databases
from deploy.local.errors import StackError
from deploy.local.fetch import Distribution, ensure_distribution
from deploy.local.lock import Lock
from deploy.local.ports import HOST, choose_port
from deploy.local.processes import sweep
from deploy.local.secret_files import ensure_secrets, read_secret
from deploy.local.services import SECRETS, ServiceSpec, fill
from deploy.local.supervisor import ProcessSpec, Supervised

CHECKOUT = Path(__file__).resolve().parents[2]
LOCAL = CHECKOUT / ".local"
_SUPERUSER_SECRET = "postgres-superuser"  # noqa: S105 - the name of the file, not its content
_KAFKA, _POSTGRES = "KELMU_KAFKA", "KELMU_POSTGRES"


class LocalStack:
    """Kafka, PostgreSQL and services under one roof; an asynchronous context manager.

    Args:
        root: the stack's own folder: data, logs, secrets, pid files. One running stack per folder.
        services: those started together with the stack, in this order.
        environment: settings and what the services inherit; this process's own when not given. `KELMU_KAFKA`
            and `KELMU_POSTGRES` in it name servers that already run, to be used instead of own ones;
            `KELMU_KAFKA_PORT` and `KELMU_POSTGRES_PORT` fix the ports.
        distribution: folder for the fetched programs, shared by all stacks of the checkout.

    Attributes:
        kafka: bootstrap address, `host:port`.
        postgres: the superuser's connection URL.
        databases: each started service's own connection URL.
    """

    def __init__(
        self,
        root: Path,
        services: Sequence[ServiceSpec] = (),
        environment: Mapping[str, str] | None = None,
        distribution: Path = LOCAL / "dist",
    ) -> None:
        self.root = root.resolve()
        self.kafka = ""
        self.postgres = ""
        self.databases: dict[str, str] = {}
        self.urls: dict[str, str] = {}
        self._services = {spec.name: spec for spec in services}
        self._environment = dict(os.environ if environment is None else environment)
        self._distribution = distribution.resolve()
        self._processes: dict[str, Supervised] = {}
        self._lock = Lock(self.root / "lock")
        self._ports: dict[str, int] = {}

    @property
    def secrets(self) -> Path:
        """Folder of the secret files."""
        return self.root / "secrets"

    @property
    def logs(self) -> Path:
        """Folder of everything that the processes print."""
        return self.root / "log"

    async def __aenter__(self) -> Self:
        """Start everything and wait until it is ready; on any failure stop what had started."""
        self._lock.take()
        try:
            await self._start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything in reverse order."""
        await self.close()

    async def close(self) -> None:
        """Stop every process, the last started first, and give the folder free."""
        for process in reversed(list(self._processes.values())):
            await process.stop()
        self._processes.clear()
        (self.root / "endpoints.json").unlink(missing_ok=True)
        self._lock.release()

    async def start_service(self, service: str | ServiceSpec) -> None:
        """Start a service (again), by name or by a new specification, and wait until it is ready."""
        if isinstance(service, ServiceSpec):
            self._services[service.name] = service
            name = service.name
        else:
            name = service
        if name not in self._processes:
            if name not in self._services:
                raise StackError(
                    "process.unknown",
                    f"No service is called {name!r}.",
                    f"Known: {', '.join(self._services)}.",
                )
            await self._add(await self._prepare_service(self._services[name]))
        await self._processes[name].start()
        await self.wait_ready(name)
        self._write_endpoints()

    async def stop(self, name: str) -> None:
        """Stop a process (also `kafka`, `postgres`) in good order; it stays down until started again."""
        await self._process(name).stop()

    async def start(self, name: str) -> None:
        """Start a stopped process and wait until it is ready."""
        await self._process(name).start()
        await self.wait_ready(name)

    async def kill(self, name: str) -> None:
        """SIGKILL a process as a crash would; returns when it is gone, and the watch starts it again."""
        await self._process(name).kill()

    async def restart(self, name: str) -> None:
        """Stop a process in good order, start it and wait until it is ready."""
        await self.stop(name)
        await self.start(name)

    async def wait_ready(self, name: str, deadline: float | None = None) -> None:
        """Wait until a process serves.

        Args:
            name: the process.
            deadline: seconds to wait at most.

        Raises:
            StackError: `process.failed` or `process.slow`, with the end of its log.
        """
        await self._process(name).wait_ready(deadline)

    def pid(self, name: str) -> int | None:
        """The process id; None while it is down."""
        return self._process(name).pid

    def restarts(self, name: str) -> int:
        """How many times the watch has started it again."""
        return self._process(name).restarts

    def names(self) -> list[str]:
        """The processes of this stack, in the order they were started."""
        return list(self._processes)

    async def _start(self) -> None:
        for folder in (self.logs, self.root / "run"):
            folder.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(sweep, self.root / "run")
        self._ports = self._last_ports()
        ensure_secrets(self.secrets, [(_SUPERUSER_SECRET, "password"), *SECRETS])
        self.kafka, self.postgres = self._environment.get(_KAFKA, ""), self._environment.get(_POSTGRES, "")
        jobs = []
        if not self.postgres:
            jobs.append(self._start_postgres())
        if not self.kafka:
            jobs.append(self._start_kafka())
        if jobs:
            async with asyncio.TaskGroup() as group:
                for job in jobs:
                    group.create_task(job)
        self._write_endpoints()
        for name in list(self._services):
            await self.start_service(name)

    async def _start_postgres(self) -> None:
        port = self._port("postgres")
        password = read_secret(self.secrets, _SUPERUSER_SECRET)
        distribution = await self._programs()
        spec = await asyncio.to_thread(postgres.prepare, distribution, self.root / "postgres", port, password)
        self.postgres = postgres.url(port, password)
        await (await self._add(spec)).start()
        await self.wait_ready(spec.name)

    async def _start_kafka(self) -> None:
        port, controller = self._port("kafka"), self._port("kafka_controller")
        distribution = await self._programs()
        spec = await asyncio.to_thread(kafka.prepare, distribution, self.root / "kafka", port, controller)
        self.kafka = f"{HOST}:{port}"
        await (await self._add(spec)).start()
        await self.wait_ready(spec.name)

    async def _programs(self) -> Distribution:
        return await asyncio.to_thread(ensure_distribution, self._distribution)

    async def _prepare_service(self, spec: ServiceSpec) -> ProcessSpec:
        self.databases |= await provision_databases(self.postgres, [spec.name], self.secrets)
        values = {"kafka": self.kafka, "database": self.databases[spec.name]}
        values |= {"secrets": str(self.secrets), "root": str(self.root)}
        if spec.port_setting is not None:
            port = choose_port(spec.port_setting, self._environment, self._ports.get(spec.name))
            self._ports[spec.name] = port
            values["port"] = str(port)
            self.urls[spec.name] = f"http://{HOST}:{port}"
        inherited = {key: value for key, value in self._environment.items() if key != _POSTGRES}
        ready_url = None if spec.ready_url is None else fill(spec.ready_url, values)
        return ProcessSpec(
            name=spec.name,
            argv=tuple(fill(part, values) for part in spec.argv),
            environment=inherited | {key: fill(value, values) for key, value in spec.environment.items()},
            cwd=CHECKOUT,
            ready=None if ready_url is None else lambda: _answers(ready_url),
            ready_within=spec.ready_within,
        )

    async def _add(self, spec: ProcessSpec) -> Supervised:
        process = Supervised(spec, run=self.root / "run", logs=self.logs)
        self._processes[spec.name] = process
        return process

    def _process(self, name: str) -> Supervised:
        if name not in self._processes:
            raise StackError(
                "process.unknown",
                f"This stack runs no process {name!r}.",
                f"It runs {', '.join(self._processes)}.",
            )
        return self._processes[name]

    def _port(self, name: str) -> int:
        self._ports[name] = choose_port(
            f"KELMU_{name.upper()}_PORT", self._environment, self._ports.get(name)
        )
        (self.root / "ports.json").write_text(json.dumps(self._ports), encoding="utf-8")
        return self._ports[name]

    def _last_ports(self) -> dict[str, int]:
        try:
            return dict(json.loads((self.root / "ports.json").read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError):
            return {}

    def _write_endpoints(self) -> None:
        path = self.root / "endpoints.json"
        path.touch(mode=0o600)
        found = {"kafka": self.kafka, "postgres": self.postgres, "urls": self.urls}
        path.write_text(json.dumps(found), encoding="utf-8")


async def _answers(url: str) -> bool:
    """Whether an HTTP server answers this URL with success."""
    try:
        async with httpx.AsyncClient(timeout=3, trust_env=False) as client:
            return (await client.get(url)).is_success
    except httpx.HTTPError:
        return False
