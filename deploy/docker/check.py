"""Tries the containers for real: build, start, use, restart, scale, stop. `make compose-check` runs it.

It takes a project name and ports of its own, so that a stack that runs beside it stays as it is; what it made is
deleted at the end. Exit code 0: every step came out as it must; 1: one did not, and it says which; 2: Docker is not
there.
"""

import asyncio
import re
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

import httpx

from deploy.demo.agreements.named import demo_worker
from deploy.demo.agreements.parties import business_id
from deploy.demo.client import GatewayClient, Reply
from deploy.demo.operating import DemonstrationFailed
from deploy.demo.stage import until
from deploy.demo.visits import ADVANCE
from deploy.docker.composed import Compose, ComposeFailed, docker, needed
from deploy.local.ports import free_port
from deploy.local.services import SERVICES

FAILED: Final = 1
MISSING: Final = 2
MEMBER: Final = "837"
MONTH: Final = "2016-12"
PERSONS: Final = 200
AT_MOST_MIB: Final = 200
"""Of memory for each process of Kelmu."""
SCALED_LOOK_UPS: Final = 10
_OFFERED: Final = re.compile(r"to look up: (.+)\.$", re.MULTILINE)
_MEMORY: Final = re.compile(r"([0-9.]+)(KiB|MiB|GiB) /")
_MIB: Final = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}
_CONTAINED: Final = """
[ "$(id -u)" = 10001 ] || { echo "runs as user $(id -u)"; exit 1; }
! touch /opt/kelmu/written 2>/dev/null && ! touch /etc/written 2>/dev/null || { echo "can write to its root"; exit 1; }
for tool in cc gcc g++ make cargo go node npm uv; do
  ! command -v $tool || { echo "$tool is in the image"; exit 1; }
done
grep -q '^CapEff:[[:space:]]*0000000000000000$' /proc/self/status || { echo "has capabilities"; exit 1; }
"""


