"""Fetch the pinned Kafka and PostgreSQL once; afterwards neither Maven nor the network is needed.

`python3 -m deploy.local.fetch` does it ahead of the first start. It needs the standard library only, so that it can run
while the project's packages are still being installed.
"""

import fcntl
import hashlib
import lzma
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.processes import tethered

PROGRAMS = Path(__file__).resolve().parents[2] / ".local" / "dist"
POM = Path(__file__).with_name("pom.xml")
JAVA_AT_LEAST = 17
_ATTEMPTS = 3
_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64v8", "arm64": "arm64v8"}
_INSTALL = (
    "On Debian or Ubuntu: `apt-get install openjdk-17-jre-headless maven` (`make` does it when run as root). "
    "Elsewhere: a Java runtime of version 17 or newer, and Maven 3.8 or newer. "
    "Or use servers that already run: KELMU_KAFKA=host:port and KELMU_POSTGRES=postgresql://…"
)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Where the unpacked programs lie.

    Attributes:
        java: the Java launcher.
        kafka: folder of Kafka's jars.
        postgres: PostgreSQL's installation, with `bin/`.
        archive: Kafka's classes as this very Java prepared them; halves a start, and is made by the first clean stop.
    """

    java: Path
    kafka: Path
    postgres: Path
    archive: Path


def ensure_distribution(folder: Path = PROGRAMS) -> Distribution:
    """The programs under `folder`, fetched by Maven the first time.

    Args:
        folder: shared by all stacks of a checkout; one entry per content of `pom.xml`.

    Raises:
        StackError: `java.missing`, `java.old`, `maven.missing`, `fetch.failed` or `machine.unknown`.
    """
    java, version = find_java()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            partial = target.with_suffix(".partial")
            shutil.rmtree(partial, ignore_errors=True)
            _copy_dependencies(partial / "kafka")
            _unpack_postgres(partial / "kafka", partial / "postgres")
            partial.rename(target)
    archive = target / f"kafka-{hashlib.sha256(version.encode()).hexdigest()[:12]}.jsa"
    return Distribution(java, target / "kafka", target / "postgres", archive)


def find_java() -> tuple[Path, str]:
    """The Java launcher on PATH, new enough for Kafka, and what it says of its version."""
    found = shutil.which("java")
    if found is None:
        raise StackError("java.missing", "Java is not installed: Kafka needs it.", _INSTALL)
    told = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < JAVA_AT_LEAST:
        raise StackError("java.old", f"Java {JAVA_AT_LEAST} or newer is needed; {found} is {told.strip()!r}.", _INSTALL)
    return Path(found), told


def _copy_dependencies(into: Path) -> None:
    """Let Maven put every jar of the pom into one folder."""
    maven = shutil.which("mvn")
    if maven is None:
        raise StackError("maven.missing", "Maven (`mvn`) is not installed: it fetches Kafka and PostgreSQL.", _INSTALL)
    machine = platform.machine().lower()
    if machine not in _ARCHITECTURES:
        raise StackError(
            "machine.unknown",
            f"No PostgreSQL binaries are pinned for {machine}.",
            "Use a PostgreSQL 18 that already runs: KELMU_POSTGRES=postgresql://…",
        )
    command = [
        maven,
        "-q",
        "-B",
        "-ntp",
        "-f",
        str(POM),
        "dependency:copy-dependencies",
        "-DincludeScope=runtime",
    ]
    command += [f"-DoutputDirectory={into}", f"-Dpostgres.arch={_ARCHITECTURES[machine]}"]
    for attempt in range(1, _ATTEMPTS + 1):
        ran = subprocess.run(tethered(command), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if ran.returncode == 0:
            return
        if attempt < _ATTEMPTS:
            time.sleep(attempt)
    told = "\n".join((ran.stdout + ran.stderr).strip().splitlines()[-15:])
    raise StackError(
        "fetch.failed",
        f"Maven could not fetch Kafka and PostgreSQL in {_ATTEMPTS} attempts. It said:\n{told}",
        "Check the network and Maven's own settings (~/.m2/settings.xml), then run the same command again.",
    )


def _unpack_postgres(jars: Path, into: Path) -> None:
    """Unpack the archive inside PostgreSQL's jar, readable by whichever user will run it."""
    (jar,) = jars.glob("embedded-postgres-binaries-*.jar")
    with zipfile.ZipFile(jar) as outer:
        (name,) = [entry for entry in outer.namelist() if entry.endswith(".txz")]
        with outer.open(name) as packed, lzma.open(packed) as plain, tarfile.open(fileobj=plain) as archive:
            if hasattr(tarfile, "data_filter"):  # not yet in Python 3.11.2, which is Debian 12's
                archive.extraction_filter = tarfile.data_filter
            for member in archive:
                archive.extract(member, into)
    jar.unlink()  # it is no part of Kafka's class path


def main() -> int:
    """Fetch, unless both servers run elsewhere. Returns the exit status."""
    if os.environ.get("KELMU_KAFKA") and os.environ.get("KELMU_POSTGRES"):
        return 0
    try:
        ensure_distribution()
    except StackError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
