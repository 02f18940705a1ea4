"""The JSON API against its own description: what it allows, and what it does not, asked by schemathesis."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest

from deploy.demo.agreements.named import demo_worker
from deploy.demo.client import GatewayClient
from tests.e2e.world import World

EXAMPLES = 4
# Ending the session would make everything after it a stranger's.
LEFT_OUT = ("/api/v1/session", "/api/v1/session/behalf")
# Not "unsupported_method": what is sent is judged by origin, type and size before anybody asks which method it is.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


@pytest.mark.timeout(240)
async def test_the_api_does_what_its_description_says(world: World) -> None:
    async with httpx.AsyncClient(timeout=30) as http:
        await GatewayClient(world.url, http).sign_in(demo_worker("tampere").name)
        cookies = "; ".join(f"{one.name}={one.value}" for one in http.cookies.jar)
    left_out = [part for path in LEFT_OUT for part in ("--exclude-path", path)]
    tried = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{world.url}/api/v1/openapi.json",
        *("--phases", "examples,coverage,fuzzing", "--mode", "all", "--max-examples", str(EXAMPLES)),
        *("--checks", ",".join(CHECKS), "--seed", "8", "--no-shrink", "--max-failures", "20", "--warnings", "off"),
        *("--header", f"Cookie: {cookies}", "--request-timeout", "15", "--no-color"),
        *left_out,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=world.stage.out,
    )
    told, _ = await tried.communicate()
    assert tried.returncode == 0, told.decode()[-8000:]
