"""What a page costs on the wire, as the browser counts it with nothing kept from before."""

import pytest
from playwright.async_api import Request

from tests.e2e.pages import PLACES, Place
from tests.e2e.world import World

MOST_BYTES = 100_000
MOST_REQUESTS = 5
pytestmark = pytest.mark.timeout(60)


@pytest.mark.parametrize("place", PLACES, ids=str)
async def test_a_page_weighs_at_most_100_kb_in_at_most_5_requests(world: World, place: Place) -> None:
    async with world.visitor() as visitor:
        if place.worker is not None:
            await visitor.sign_in(place.worker)
        network = await visitor.context.new_cdp_session(visitor.page)
        await network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        await place.way(visitor)
        if place.way.__name__ == "start":
            await visitor.page.reload()
        await visitor.page.wait_for_load_state("networkidle")
        asked = list(visitor.watch.navigation)
        weights = {request.url: await weight(request) for request in asked if not request.url.startswith("data:")}
        assert len(weights) <= MOST_REQUESTS, weights
        assert sum(weights.values()) <= MOST_BYTES, weights
        assert max(weights.values()) > 1000


async def weight(request: Request) -> int:
    sizes = await request.sizes()
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])
