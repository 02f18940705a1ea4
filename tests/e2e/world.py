"""The world of the tests in a browser: one stack with a register, a past, and Debian's chromium in front of it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from deploy.demo.agreements.named import demo_worker
from deploy.demo.client import Body, GatewayClient
from deploy.demo.furnishing import furnish_stage
from deploy.demo.register.casting import Cast, cast, ordinary
from deploy.demo.stage import Stage, helsinki_instant
from deploy.demo.visits import ADVANCE
from deploy.local.services import SERVICES
from deploy.local.stack import LOCAL
from services.gateway.words import Words, words
from shared.contracts.base import Language
from tests.e2e.past import lived
from tests.e2e.watching import Watch

STANDS: Final = helsinki_instant(date(2017, 1, 10), 12)
"""A Tuesday of January: the months of 2016 can be closed, and the reports of December are made."""
PERSONS: Final = 400
WIDE: Final = (1280, 900)
NARROW: Final = (360, 740)
PATIENCE: Final = 10_000
"""Milliseconds; a look-up itself is given up after five seconds."""
LOCALES: Final = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}


@dataclass
class World:
    """What a test in a browser stands on.

    Attributes:
        url: address of the gateway.
        cast: people of the register for special parts.
        claim: number of a claim that Tampere registered before the tests.
        watches: what was seen by every context so far.
    """

    stage: Stage
    browser: Browser
    url: str
    cast: Cast
    codes: list[str]
    claim: str = ""
    watches: list[Watch] = field(default_factory=list)

    @asynccontextmanager
    async def visitor(
        self, language: Language = "fi", size: tuple[int, int] = WIDE, *, script: bool = True
    ) -> AsyncIterator["Visitor"]:
        """Somebody with a browser of their own, who is not signed in yet; the end judges what the browser saw."""
        context = await self.browser.new_context(
            locale=LOCALES[language],
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        watch = Watch(self.url, self.stage.stack.urls["devidp"])
        watch.attach(context)
        self.watches.append(watch)
        visitor = Visitor(self, context, await context.new_page(), words(language), watch, script)
        try:
            yield visitor
            await watch.judge()
        except Exception as error:
            error.add_note(f"It stood at {visitor.page.url}:\n{await visitor.reads()}")
            raise
        finally:
            await context.close()


@dataclass
class Visitor:
    """Somebody at a browser.

    Attributes:
        t: the words of the pages in their language.
    """

    world: World
    context: BrowserContext
    page: Page
    t: Words
    watch: Watch
    script: bool = True

    async def reads(self) -> str:
        """The words of the page, as far as they tell where somebody stands."""
        return (await self.page.locator("body").inner_text())[:1500]

    async def sign_in(self, worker: str) -> None:
        """Through the sign-in button and the development provider, as people do."""
        await self.page.goto(f"{self.world.url}/sign-in")
        await self.page.get_by_role("button", name=demo_worker(worker).name, exact=True).click()
        await self.page.get_by_role("button", name=self.t("frame.sign_out")).wait_for()

    async def press(self, key: str) -> None:
        """Press the button with these words."""
        await self.page.get_by_role("button", name=self.t(key), exact=True).click()

    async def tick(self, label: str) -> None:
        """Press the words beside a radio button or a box, as people do; the sheet draws over the control itself."""
        control = self.page.get_by_role("radio", name=label).or_(self.page.get_by_role("checkbox", name=label))
        await self.page.locator("label").filter(has_text=label).first.click()
        await expect(control).to_be_checked()

    async def follow(self, key: str) -> None:
        """Follow the way of the left navigation with these words."""
        tasks = self.page.get_by_role("navigation", name=self.t("frame.tasks"))
        await tasks.get_by_role("link", name=self.t(key), exact=True).click()

    async def fill(self, key: str, value: str) -> None:
        """Type into the field with these words."""
        await self.fill_named(self.t(key), value)

    async def fill_named(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        await self.page.get_by_label(label, exact=True).fill(value)

    async def choose(self, key: str, label: str) -> None:
        """Choose from the list with this label."""
        await self.page.get_by_label(self.t(key), exact=True).select_option(label=label)

    async def titled(self, key: str) -> None:
        """Wait for the page with this heading."""
        await self.page.get_by_role("heading", level=1, name=self.t(key)).wait_for()

    async def search(self, code: str, purpose: str = "VERIFY") -> None:
        """Fill the search form and send it."""
        await self.tick(self.t(f"purpose.{purpose}"))
        await self.tick(self.t("search.informed"))
        await self.page.get_by_role("textbox", name=self.t("search.identity_code")).fill(code)
        await self.press("search.button")


@asynccontextmanager
async def opened(name: str = "test-ui") -> AsyncIterator[World]:
    """Start the stack, in a folder of its own, give it people and a past, and open the browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise RuntimeError("There is no chromium. `make test-ui` installs it from apt as root; else install it.")
    root = LOCAL / name
    async with Stage(root, root.with_name(f"{name}-out"), SERVICES, STANDS) as stage, async_playwright() as playwright:
        dossiers = await furnish_stage(stage, PERSONS)
        await lived(stage, dossiers)
        # chromium's own sandbox refuses to run as root
        alone = ["--no-sandbox"] if os.geteuid() == 0 else []
        alone.append("--lang=en-US")  # fields for dates are typed in the order of the browser's own language
        browser = await playwright.chromium.launch(executable_path=chromium, args=alone)
        try:
            url = stage.stack.urls["gateway"]
            world = World(stage, browser, url, cast(dossiers), list(ordinary(dossiers, "tampere")))
            world.claim = await _claim(world)
            yield world
        finally:
            await browser.close()


async def _claim(world: World) -> str:
    """A claim of Tampere, registered over the API."""
    fields: Body = {**ADVANCE, **claim_days(), "identity_code": world.cast.known, "account": "T-837"}
    async with GatewayClient(world.url) as client:
        await client.sign_in(demo_worker("tampere").name)
        reply = await client.register_claim(idempotency_key="e2e-first-claim-01", **fields)
        while reply.status == 202:
            reply = await client.claim_status("e2e-first-claim-01")
    if "number" not in reply.body:
        raise RuntimeError(f"no claim: {reply.status} {reply.body}")
    return str(reply.body["number"])


def claim_days() -> Body:
    """The days of a claim that January's clock lets through."""
    return {
        "first": "2017-02-01",
        "last": "2017-03-31",
        "advances": [{"month": f"2017-{month:02}", "amount": "250,00"} for month in (2, 3)],
    }
