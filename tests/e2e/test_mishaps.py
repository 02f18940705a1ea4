"""What happens to people: refusals, the back button, a double click, two tabs, a session that ended, odd strings."""

from contextlib import suppress

import pytest
from playwright.async_api import Error, Page, expect

from deploy.demo.agreements.named import demo_worker
from tests.e2e.claiming import fill_claim, received
from tests.e2e.world import Visitor, World

pytestmark = pytest.mark.timeout(60)
HOSTILE = "\"><script>document.title='owned'</script><img src=x onerror=alert(1)>=HYPERLINK(1)"


async def test_a_refusal_is_a_page_that_says_why_and_what_to_do(world: World) -> None:
    async with world.visitor() as visitor:
        await visitor.sign_in("tampere")
        async with visitor.page.expect_response("**/search") as answer:
            await visitor.search(world.cast.elsewhere)
        assert (await answer.value).status == 403
        await visitor.titled("refused.title")
        for words in ("refused.advice", "refused.law", "refused.rule", "refused.logged"):
            await expect(visitor.page.get_by_text(visitor.t(words), exact=True)).to_be_visible()
        assert world.cast.elsewhere not in await visitor.page.content()


async def test_after_signing_out_the_back_button_shows_nobody(world: World) -> None:
    async with world.visitor() as visitor:
        await visitor.sign_in("tampere")
        await visitor.search(world.codes[4])
        await expect(visitor.page.get_by_role("heading", level=1, name=world.codes[4])).to_be_visible()
        await visitor.press("frame.sign_out")
        await expect(visitor.page.get_by_role("link", name=visitor.t("sign_in.button"))).to_be_visible()
        for _ in range(3):
            # chromium rather says that it has kept nothing
            with suppress(Error):
                await visitor.page.go_back()
            await visitor.page.wait_for_load_state()
            assert world.codes[4] not in await visitor.reads()
        await expect(visitor.page.get_by_role("heading", level=1, name=world.codes[4])).to_have_count(0)


async def test_a_double_click_on_register_is_one_claim(world: World) -> None:
    async with world.visitor() as visitor:
        before = await world.stage.number("claims", "select count(*) from claim")
        await visitor.sign_in("tampere")
        await visitor.follow("frame.claim")
        await fill_claim(visitor, world.codes[5])
        await visitor.press("claim.check")
        await visitor.page.get_by_role("button", name=visitor.t("claim.button"), exact=True).dblclick()
        assert await received(visitor)
        assert await world.stage.number("claims", "select count(*) from claim") == before + 1


async def test_what_a_tab_shows_of_one_municipality_is_not_done_for_another(world: World) -> None:
    async with world.visitor() as visitor:
        await visitor.sign_in("kainuu")
        await _act_for(visitor, visitor.page, "Kajaani")
        await expect(visitor.page.get_by_role("radio", name=visitor.t("purpose.VERIFY"))).to_be_visible()
        other = await visitor.context.new_page()
        await other.goto(f"{world.url}/behalf")
        await _act_for(visitor, other, "Sotkamo")
        await visitor.search(world.codes[0])
        await visitor.titled("session.typed")
        await expect(visitor.page.get_by_text("Kajaani").first).to_be_visible()


async def test_a_session_that_ended_in_mid_form_gives_back_what_was_typed(world: World) -> None:
    async with world.visitor() as visitor:
        await visitor.sign_in("tampere")
        await visitor.follow("frame.claim")
        await fill_claim(visitor, world.codes[6])
        await world.stage.rows("gateway", "update session set seen = seen - interval '2 hours'")
        await visitor.press("claim.check")
        await visitor.page.get_by_role("link", name=visitor.t("sign_in.button")).click()
        await visitor.page.get_by_role("button", name=demo_worker("tampere").name, exact=True).click()
        await visitor.titled("session.typed")
        await visitor.press("session.reopen")
        await visitor.titled("claim.title")
        await expect(visitor.page.get_by_label(visitor.t("claim.identity_code"), exact=True)).to_have_value(
            world.codes[6]
        )
        await expect(visitor.page.get_by_label(visitor.t("claim.handler_name"), exact=True)).to_have_value(
            "Mäkinen Anna"
        )


async def test_hostile_strings_do_nothing_on_any_page_that_shows_them(world: World) -> None:
    async with world.visitor() as visitor:
        page, t = visitor.page, visitor.t
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        await visitor.sign_in("tampere")
        await visitor.follow("frame.claim")
        await fill_claim(visitor, world.codes[7])
        await visitor.fill("claim.handler_name", HOSTILE[:60])
        await visitor.fill("claim.amount", "=1+1")
        await visitor.press("claim.check")
        await expect(page.get_by_role("alert").first).to_be_visible()
        await expect(page.get_by_label(t("claim.handler_name"), exact=True)).to_have_value(HOSTILE[:60])
        assert "owned" not in await page.title()


async def _act_for(visitor: Visitor, page: Page, member: str) -> None:
    if await page.get_by_role("heading", level=1, name=visitor.t("behalf.title")).count() == 0:
        await page.goto(f"{visitor.world.url}/behalf")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=member))
    await row.get_by_role("button").click()
    await expect(page.get_by_text(member).first).to_be_visible()