class Check:
    """The steps, in their order, and what they found so far."""

    def __init__(self, compose: Compose, url: str) -> None:
        self._compose, self._url = compose, url
        self._began = time.monotonic()
        self._client = ""
        self._events: list[str] = []
        self._claims = 0

    def say(self, line: str) -> None:
        """One line of the report, with the seconds since the beginning."""
        sys.stdout.write(f"{time.monotonic() - self._began:6.1f} s  {line}\n")
        sys.stdout.flush()

    async def run(self) -> None:
        """Every step.

        Raises:
            ComposeFailed, DemonstrationFailed: one came out otherwise than it must.
        """
        self._compose.run("build", seconds=900)
        self.say(f"the image is built: {_mib(docker('image', 'inspect', '-f', '{{.Size}}', 'kelmu:local'))} MB")
        self.start()
        self.furnish()
        http = httpx.AsyncClient(timeout=30, headers={"Accept-Language": "en"})
        async with GatewayClient(self._url, http) as worker:
            await worker.sign_in(demo_worker("tampere").name)
            self.say("a worker has signed in")
            await self.look_up(worker)
            await self.claim(worker)
            await self.recorded("one look-up and one claim")
            self._compose.run("restart", "lookup")
            await until("lookup after its restart", self.healthy, 90)
            await self.look_up(worker)
            await self.recorded("after `restart lookup`, one look-up more")
            await self.scale(worker)
        self.memory()
        self.stop()

    def start(self) -> None:
        """All containers, healthy and without rights that they do not need."""
        self._compose.run("up", "--detach", "--wait")
        self._all_well()
        for spec in SERVICES:
            self._compose.inside(spec.name, "sh", "-c", _CONTAINED)
        self.say(
            f"{len(self._compose.containers())} containers are healthy or have ended well, without root or compiler"
        )

    def furnish(self) -> None:
        """Agreements, a small register, and somebody to look up."""
        offered = _OFFERED.search(self._compose.run("run", "--rm", "-T", "demo-data"))
        if offered is None:
            raise ComposeFailed("demo-data named nobody to look up.")
        self._client = offered[1].split(", ")[0]
        self.say(f"demo-data has told of {PERSONS} persons")

    async def look_up(self, worker: GatewayClient) -> None:
        """One look-up that shows data; the services may need a moment to hear of agreements and register."""

        async def shown() -> bool:
            reply = await worker.look_up(
                self._client, purpose="VERIFY", organisation=business_id(MEMBER), member=MEMBER
            )
            replies.append(reply)
            return reply.kind == "person_view"

        replies: list[Reply] = []
        await self._patiently("a look-up that shows data", shown, replies)
        self._events.append(str(replies[-1].body["access_event"]))

    async def claim(self, worker: GatewayClient) -> None:
        """One claim, with its receipt."""

        async def received() -> bool:
            replies.append(await worker.claim_status(key))
            return replies[-1].kind == "claim_receipt"

        key = f"{len(self._events):032x}"
        fields = {**ADVANCE, "idempotency_key": key, "identity_code": self._client, "account": f"T-{MEMBER}"}
        replies = [await worker.register_claim(**fields)]
        await self._patiently("the receipt of a claim", received, replies)
        self._claims += 1

    async def scale(self, worker: GatewayClient) -> None:
        """Two of billing share the work, and count each use once."""
        self._compose.run("up", "--detach", "--wait", "--scale", "billing=2")
        self._all_well()
        group = ("--describe", "--members", "--group", "kelmu-billing-usage")
        tool = "/opt/kafka/bin/kafka-consumer-groups.sh"

        async def shared() -> bool:
            printed = self._compose.inside("kafka", tool, "--bootstrap-server", "localhost:9092", *group)
            rows = [line.split() for line in printed.splitlines() if line.startswith("kelmu-billing-usage ")]
            return [int(row[-1]) > 0 for row in rows] == [True, True]

        await until("two of billing share the partitions", shared)
        for _ in range(SCALED_LOOK_UPS):
            await self.look_up(worker)
        await self.recorded(f"by two of billing, {SCALED_LOOK_UPS} look-ups more")

    async def recorded(self, what: str) -> None:
        """Every look-up is proven by the log, which is whole, and every use is counted once."""

        async def in_the_log() -> bool:
            try:
                self._compose.inside("audit", "kelmu", "audit", "proof", *self._events)
            except ComposeFailed as error:
                seen[:] = [str(error)]
                return False
            return True

        async def counted() -> bool:
            used = _used(self._compose.inside("billing", "kelmu", "billing", "usage", MONTH))
            seen[:] = [str(dict(used))]
            return used == expected

        seen: list[str] = []
        expected = Counter({"QUERY_PERSON": len(self._events), "CLAIM_REGISTER": self._claims})
        for wanted, probe in (("proofs of the log", in_the_log), (f"usage {dict(expected)}", counted)):
            try:
                await until(wanted, probe, 60)
            except DemonstrationFailed as error:
                raise DemonstrationFailed(f"{error}; seen: {''.join(seen)}") from error
        self._compose.inside("audit", "kelmu", "audit", "verify", "--database")
        self.say(f"{what}: proven by the log, counted by billing")

    def memory(self) -> None:
        """No process of Kelmu holds more than it may."""
        mine = {one.name: one.service for one in self._compose.containers() if one.state == "running"}
        found: dict[str, float] = {}
        for line in docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}", *mine).splitlines():
            amount = _MEMORY.search(line)
            name = mine.get(line.split()[0], "")
            if amount and name in {spec.name for spec in SERVICES}:
                found[name] = max(found.get(name, 0), float(amount[1]) * _MIB[amount[2]])
        if set(found) != {spec.name for spec in SERVICES} or max(found.values()) > AT_MOST_MIB:
            raise ComposeFailed(f"Memory in MiB: {found}; at most {AT_MOST_MIB} each.")
        self.say("memory in MiB: " + ", ".join(f"{name} {amount:.0f}" for name, amount in sorted(found.items())))

    def stop(self) -> None:
        """Every process ends by itself when it is told to."""
        mine = [spec.name for spec in SERVICES]
        began = time.monotonic()
        self._compose.run("stop", *mine)
        killed = [one for one in self._compose.containers(*mine) if (one.state, one.exit_code) != ("exited", 0)]
        if killed:
            raise ComposeFailed(f"Did not end well: {killed}")
        self.say(f"every process of Kelmu ended by itself within {time.monotonic() - began:.1f} s")

    async def healthy(self) -> bool:
        """Whether everything is well."""
        return not self._compose.unhealthy()

    def _all_well(self) -> None:
        if ill := self._compose.unhealthy():
            raise ComposeFailed(f"Not healthy: {ill}")

    @staticmethod
    async def _patiently(what: str, probe: Callable[[], Awaitable[bool]], replies: list[Reply]) -> None:
        try:
            await until(what, probe, 60)
        except DemonstrationFailed as error:
            last = replies[-1]
            raise DemonstrationFailed(f"{error}; last: {last.status} {last.kind} {last.body.get('detail')}") from error


def _used(printed: str) -> Counter[str]:
    """Charged uses of the municipality by product, as `kelmu billing usage` prints them."""
    rows = [line.split() for line in printed.splitlines() if line.startswith(f"  {MEMBER} ")]
    return Counter({product: int(quantity) for _, product, quantity in rows if product != "NOT_CHARGED"})


def _mib(size: str) -> int:
    return int(size) // 1_000_000


def main() -> int:
    """Run the check, and leave nothing behind. Returns the exit status."""
    if (missing := needed()) is not None:
        sys.stderr.write(f"{missing}\n")
        return MISSING
    gateway = free_port()
    settings = {"KELMU_GATEWAY_PORT": str(gateway), "KELMU_DEVIDP_PORT": str(free_port({gateway}))}
    compose = Compose("kelmu-check", {**settings, "PERSONS": str(PERSONS)})
    compose.run("down", "--volumes", "--remove-orphans")
    check = Check(compose, f"http://127.0.0.1:{gateway}")
    try:
        asyncio.run(check.run())
    except (ComposeFailed, DemonstrationFailed) as error:
        sys.stderr.write(f"{error}\n{_last_words(compose)}\n")
        return FAILED
    finally:
        compose.run("--profile", "demo", "down", "--volumes", "--remove-orphans")
    if left := compose.left():
        sys.stderr.write(f"`down --volumes` left these behind: {', '.join(left)}\n")
        return FAILED
    check.say("nothing is left behind")
    return 0


def _last_words(compose: Compose) -> str:
    """What those said last who are not well."""
    ill = sorted({one.service for one in compose.unhealthy()})
    return compose.run("logs", "--no-color", "--tail", "20", *ill) if ill else "Every container is healthy."


if __name__ == "__main__":
    sys.exit(main())
