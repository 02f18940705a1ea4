"""Every page is free of what axe finds, in each language and at two widths, and weighs little."""

from importlib.resources import files

import pytest
from playwright.async_api import Page

from services.gateway.words import LANGUAGES
from shared.contracts.base import Language
from tests.e2e.pages import PLACES, Place
from tests.e2e.world import NARROW, WIDE, Visitor, World

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = "axe.run().then(found => found.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html)]))"
pytestmark = pytest.mark.timeout(120)


async def violations(page: Page) -> list[object]:
    await page.evaluate(AXE)
    found = await page.evaluate(RULES)
    assert isinstance(found, list)
    return found


async def wider_than_the_window(page: Page) -> bool:
    # Two dimensions only where the meaning needs them (WCAG 1.4.10): a table scrolls inside its own region.
    return bool(await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_axe_finds_nothing_on_a_page_wide_or_narrow(world: World, place: Place, language: Language) -> None:
    async with world.visitor(language) as visitor:
        await _arrive(visitor, place)
        assert await visitor.page.locator("html").get_attribute("lang") == language
        for width, height in (WIDE, NARROW):
            await visitor.page.set_viewport_size({"width": width, "height": height})
            found = await violations(visitor.page)
            assert not found, (width, found)
            assert not await wider_than_the_window(visitor.page), f"scrolls sideways at {width}"


async def _arrive(visitor: Visitor, place: Place) -> None:
    if place.worker is not None:
        await visitor.sign_in(place.worker)
    await place.way(visitor)
