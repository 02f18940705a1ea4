"""A claim as a worker types it."""

import re

from playwright.async_api import expect

from deploy.demo.visits import ADVANCE
from shared.finnish.benefits import benefits
from tests.e2e.world import Visitor


async def fill_claim(visitor: Visitor, code: str) -> None:
    """Fill the claim form: supplementary assistance given against an awaited pension."""
    t, page = visitor.t, visitor.page
    await visitor.titled("claim.title")
    await visitor.fill("claim.identity_code", code)
    benefit = benefits()[str(ADVANCE["benefit"])].name(t.language)
    await visitor.choose("claim.benefit", benefit)
    if visitor.script:
        # the grounds of the benefit come while the form is being filled in, and nothing typed meanwhile is lost
        await visitor.fill("claim.reference", str(ADVANCE["reference"]))
        await expect(page.get_by_text("EV 241N")).to_be_visible()
    else:
        await visitor.press("worker.choose_ground")
    await expect(page.get_by_label(t("claim.benefit"), exact=True)).to_have_value(str(ADVANCE["benefit"]))
    await visitor.choose("claim.ground", t("ground.totul_23"))
    await page.get_by_label(t("claim.first"), exact=True).first.fill("2017-02-01")
    await page.get_by_label(t("claim.last"), exact=True).first.fill("2017-03-31")
    await visitor.fill("claim.amount", "250,00")
    await visitor.choose("claim.assistance", t("assistance.supplementary"))
    await visitor.fill("claim.decided", "2016-12-15")
    for row, month in enumerate(("2017-02", "2017-03"), 1):
        await visitor.fill_named(f"{t('claim.advance_month')} {row}", month)
        await visitor.fill_named(f"{t('claim.advance_amount')} {row}", "250,00")
    await page.get_by_label(t("claim.account"), exact=True).select_option(index=1)
    if not visitor.script:
        await visitor.fill("claim.reference", str(ADVANCE["reference"]))
    await visitor.fill("claim.handler_name", "Mäkinen Anna")
    await visitor.fill("claim.handler_phone", "03 5656 0000")


async def send_claim(visitor: Visitor) -> None:
    """Check the claim, as the form asks, and send it."""
    await visitor.press("claim.check")
    await expect(visitor.page.get_by_text(visitor.t("claim.checked"))).to_be_visible()
    await visitor.press("claim.button")


async def received(visitor: Visitor) -> str:
    """Wait for the receipt, asking for it as the page says; the claim's number."""
    receipt = visitor.page.get_by_role("heading", level=1, name=visitor.t("receipt.title"))
    sent = visitor.page.get_by_role("heading", level=1, name=visitor.t("sent.title"))
    for _ in range(20):
        await expect(receipt.or_(sent)).to_be_visible()
        if await receipt.is_visible():
            return await number_on(visitor)
        await visitor.press("sent.button")
    raise AssertionError("no receipt came")


async def number_on(visitor: Visitor) -> str:
    """The claim's number on the receipt."""
    told = visitor.page.get_by_role("definition").filter(has_text=re.compile(r"^\s*MV-\d{4}-\w+-\w+\s*$"))
    return (await told.inner_text()).strip()
