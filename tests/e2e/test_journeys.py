"""One journey for each role, from the sign-in to what the role is for, with script and without."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from tests.e2e import pages
from tests.e2e.claiming import fill_claim, received, send_claim
from tests.e2e.world import Visitor, World

pytestmark = pytest.mark.timeout(60)


async def looks_up(visitor: Visitor) -> None:
    await visitor.search(visitor.world.codes[1])
    await expect(visitor.page.get_by_role("heading", level=1, name=visitor.world.codes[1])).to_be_visible()
    for heading in ("person.pending", "person.decisions", "person.payments"):
        await expect(visitor.page.get_by_role("heading", name=visitor.t(heading)).first).to_be_visible()
    # whoever looked is told under which entry of the log
    await expect(visitor.page.get_by_text(re.compile(r"lokimerkintä [0-9a-f-]{36}")).first).to_be_visible()


async def views(visitor: Visitor) -> None:
    """Espoo's viewer states why somebody of Tampere is a client there."""
    page, t = visitor.page, visitor.t
    if not await page.get_by_label(t("search.case_reference"), exact=True).is_visible():
        await page.get_by_text(t("search.more"), exact=True).click()
    await visitor.fill("search.case_reference", "2017/12")
    await visitor.fill("search.relation_text", "Hakemus on vireillä.")
    await looks_up(visitor)


async def charges(visitor: Visitor) -> None:
    await visitor.search(visitor.world.codes[2], "CHARGE")
    await expect(visitor.page.get_by_text(visitor.t("purpose.CHARGE")).first).to_be_visible()
    await expect(visitor.page.get_by_role("heading", name=visitor.t("person.income"))).to_be_visible()


async def claims(visitor: Visitor) -> None:
    """From the search to the receipt, and the claim is found in the team's list."""
    await looks_up(visitor)
    await visitor.follow("frame.claim")
    # a client has one claim on a benefit and a time
    await fill_claim(visitor, visitor.world.codes[1 if visitor.script else 8])
    await send_claim(visitor)
    number = await received(visitor)
    await visitor.follow("frame.claims")
    await visitor.press("claims.button")
    await expect(visitor.page.get_by_role("rowheader", name=number)).to_be_visible()


async def lists(visitor: Visitor) -> None:
    """In January 2017 no list is in use yet: the page says so, and from when."""
    await pages.labour_market(visitor)
    await visitor.tick(visitor.t("list.tmt_200"))
    await visitor.tick(visitor.t("purpose.TMT_LIST"))
    await visitor.press("lists.button")
    await visitor.titled("refused.title")
    await expect(visitor.page.get_by_text("1.7.2017")).to_be_visible()


async def takes_a_notice(visitor: Visitor) -> None:
    await visitor.follow("frame.notices")
    await visitor.choose("column.state", visitor.t("notice_state.open"))
    await visitor.press("notices.button")
    await visitor.page.get_by_role("button", name=f"{visitor.t('notices.open')}:").first.click()
    await visitor.press("notice_action.take")
    await expect(visitor.page.get_by_text(visitor.t("notices.acted")).first).to_be_visible()


async def reviews_users(visitor: Visitor) -> None:
    await visitor.follow("users.title")
    await visitor.press("users.show")
    await expect(visitor.page.get_by_role("table", name=visitor.t("users.review"))).to_be_visible()


async def explains_an_invoice(visitor: Visitor) -> None:
    await pages.invoice_line(visitor)
    await expect(visitor.page.get_by_role("table", name=visitor.t("billing.events"))).to_be_visible()


async def compares_two_years(visitor: Visitor) -> None:
    await pages.usage(visitor)
    await pages.price_change(visitor)
    await expect(visitor.page.get_by_text(visitor.t("finance.assumed")).first).to_be_visible()
    async with visitor.page.expect_download() as coming:
        await visitor.press("finance.download")
    assert (await coming.value).suggested_filename == "price-change-2017.csv"


async def reads_reports(visitor: Visitor) -> None:
    await pages.log_reports(visitor)
    await expect(visitor.page.get_by_text("2016-12").first).to_be_visible()


async def reads_own_log(visitor: Visitor) -> None:
    await pages.own_log(visitor)
    await expect(visitor.page.get_by_role("heading", level=1, name=visitor.t("own_log.title"))).to_be_visible()


async def hears_a_client(visitor: Visitor) -> None:
    await pages.kela_queue(visitor)
    opening = f"{visitor.t('claims.open')}: {visitor.world.claim}"
    await visitor.page.get_by_role("button", name=opening).click()
    await expect(visitor.page.get_by_role("heading", level=1, name=visitor.world.claim)).to_be_visible()
    await expect(visitor.page.get_by_role("heading", name=visitor.t("claims.history"))).to_be_visible()


async def reads_agreements(visitor: Visitor) -> None:
    await visitor.follow("agreements.title")
    await expect(visitor.page.get_by_role("heading", level=1, name=visitor.t("agreements.title"))).to_be_visible()


async def searches_the_log(visitor: Visitor) -> None:
    await pages.log_search(visitor)
    await expect(visitor.page.get_by_role("table", name=visitor.t("log_search.title"))).to_be_visible()


@dataclass(frozen=True)
class Journey:
    role: str
    worker: str
    way: Callable[[Visitor], Awaitable[None]]

    def __str__(self) -> str:
        return self.role


JOURNEYS = (
    Journey("viewer", "viewer", views),
    Journey("fee clerk", "tampere_colleague", charges),
    Journey("assistance handler", "tampere", claims),
    Journey("labour market handler", "labour_market", lists),
    Journey("notice handler", "notices", takes_a_notice),
    Journey("main user", "main_user_tampere", reviews_users),
    Journey("billing clerk", "billing_clerk", explains_an_invoice),
    Journey("billing clerk who compares", "billing_clerk", compares_two_years),
    Journey("log supervisor", "log_supervisor_tampere", reads_reports),
    Journey("citizen", "citizen", reads_own_log),
    Journey("claim handler", "claim_handler", hears_a_client),
    Journey("agreement officer", "officer", reads_agreements),
    Journey("auditor", "auditor", searches_the_log),
    Journey("auditor who verifies", "auditor", pages.verification),
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=str)
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_the_role_does_what_it_is_for(world: World, journey: Journey, *, script: bool) -> None:
    async with world.visitor(script=script) as visitor:
        await visitor.sign_in(journey.worker)
        await journey.way(visitor)
