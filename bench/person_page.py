"""The person's page in HTML, as a browser asks for it: sign-in, search form, the whole page with its picture."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import httpx

from deploy.demo.client import GatewayClient
from deploy.demo.clients import RELATION

RATE: Final = 50
"""Pages a second: what issue 8 asks for."""
REACH_MS: Final = 200.0
_TOKEN: Final = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


class Browser:
    """One signed-in worker with the search page open."""

    def __init__(self, address: str) -> None:
        self._http = httpx.AsyncClient(base_url=address, timeout=30.0)
        self._client = GatewayClient(address, self._http)
        self._token = ""

    async def open(self, worker: str) -> None:
        """Sign in and open the search page, which holds the token of its form."""
        await self._client.sign_in(worker)
        page = await self._http.get("/")
        found = _TOKEN.search(page.text)
        if page.status_code != HTTPStatus.OK or found is None:
            raise RuntimeError(f"the search page ended with {page.status_code}")
        self._token = found[1]

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def show(self, code: str) -> None:
        """Send the search form.

        Raises:
            RuntimeError: no page of a person came: the figure would be of something else.
        """
        form = {
            "form_token": self._token,
            "identity_code": code,
            "purpose": "VERIFY",
            "informed": "yes",
            "case_reference": str(RELATION["case_reference"]),
            "relation": str(RELATION["description"]),
        }
        page = await self._http.post("/search", data=form)
        if page.status_code != HTTPStatus.OK or 'id="payments"' not in page.text:
            raise RuntimeError(f"a person's page ended with {page.status_code}")


class Readers:
    """Workers who look at people in turn."""

    def __init__(self, browsers: Sequence[Browser], codes: Sequence[str]) -> None:
        self._browsers = browsers
        self._codes = codes
        self._turn = 0

    @classmethod
    async def signed_in(cls, address: str, workers: Sequence[str], codes: Sequence[str]) -> "Readers":
        """Open a browser for each worker."""
        browsers = [Browser(address) for _ in workers]
        for browser, worker in zip(browsers, workers, strict=True):
            await browser.open(worker)
        return cls(browsers, codes)

    async def close(self) -> None:
        """Close every browser."""
        for browser in self._browsers:
            await browser.close()

    async def show(self) -> None:
        """The page of the next person, to the next worker."""
        self._turn += 1
        await self._browsers[self._turn % len(self._browsers)].show(self._codes[self._turn % len(self._codes)])
