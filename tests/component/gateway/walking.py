"""A walk over every route: services that answer only what they may, and browsers of two workers."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from shared.bus.client import Question
from shared.bus.topics import BILLING_REQUESTS
from shared.contracts.answers import Answer, Refused
from tests.component.gateway.billings import billing_answer
from tests.component.gateway.canaries import Canaries
from tests.component.gateway.routes import SAMPLES, Name, fill
from tests.component.gateway.world import GATEWAY, Gateway


@dataclass
class Services:
    """Services that answer with the canary only once the access event is acknowledged."""

    refusal: Refused
    canaries: Canaries
    acknowledged: bool = False
    otherwise: Answer | Exception | None = None
    asked: list[Question] = field(default_factory=list)

    async def ask(self, question: Question, timeout: float) -> Answer:  # noqa: ASYNC109 - the bus client's own shape
        assert timeout > 0
        self.asked.append(question)
        if self.acknowledged:
            of_money = question.topic == BILLING_REQUESTS
            return billing_answer(question.body) if of_money else self.canaries.of(question)
        if isinstance(self.otherwise, Exception):
            raise self.otherwise
        return self.otherwise or self.refusal


@dataclass
class Walk:
    """A gateway, its services, and the browsers of two workers: `A` who was shown the canary, and `B`."""

    gateway: Gateway
    services: Services
    token: Callable[[str], str]

    async def browser(self, worker: str, name: str) -> httpx.AsyncClient:
        browser = self.gateway.fresh()
        browser.base_url = httpx.URL(GATEWAY)
        await self.gateway.sign_in(browser, worker, name)
        return browser

    async def send(self, browser: httpx.AsyncClient, name: Name, code: str) -> httpx.Response:
        sample = SAMPLES[name]
        method, path = name
        self.gateway.pace.rows.clear()
        if method == "GET" or sample.body is None:
            return await browser.request(method, sample.at, headers=sample.headers)
        if path.startswith("/api/"):
            return await browser.request(method, sample.at, json=fill(sample.body, code), headers=sample.headers)
        page = await browser.get("/help")
        return await browser.post(
            sample.at, data={**(fill(sample.body, code) or {}), "form_token": self.token(page.text)}
        )
