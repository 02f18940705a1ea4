"""One PostgreSQL server as a plain process, durable (fsync on) and reachable by TCP only."""

import asyncio
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import asyncpg

from deploy.local.errors import StackError
from deploy.local.fetch import Distribution
from deploy.local.ports import HOST, accepts
from deploy.local.processes import end, tethered, working_in
from deploy.local.supervisor import ProcessSpec

NAME = "postgres"
SUPERUSER = "postgres"
_UNPRIVILEGED = "nobody"

SETTINGS: tuple[tuple[str, str], ...] = (
    ("listen_addresses", HOST),
    ("unix_socket_directories", ""),
    ("max_connections", "300"),
    ("shared_buffers", "512MB"),
    ("max_wal_size", "2GB"),
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("full_page_writes", "on"),
    ("jit", "off"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("log_line_prefix", "%m [%p] %u@%d "),
    # a failing statement, its DETAIL and even the error's own words may hold personal data: clients get them, no log
    ("log_min_messages", "log"),
    ("log_error_verbosity", "terse"),
    ("log_min_error_statement", "panic"),
    ("log_parameter_max_length", "0"),
    ("log_parameter_max_length_on_error", "0"),
)


def unprivileged_user() -> tuple[int, int] | None:
    """User and group id to run PostgreSQL under: it refuses root. None when we are not root."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(_UNPRIVILEGED)
    return entry.pw_uid, entry.pw_gid


def reachable(folder: Path) -> bool:
    """Whether a user without rights of its own could get into `folder`."""
    existing = next(path for path in (folder, *folder.parents) if path.exists()).resolve()
    return all(path.stat().st_mode & 0o001 for path in (existing, *existing.parents))


def home_for(folder: Path, user: tuple[int, int] | None) -> Path:
    """The folder itself, or one in /var/tmp when the unprivileged user could not enter it (as in /root).

    The place depends on the folder's path only, so that a later start finds its data again.
    """
    if user is None or reachable(folder.parent):
        return folder
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return Path("/var/tmp") / f"kelmu-{digest}"  # noqa: S108 - created below with rights for its owner only


def data_of(folder: Path) -> Path:
    """The data directory of the server that has its place in `folder`."""
    return home_for(folder, unprivileged_user()) / "data"


def url(port: int, password: str, database: str = "postgres") -> str:
    """The superuser's connection URL."""
    return f"postgresql://{SUPERUSER}:{password}@{HOST}:{port}/{database}"


def prepare(distribution: Distribution, folder: Path, port: int, password: str) -> ProcessSpec:
    """Create the cluster the first time, and tell how to run the server.

    Args:
        distribution: where PostgreSQL is installed.
        folder: this server's own folder.
        port: where clients connect.
        password: the superuser's; takes effect when the cluster is created.

    Raises:
        StackError: `postgres.initdb` when the cluster cannot be created.
    """
    user = unprivileged_user()
    home = home_for(folder, user)
    programs = distribution.postgres
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is not None:
        os.chown(home, *user)
        if not reachable(programs):
            programs = home / f"programs-{programs.parent.name}"
            _copy(distribution.postgres, programs)
    data = home / "data"
    if not data.exists():
        _create_cluster(programs, home, data, password, user)
    options = [part for key, value in (*SETTINGS, ("port", str(port))) for part in ("-c", f"{key}={value}")]
    return ProcessSpec(
        name=NAME,
        argv=(str(programs / "bin" / "postgres"), "-D", str(data), *options),
        environment={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        cwd=home,
        ready=lambda: is_ready(port, password),
        ready_within=60.0,
        stop_signal=signal.SIGINT,  # fast shutdown: sessions are ended, a checkpoint is written
        stop_within=20.0,
        death_signal=signal.SIGQUIT,  # immediate shutdown: the server takes its own children with it
        user=user,
        before_start=lambda: clear(data),
    )


def clear(data: Path) -> None:
    """Make a data directory startable after its server was killed.

    Sessions of a killed postmaster may live on for a moment and hold its shared memory; they are ended
    first. The lock file is removed only when no server process stands in the directory, because its process
    id may by now belong to somebody else, which would make the next server refuse.
    """
    end(list(working_in(data)), first=signal.SIGQUIT)
    (data / "postmaster.pid").unlink(missing_ok=True)


async def is_ready(port: int, password: str) -> bool:
    """Whether the server answers a query."""
    if not accepts(port):
        return False
    try:
        connection = await asyncpg.connect(url(port, password), timeout=3)
    except (ConnectionError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return False
    try:
        return bool(await asyncio.wait_for(connection.fetchval("select 1"), 3) == 1)
    except (ConnectionError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return False
    finally:
        connection.terminate()


def _copy(source: Path, target: Path) -> None:
    """Copy a folder, so that it is there whole or not at all."""
    if not target.exists():
        partial = target.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(source, partial, symlinks=True)
        partial.rename(target)


def _create_cluster(programs: Path, home: Path, data: Path, password: str, user: tuple[int, int] | None) -> None:
    """Run initdb beside the final place, so that an interrupted one is never taken for a cluster."""
    fresh = home / "data.partial"
    shutil.rmtree(fresh, ignore_errors=True)
    with tempfile.NamedTemporaryFile("w", dir=home, encoding="ascii") as secret:
        secret.write(password)
        secret.flush()
        if user is not None:
            os.chown(secret.name, *user)
        command = [str(programs / "bin" / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8"]
        command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--builtin-locale=C.UTF-8", "--no-sync"]
        command += ["-A", "scram-sha-256", f"--pwfile={secret.name}"]
        ran = subprocess.run(
            tethered(command, user),
            capture_output=True,
            text=True,
            check=False,
            cwd=home,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        )
    if ran.returncode != 0:
        raise StackError(
            "postgres.initdb",
            f"PostgreSQL's cluster could not be created: {ran.stderr[-2000:]}",
            f"See {home}.",
        )
    fresh.rename(data)
