"""What a page costs a browser: each page with what it loads, as it travels, at most 100 kB in five requests."""

import re

import httpx
import pytest

from services.gateway.routes.assets import FOLDER, asset
from tests.component.gateway.reported import CANARY
from tests.component.gateway.routes import SAMPLES
from tests.component.gateway.walking import Walk
from tests.component.gateway.world import SARI

AT_MOST_BYTES = 100_000
AT_MOST_REQUESTS = 5
_LOADED = re.compile(r'<(?:link [^>]*href|(?:script|img|iframe|source) [^>]*src)="([^"]+)"')
_PAGES = [name for name, sample in SAMPLES.items() if not sample.headers and "/api/" not in sample.at]


async def test_every_page_is_light_and_loads_little(walk: Walk) -> None:
    walk.services.acknowledged = True
    weighed: dict[str, int] = {}
    sizes: dict[str, int] = {}
    for name in _PAGES:
        async with await walk.browser(SARI, "Virtanen Sari") as browser:
            page = await walk.send(browser, name, CANARY)
            if not page.headers.get("content-type", "").startswith("text/html"):
                continue
            loaded = [one for one in _LOADED.findall(page.text) if not one.startswith("data:")]
            assert len(loaded) + 1 <= AT_MOST_REQUESTS, name
            for one in loaded:
                if one not in sizes:
                    sizes[one] = await _travelling(browser, one)
            weighed[" ".join(name)] = len(page.content) + sum(sizes[one] for one in loaded)
    assert len(weighed) > len(_PAGES) / 2
    assert {name: weight for name, weight in weighed.items() if weight > AT_MOST_BYTES} == {}


async def _travelling(browser: httpx.AsyncClient, address: str) -> int:
    """Size of a file as it is sent, packed if the browser takes that."""
    async with browser.stream("GET", address) as response:
        assert response.status_code == 200, address
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        return sum([len(chunk) async for chunk in response.aiter_raw()])


async def test_a_file_that_a_browser_has_is_not_sent_again(sari: httpx.AsyncClient) -> None:
    first = await sari.get("/static/kelmu.css")
    assert first.headers["content-type"].startswith("text/css")
    assert "immutable" not in first.headers["cache-control"]  # this address says nothing of its content
    again = await sari.get("/static/kelmu.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_browser_that_takes_nothing_packed_gets_the_same_file_plain(sari: httpx.AsyncClient) -> None:
    packed = await sari.get("/static/kelmu.css", headers={"accept-encoding": "gzip"})
    plain = await sari.get("/static/kelmu.css", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == asset("kelmu.css").plain


@pytest.mark.parametrize("name", ["nothing.css", "..%2Fapp.py", "built%2Fhds.css", "hds-core.LICENSE"])
async def test_nothing_else_is_given_out(sari: httpx.AsyncClient, name: str) -> None:
    assert (await sari.get(f"/static/{name}")).status_code == 404


def test_the_borrowed_sheet_is_small_and_comes_with_its_licence() -> None:
    assert 10_000 < (FOLDER / "built" / "hds.css").stat().st_size < 60_500
    for package in ("hds-core", "htmx.org"):
        assert (FOLDER / "built" / f"{package}.LICENSE").read_text(encoding="utf-8").strip()
