"""The same two servers in containers, for `KELMU_TEST_STACK=docker`."""

import asyncio
import os
import secrets
from typing import TYPE_CHECKING, Self

from testcontainers.core.container import DockerContainer

from deploy.local import kafka, postgres
from deploy.local.ports import HOST, free_port
from tests.harness.consuming import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

KAFKA_IMAGE = os.environ.get("KELMU_TEST_KAFKA_IMAGE", "apache/kafka:4.4.0")
POSTGRES_IMAGE = os.environ.get("KELMU_TEST_POSTGRES_IMAGE", "postgres:18")
_CONTROLLER_PORT = 9093


class DockerStack:
    """Kafka and PostgreSQL as containers, with the settings that the local stack gives them."""

    def __init__(self) -> None:
        self._kafka_port, self._postgres_port = free_port(), free_port()
        self._password = secrets.token_urlsafe(24)
        self.kafka = f"{HOST}:{self._kafka_port}"
        self.postgres = postgres.url(self._postgres_port, self._password)
        self._containers = {"kafka": self._kafka(), "postgres": self._postgres()}
        self._ready: dict[str, Callable[[], Awaitable[bool]]] = {
            "kafka": lambda: kafka.is_ready(self._kafka_port),
            "postgres": lambda: postgres.is_ready(self._postgres_port, self._password),
        }

    async def __aenter__(self) -> Self:
        await asyncio.gather(*(asyncio.to_thread(container.start) for container in self._containers.values()))
        for name in self._containers:
            await self.wait_ready(name)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        for container in self._containers.values():
            await asyncio.to_thread(container.stop)

    async def kill(self, name: str) -> None:
        """SIGKILL the server and start it again, as the local stack's watch does."""
        container = self._containers[name].get_wrapped_container()
        await asyncio.to_thread(container.kill)
        await asyncio.to_thread(container.start)

    async def stop(self, name: str) -> None:
        await asyncio.to_thread(self._containers[name].get_wrapped_container().stop)

    async def start(self, name: str) -> None:
        await asyncio.to_thread(self._containers[name].get_wrapped_container().start)
        await self.wait_ready(name)

    async def restart(self, name: str) -> None:
        await self.stop(name)
        await self.start(name)

    async def wait_ready(self, name: str, deadline: float | None = None) -> None:
        await until(self._ready[name], bool, 90 if deadline is None else deadline)

    def _kafka(self) -> DockerContainer:
        placed = {
            "listeners": f"PLAIN://0.0.0.0:{self._kafka_port},CONTROLLER://{HOST}:{_CONTROLLER_PORT}",
            "advertised.listeners": f"PLAIN://{self.kafka}",
            "controller.quorum.voters": f"1@{HOST}:{_CONTROLLER_PORT}",
        }
        container = DockerContainer(KAFKA_IMAGE).with_bind_ports(self._kafka_port, self._kafka_port)
        for key, value in {**dict(kafka.SETTINGS), **placed}.items():
            container = container.with_env("KAFKA_" + key.upper().replace(".", "_"), value)
        return container

    def _postgres(self) -> DockerContainer:
        skipped = {"listen_addresses", "unix_socket_directories"}  # the image's own entry point needs them
        options = " ".join(f"-c '{key}={value}'" for key, value in postgres.SETTINGS if key not in skipped)
        return (
            DockerContainer(POSTGRES_IMAGE)
            .with_bind_ports(5432, self._postgres_port)
            .with_env("POSTGRES_PASSWORD", self._password)
            .with_command(options)
        )
