"""Running `kelmu` commands against a local stack, as an operator would."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path


class DemonstrationFailed(Exception):
    """A step did not come out as it must; the text says which and what was seen."""


async def kelmu(root: Path, *arguments: str, accept: Sequence[int] = (0,)) -> tuple[int, str]:
    """Run a command against the stack that runs in `root`; its exit code and output.

    Raises:
        DemonstrationFailed: it ended with another code than those accepted.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.console.app",
        *arguments,
        env={**os.environ, "KELMU_STACK": str(root)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    if process.returncode not in accept:
        raise DemonstrationFailed(f"kelmu {' '.join(arguments)} ended with {process.returncode}: {printed.decode()}")
    return process.returncode or 0, printed.decode()
