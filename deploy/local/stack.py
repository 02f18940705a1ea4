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

from deploy.local import kafka, postgres
from deploy.local.errors import StackError
from deploy.local.fetch import PROGRAMS, Distribution, ensure_distribution
from deploy.local.lock import Lock
from deploy.local.ports import HOST, choose_port
from deploy.local.processes import sweep
from deploy.local.secret_files import ensure_secrets, read_secret
from deploy.local.services import ServiceSpec
from deploy.local.supervisor import ProcessSpec, Supervised
from deploy.local.wiring import Surroundings, grant, migrate, process_for, provision, url_of
from shared.bus.provision import provision as provision_topics

LOCAL = PROGRAMS.parent
_SUPERUSER = "postgres-superuser"


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
        databases: connection URL of each started service's own database, as its own role.
        urls: address of each service that listens.
    """

    def __init__(
        self,
        root: Path,
        services: Sequence[ServiceSpec] = (),
        environment: Mapping[str, str] | None = None,
        distribution: Path = PROGRAMS,
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
        """Folder of all secret files."""
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
        except BaseExceptionGroup as group:
            await self.close()
            raise _first(group) from group
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
        for name in reversed(self.names()):
            await self._processes[name].stop()
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
                known = ", ".join(self._services)
                raise StackError("process.unknown", f"No service is called {name!r}.", f"Known: {known}.")
            await self._add_service(self._services[name])
        await self.start(name)

    async def start(self, name: str) -> None:
        """Start a stopped process and wait until it is ready."""
        await self._process(name).start()
        await self.wait_ready(name)

    async def stop(self, name: str) -> None:
        """Stop a process (also `kafka`, `postgres`) in good order; it stays down until started again."""
        await self._process(name).stop()

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
            deadline: seconds to wait at most; the process's own limit when not given.

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

    def grant(self, holder: str) -> Path:
        """The folder with the secrets that `holder` holds by `shared.secrets.TABLE`, made if need be."""
        return grant(holder, self._surroundings())

    def names(self) -> list[str]:
        """The processes of this stack: the servers, then the services in the order they were given."""
        order = [postgres.NAME, kafka.NAME, *self._services]
        return sorted(self._processes, key=order.index)

    async def _start(self) -> None:
        for folder in (self.logs, self.root / "run"):
            folder.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread(sweep, self.root / "run")
        self._ports = self._last_ports()
        ensure_secrets(self.secrets, [(_SUPERUSER, "password")])
        self.kafka = self._environment.get("KELMU_KAFKA", "")
        self.postgres = self._environment.get("KELMU_POSTGRES", "")
        own = {"postgres": not self.postgres, "kafka": not self.kafka}
        self._choose_ports(own)
        if any(own.values()):
            programs = await asyncio.to_thread(ensure_distribution, self._distribution)
            async with asyncio.TaskGroup() as group:
                if own["postgres"]:
                    group.create_task(self._start_postgres(programs))
                if own["kafka"]:
                    group.create_task(self._start_kafka(programs))
        self._write_endpoints()
        if self._services:
            await provision_topics(self.kafka)
        async with asyncio.TaskGroup() as group:  # side by side: each waits for what it needs of the others
            for name in list(self._services):
                group.create_task(self.start_service(name))

    async def _start_postgres(self, programs: Distribution) -> None:
        port, password = self._ports["postgres"], read_secret(self.secrets, _SUPERUSER)
        self.postgres = postgres.url(port, password)
        spec = await asyncio.to_thread(postgres.prepare, programs, self.root / "postgres", port, password)
        self._add(spec)
        await self.start(spec.name)

    async def _start_kafka(self, programs: Distribution) -> None:
        port, controller = self._ports["kafka"], self._ports["kafka_controller"]
        self.kafka = f"{HOST}:{port}"
        spec = await asyncio.to_thread(kafka.prepare, programs, self.root / "kafka", port, controller)
        self._add(spec)
        await self.start(spec.name)

    async def _add_service(self, spec: ServiceSpec) -> None:
        if spec.port_setting is not None and spec.name not in self.urls:
            self._choose_port(spec.name, spec.port_setting)
        around = self._surroundings()
        database = await provision(spec, around)
        if database is not None:
            self.databases[spec.name] = database
            await migrate(spec, around)
        self._add(process_for(spec, around))
        self._write_endpoints()

    def _surroundings(self) -> Surroundings:
        return Surroundings(self.root, self.kafka, self.postgres, self._environment, self._ports)

    def _add(self, spec: ProcessSpec) -> None:
        self._processes[spec.name] = Supervised(spec, run=self.root / "run", logs=self.logs)

    def _process(self, name: str) -> Supervised:
        if name not in self._processes:
            known = ", ".join(self._processes)
            raise StackError("process.unknown", f"This stack runs no process {name!r}.", f"It runs {known}.")
        return self._processes[name]

    def _choose_ports(self, own: Mapping[str, bool]) -> None:
        """Settle every port before anything starts: services need to know each other's."""
        for name, starts in {**own, "kafka_controller": own["kafka"]}.items():
            if starts:
                self._choose_port(name, f"KELMU_{name.upper()}_PORT")
        for spec in self._services.values():
            if spec.port_setting is not None:
                self._choose_port(spec.name, spec.port_setting)
                self.urls[spec.name] = url_of(self._ports[spec.name])

    def _choose_port(self, name: str, setting: str) -> None:
        last = self._ports.pop(name, None)
        self._ports[name] = choose_port(setting, self._environment, last, frozenset(self._ports.values()))
        (self.root / "ports.json").write_text(json.dumps(self._ports), encoding="utf-8")

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


def _first(group: BaseExceptionGroup) -> BaseException:
    """The failure that a person should read, out of those of several servers that started side by side."""
    told = group.subgroup(StackError) or group
    error: BaseException = told
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
