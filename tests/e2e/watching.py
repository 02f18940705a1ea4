"""What a browser did while a test used it: requests, their headers, and what it complained about."""

import re
from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import BrowserContext, ConsoleMessage, Request, WebError

IDENTITY_CODE: Final = re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]\b")
"""An identity code wherever it stands."""


@dataclass
class Watch:
    """Everything that one context's pages asked for and complained about.

    Attributes:
        gateway: origin of the pages.
        provider: origin of the development provider, the only other one that a browser may meet.
    """

    gateway: str
    provider: str
    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    navigation: list[Request] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        """Watch a context from now on."""
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", self._broke)

    def _asked(self, request: Request) -> None:
        self.requests.append(request)
        if request.is_navigation_request() and request.redirected_from is None:
            self.navigation = []
        self.navigation.append(request)

    def _said(self, message: ConsoleMessage) -> None:
        # A refused page is an answer, and chromium writes a line for each answer that is no success.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def _broke(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error.message}")

    async def judge(self) -> None:
        """Hold everything seen so far to what must always be true.

        Raises:
            AssertionError: a complaint of the browser, a request that left the site, or a code where none belongs.
        """
        assert not self.complaints, self.complaints
        foreign = [one.url for one in self.requests if not one.url.startswith((self.gateway, self.provider, "data:"))]
        assert not foreign, foreign
        for request in self.requests:
            assert not IDENTITY_CODE.search(request.url), "an identity code in an address"
            sent = [value for name, value in (await request.all_headers()).items() if IDENTITY_CODE.search(value)]
            assert not sent, f"an identity code in a header of {request.url}"
            response = await request.response()
            if response is not None:
                told = [line for line in await response.headers_array() if IDENTITY_CODE.search(line["value"])]
                assert not told, f"an identity code in a header of the answer of {request.url}"
