"""One Kafka node (KRaft, broker and controller in one process) as a plain process."""

import asyncio
import os
import shutil
import signal
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.errors import StackError
from deploy.local.fetch import Distribution
from deploy.local.ports import HOST, accepts
from deploy.local.processes import tethered
from deploy.local.supervisor import ProcessSpec

NAME = "kafka"
_LOGGING = Path(__file__).with_name("log4j2.properties")
# A local broker lives for minutes on few cores: there the optimising compiler and a concurrent collector take more
# than they give (a look-up's p99 at 100/s is a third of what it is with them).
_JVM = (
    "-Xms256m",
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Djava.awt.headless=true",
)

SETTINGS: tuple[tuple[str, str], ...] = (
    ("process.roles", "broker,controller"),
    ("node.id", "1"),
    ("controller.listener.names", "CONTROLLER"),
    ("inter.broker.listener.name", "PLAIN"),
    ("listener.security.protocol.map", "PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT"),
    ("auto.create.topics.enable", "false"),  # a misspelt topic is an error, not a new topic
    ("log.message.timestamp.type", "LogAppendTime"),  # else records of 2016 are past their retention at once
    ("message.max.bytes", "1048576"),
    ("num.partitions", "1"),
    ("default.replication.factor", "1"),
    ("min.insync.replicas", "1"),
    ("offsets.topic.replication.factor", "1"),
    ("offsets.topic.num.partitions", "4"),
    ("transaction.state.log.replication.factor", "1"),
    ("transaction.state.log.min.isr", "1"),
    ("transaction.state.log.num.partitions", "4"),
    ("share.coordinator.state.topic.replication.factor", "1"),
    ("share.coordinator.state.topic.min.isr", "1"),
    ("share.coordinator.state.topic.num.partitions", "1"),
    ("group.initial.rebalance.delay.ms", "0"),
    ("group.min.session.timeout.ms", "2000"),  # lets a killed consumer be noticed soon, if it asks for that
    ("num.network.threads", "2"),
    ("num.io.threads", "4"),
    ("num.recovery.threads.per.data.dir", "2"),
    ("log.cleaner.dedupe.buffer.size", "8388608"),  # the default takes a quarter of this small heap
    ("log.segment.delete.delay.ms", "1000"),
    # a killed node may come back only after its old session has ended
    ("broker.session.timeout.ms", "3000"),
    ("broker.heartbeat.interval.ms", "500"),
)


def configuration(data: Path, port: int, controller_port: int) -> str:
    """The text of `server.properties`."""
    listeners = f"PLAIN://{HOST}:{port},CONTROLLER://{HOST}:{controller_port}"
    placed = (
        ("log.dirs", str(data)),
        ("listeners", listeners),
        ("advertised.listeners", f"PLAIN://{HOST}:{port}"),
        ("controller.quorum.voters", f"1@{HOST}:{controller_port}"),
    )
    return "".join(f"{key}={value}\n" for key, value in SETTINGS + placed)


def prepare(distribution: Distribution, home: Path, port: int, controller_port: int) -> ProcessSpec:
    """Write the configuration, format the storage the first time, and tell how to run the node.

    Args:
        distribution: where Kafka's jars are.
        home: this node's own folder.
        port: where clients connect.
        controller_port: where the node's controller listens to its own broker.

    Raises:
        StackError: `kafka.format` when the storage cannot be formatted.
    """
    home.mkdir(parents=True, exist_ok=True)
    data, config, formatted = home / "data", home / "server.properties", home / "formatted"
    config.write_text(configuration(data, port, controller_port), encoding="utf-8")
    fresh = home / "classes.jsa"
    fresh.unlink(missing_ok=True)
    java = [str(distribution.java), *_JVM, f"-Dlog4j2.configurationFile={_LOGGING}"]
    java += ["-Xlog:disable", "-cp", f"{distribution.kafka}/*"]
    archiving = [f"-XX:ArchiveClassesAtExit={fresh}"]
    if distribution.archive.exists():
        java.append(f"-XX:SharedArchiveFile={distribution.archive}")
        archiving = []
    if not formatted.exists():
        shutil.rmtree(data, ignore_errors=True)
        formatted.write_text(_format(java, home, config), encoding="ascii")
    return ProcessSpec(
        name=NAME,
        argv=(*java, *archiving, "kafka.Kafka", str(config)),
        environment=dict(os.environ),
        cwd=home,
        ready=lambda: is_ready(port),
        ready_within=60.0,
        stop_signal=signal.SIGTERM,
        stop_within=30.0,
        death_signal=signal.SIGKILL,
        after_stop=lambda: _keep(fresh, distribution.archive),
    )


def new_cluster_id() -> str:
    """A random id in the form of Kafka's own; a leading hyphen would be read as an option, as its makers know too."""
    return "K" + urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")[1:]


def _format(java: list[str], home: Path, config: Path) -> str:
    """Format the storage; returns the new cluster's id."""
    cluster = new_cluster_id()
    command = [*java, "-XX:TieredStopAtLevel=1", "kafka.tools.StorageTool", "format"]
    command += ["--cluster-id", cluster, "--config", str(config)]
    ran = subprocess.run(tethered(command), capture_output=True, text=True, check=False, cwd=home)
    if ran.returncode != 0:
        told = ran.stderr[-2000:]
        raise StackError("kafka.format", f"Kafka's storage could not be formatted: {told}", f"See {home}.")
    return cluster


def _keep(fresh: Path, archive: Path) -> None:
    """Share the class archive that the first clean stop wrote; the move makes it appear whole or not at all."""
    if fresh.exists():
        fresh.replace(archive)


async def is_ready(port: int) -> bool:
    """Whether the broker answers for its metadata and is let in by its controller."""
    if not accepts(port):
        return False
    admin = AIOKafkaAdminClient(bootstrap_servers=f"{HOST}:{port}", request_timeout_ms=3000)
    try:
        await asyncio.wait_for(admin.start(), 5)
        cluster = await asyncio.wait_for(admin.describe_cluster(), 5)
    except (KafkaError, ConnectionError, TimeoutError):
        return False
    finally:
        await admin.close()
    return bool(cluster["brokers"])
