"""From the sign-in to the receipt of a claim with nothing but a keyboard, and what the keyboard meets is seen."""

import pytest
from playwright.async_api import expect

from deploy.demo.agreements.named import demo_worker
from tests.e2e.claiming import received
from tests.e2e.world import Visitor, World

pytestmark = pytest.mark.timeout(90)
STEPS = 120
# Milliseconds between keys, as of somebody who types very fast.
HAND = 20
# What is drawn with the focus and without it: a field of several parts is judged once, when the focus comes to it.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return ["", "", true];
  const label = one.labels?.[0];
  const name = label?.innerText || one.getAttribute("aria-label") || one.innerText || one.value || "";
  const told = seen => [one.tagName.toLowerCase(), name.trim(), seen];
  window.judged ??= new WeakSet();
  if (window.judged.has(one)) return told(true);
  window.judged.add(one);
  const drawn = () => [[one], [one, "::before"], [one, "::after"], [label, "::before"], [label, "::after"]]
    .filter(([what]) => what).map(([what, part]) => getComputedStyle(what, part))
    .map(style => [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join()).join();
  const focused = drawn();
  one.blur();
  const blurred = drawn();
  one.focus({preventScroll: true});
  return told(focused !== blurred);
}"""


async def tab_to(visitor: Visitor, words: str, tag: str = "") -> None:
    """Press Tab until the thing with these words has the focus; each thing on the way shows that it has it."""
    for _ in range(STEPS):
        await visitor.page.keyboard.press("Tab")
        found, name, seen = await visitor.page.evaluate(FOCUSED)
        assert seen, f"the focus is not to be seen on {found} '{name}'"
        if name.startswith(words) and tag in {"", found}:
            return
    raise AssertionError(f"the keyboard does not reach '{words}'")


async def enter(visitor: Visitor, words: str, tag: str = "") -> None:
    await tab_to(visitor, words, tag)
    await visitor.page.keyboard.press("Enter")


async def type_at(visitor: Visitor, words: str, typed: str) -> None:
    await tab_to(visitor, words)
    await visitor.page.keyboard.type(typed, delay=HAND)


async def test_the_first_tab_offers_to_skip_to_the_content(world: World) -> None:
    async with world.visitor() as visitor:
        await visitor.sign_in("tampere")
        await visitor.page.keyboard.press("Tab")
        skip = visitor.page.get_by_role("link", name=visitor.t("frame.skip"))
        await expect(skip).to_be_focused()
        await expect(skip).to_be_in_viewport()
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.page.get_by_role("main")).to_be_focused()


async def test_a_worker_looks_up_and_claims_by_keyboard_only(world: World) -> None:
    async with world.visitor() as visitor:
        page, t = visitor.page, visitor.t
        await page.goto(world.url)
        await enter(visitor, t("sign_in.button"))
        await expect(page.get_by_role("button", name=demo_worker("tampere").name, exact=True)).to_be_visible()
        await enter(visitor, demo_worker("tampere").name)
        await visitor.titled("search.title")
        await _look_up(visitor, world.codes[3])
        await enter(visitor, t("frame.claim"), "a")
        await visitor.titled("claim.title")
        await _claim(visitor, world.codes[3])
        assert await received(visitor)


async def _look_up(visitor: Visitor, code: str) -> None:
    page, t = visitor.page, visitor.t
    await tab_to(visitor, t("purpose.CHARGE"))
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("radio", name=t("purpose.VERIFY"))).to_be_checked()
    await tab_to(visitor, t("search.informed"))
    await page.keyboard.press("Space")
    await type_at(visitor, t("search.identity_code"), code)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1, name=code)).to_be_visible()


async def _claim(visitor: Visitor, code: str) -> None:
    page, t = visitor.page, visitor.t
    await type_at(visitor, t("claim.identity_code"), code)
    await tab_to(visitor, t("claim.benefit"), "select")
    async with page.expect_response("**/claims"):
        await page.keyboard.press("ArrowDown")
    await tab_to(visitor, t("claim.ground"), "select")
    await page.keyboard.type(t("ground.totul_23")[:8])
    await type_at(visitor, t("claim.first"), "02012017")
    await type_at(visitor, t("claim.last"), "03312017")
    await type_at(visitor, t("claim.amount"), "250,00")
    await type_at(visitor, t("claim.assistance"), t("assistance.supplementary")[0])
    await type_at(visitor, t("claim.decided"), "12152016")
    for row, month in enumerate(("Feb", "Mar"), 1):
        await type_at(visitor, f"{t('claim.advance_month')} {row}", month)
        await page.keyboard.press("ArrowRight")
        await page.keyboard.type("2017", delay=HAND)
        await type_at(visitor, f"{t('claim.advance_amount')} {row}", "250,00")
    await tab_to(visitor, t("claim.account"))
    await page.keyboard.press("ArrowDown")
    await type_at(visitor, t("claim.reference"), "20170000114")
    await type_at(visitor, t("claim.handler_name"), "Mäkinen Anna")
    await type_at(visitor, t("claim.handler_phone"), "03 5656 0000")
    await enter(visitor, t("claim.check"))
    await expect(page.get_by_text(t("claim.checked"))).to_be_visible()
    await enter(visitor, t("claim.button"))
