"""TCP ports on the loopback interface: configured ones are checked, others are chosen free."""

import random
import socket
from collections.abc import Collection, Mapping
from pathlib import Path

from deploy.local.errors import StackError

HOST = "127.0.0.1"
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST, _TRIES = 20000, 200
_LAST = 65535
"""The last TCP port (RFC 9293)."""


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Whether something accepts TCP connections on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def free_port(avoid: Collection[int] = ()) -> int:
    """A free loopback port below the ephemeral range, and none of those to `avoid`.

    A port inside that range would be unsafe for a server that gets restarted: while it is down, a client's
    own outgoing connection may be given the very port it is trying to reach.
    """
    highest = int(_EPHEMERAL.read_text(encoding="ascii").split()[0]) - 1 if _EPHEMERAL.exists() else 32767
    lowest = min(_LOWEST, highest - 1000)
    for _ in range(_TRIES):
        port = random.SystemRandom().randint(lowest, highest)
        if port not in avoid and is_free(port):
            return port
    raise StackError("port.none", f"No free port between {lowest} and {highest}.", "End what holds them.")


def choose_port(
    setting: str, environment: Mapping[str, str], last: int | None = None, avoid: Collection[int] = ()
) -> int:
    """The port that `setting` names; without it, the last one if still free, else any free one.

    Args:
        setting: name of the environment variable, such as `KELMU_KAFKA_PORT`.
        environment: where to look it up.
        last: the port of this stack's previous run, so that clients find it again.
        avoid: ports already given to others of this stack, which may not listen yet.

    Raises:
        StackError: `port.invalid` when the setting is no port, `port.taken` when somebody else listens there.
    """
    configured = environment.get(setting, "").strip()
    if not configured:
        return last if last is not None and last not in avoid and is_free(last) else free_port(avoid)
    if not (configured.isascii() and configured.isdigit()) or not 1 <= int(configured) <= _LAST:
        raise StackError(
            "port.invalid",
            f"{setting}={configured} is not a TCP port.",
            f"Set {setting} to a number from 1 to 65535, or unset it to have a free port chosen.",
        )
    port = int(configured)
    if not is_free(port):
        raise StackError(
            "port.taken",
            f"Port {port} ({setting}) on {HOST} is already in use.",
            f"End what listens there (`ss -ltnp 'sport = :{port}'` shows it), or set {setting} to another "
            "port, or unset it to have a free one chosen.",
        )
    return port
