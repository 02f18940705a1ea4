"""The frame: what the navigation offers, and when a page warns that the session ends."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.gateway.framing import STAYING, STEPS, TASKS, Frame, warned_after
from services.gateway.routes.assets import asset
from services.gateway.settings import GatewaySettings
from services.gateway.words import words
from tests.component.gateway.routes import SAMPLES

NOW = datetime(2016, 12, 31, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(("left", "after"), [(30, 25), (480, 55), (12, 5), (6, 1), (3, 1), (1, None), (0, None)])
def test_a_warning_comes_five_minutes_before_the_end_or_a_little_earlier(left: int, after: int | None) -> None:
    assert warned_after(NOW, NOW + timedelta(minutes=left)) == after


def test_the_sheet_can_show_each_warning_without_script() -> None:
    sheet = asset("kelmu.css").plain.decode()
    for step in STEPS:
        assert f".after-{step} {{ animation-delay: {step * 60}s; }}" in sheet
    idle = GatewaySettings.model_fields["session_idle_minutes"].default
    assert warned_after(NOW, NOW + timedelta(minutes=idle)) == idle - 5


def test_every_task_has_its_page_its_words_and_its_offer() -> None:
    for task in TASKS:
        assert ("GET", task.address) in SAMPLES
        assert words("fi").has(task.words)
        assert task.offered_by in Frame.__dataclass_fields__
        assert task.address in STAYING


def test_who_may_nothing_is_offered_nothing() -> None:
    assert not Frame("Sari", "token").has_tasks
    assert [task.address for task in Frame("Sari", "token", may_list=True, may_search=True).tasks] == ["/", "/lists"]


async def test_the_page_warns_in_words_and_goes_on_without_leaving_what_was_typed(sari: httpx.AsyncClient) -> None:
    page = (await sari.get("/claims/new")).text
    warning = page[page.index('class="ending after-25') : page.index("</aside>")]
    assert re.search(r"klo \d\d\.\d\d\.\d\d", warning)
    token = re.search(r'name="form_token" value="([^"]+)"', warning)
    assert token is not None
    answer = await sari.post("/session/extend", data={"form_token": token[1]})
    assert (answer.status_code, answer.content) == (204, b"")  # a browser stays on its page


async def test_the_page_that_one_is_on_is_marked_and_a_stranger_gets_no_frame(sari: httpx.AsyncClient) -> None:
    page = (await sari.get("/claims/new")).text
    assert '<a href="/claims/new" aria-current="page">' in page
    sari.cookies.clear()
    stranger = (await sari.get("/")).text
    assert 'aria-current="page"' not in stranger
    assert "/session/extend" not in stranger
