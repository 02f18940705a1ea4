"""The pages that people meet, and how one gets there: what accessibility, weight and pictures are taken of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from tests.e2e.world import Visitor

Way = Callable[[Visitor], Awaitable[None]]


@dataclass(frozen=True)
class Place:
    """A page.

    Attributes:
        name: of its picture, and in a test's name.
        worker: who goes there; nobody when it needs no sign-in.
        way: the steps after the sign-in.
    """

    name: str
    worker: str | None
    way: Way

    def __str__(self) -> str:
        return self.name


def at(path: str) -> Way:
    """A page with an address of its own."""

    async def go(visitor: Visitor) -> None:
        await visitor.page.goto(visitor.world.url + path)

    return go


async def start(visitor: Visitor) -> None:
    """Where a sign-in ends."""
    await visitor.page.get_by_role("main").wait_for()


async def person(visitor: Visitor) -> None:
    await visitor.search(visitor.world.codes[0])
    await visitor.page.get_by_role("heading", name=visitor.t("person.payments")).first.wait_for()


async def extract(visitor: Visitor) -> None:
    await person(visitor)
    await visitor.press("worker.print")
    await visitor.page.get_by_text(visitor.t("worker.print_done")).wait_for()


async def refused(visitor: Visitor) -> None:
    await visitor.search(visitor.world.cast.elsewhere)
    await visitor.titled("refused.title")


async def claims(visitor: Visitor) -> None:
    await visitor.follow("frame.claims")
    await visitor.press("claims.button")
    await visitor.page.get_by_role("rowheader", name=visitor.world.claim).first.wait_for()


async def claim(visitor: Visitor) -> None:
    await claims(visitor)
    await visitor.page.get_by_role("button", name=f"{visitor.t('claims.open')}: {visitor.world.claim}").click()
    await visitor.page.get_by_role("heading", level=1, name=visitor.world.claim).wait_for()


async def labour_market(visitor: Visitor) -> None:
    await visitor.follow("frame.lists")
    await visitor.titled("lists.title")


async def notices(visitor: Visitor) -> None:
    await visitor.follow("frame.notices")
    await visitor.press("notices.button")
    await visitor.page.get_by_role("table").first.wait_for()


async def notice(visitor: Visitor) -> None:
    await notices(visitor)
    await visitor.page.get_by_role("button", name=f"{visitor.t('notices.open')}:").first.click()
    await visitor.page.get_by_role("link", name=visitor.t("notices.back")).wait_for()


async def invoices(visitor: Visitor) -> None:
    await visitor.follow("finance.title")
    await visitor.press("billing.show")
    await visitor.page.get_by_role("table").first.wait_for()


async def invoice(visitor: Visitor) -> None:
    await invoices(visitor)
    await visitor.page.get_by_role("button", name=visitor.t("billing.open")).first.click()
    await visitor.page.get_by_role("table", name=visitor.t("billing.lines")).wait_for()


async def invoice_line(visitor: Visitor) -> None:
    await invoice(visitor)
    await visitor.page.get_by_role("button", name=visitor.t("billing.why")).first.click()
    await visitor.page.get_by_role("button", name=visitor.t("billing.why")).first.wait_for(state="detached")


async def usage(visitor: Visitor) -> None:
    await visitor.follow("finance.title")
    await visitor.fill("finance.month", "2016-12")
    await visitor.press("finance.show_usage")
    await visitor.page.get_by_role("table", name=visitor.t("finance.by_product")).wait_for()


async def price_books(visitor: Visitor) -> None:
    await visitor.follow("finance.title")
    await visitor.press("finance.show_prices")
    await visitor.titled("finance.prices")


async def price_change(visitor: Visitor) -> None:
    await visitor.follow("finance.title")
    await visitor.press("finance.show_change")
    await visitor.page.get_by_role("button", name=visitor.t("finance.download")).wait_for()


async def log_reports(visitor: Visitor) -> None:
    await visitor.follow("log_reports.title")
    await visitor.press("log_reports.show")
    await visitor.page.get_by_text(visitor.t("refused.event")).first.wait_for()


async def own_log(visitor: Visitor) -> None:
    await at("/log/own")(visitor)
    await visitor.press("own_log.show")
    await visitor.page.get_by_role("button", name=visitor.t("own_log.show")).wait_for(state="detached")


async def log_search(visitor: Visitor) -> None:
    await visitor.follow("log_search.title")
    await visitor.fill("log_search.why", "Vuoden 2016 tarkastus")
    await visitor.fill("log_search.first", "2016-12-01")
    await visitor.fill("log_search.last", "2016-12-31")
    await visitor.press("search.button")
    await visitor.page.get_by_role("table").first.wait_for()


async def verification(visitor: Visitor) -> None:
    await visitor.follow("verification.title")
    await visitor.fill("verification.which", "1")
    await visitor.press("verification.button")
    await visitor.page.get_by_text(visitor.t("verification.holds_title")).wait_for()


async def kela_queue(visitor: Visitor) -> None:
    await visitor.follow("frame.claims")
    await visitor.choose("claims.list", visitor.t("claim_view.queue"))
    await visitor.press("claims.button")
    await visitor.page.get_by_role("table").first.wait_for()


PLACES: Final = (
    Place("public", None, at("/")),
    Place("help", None, at("/help")),
    Place("accessibility", None, at("/accessibility")),
    Place("support", None, at("/support")),
    Place("news", None, at("/news")),
    Place("start", "tampere", start),
    Place("person", "tampere", person),
    Place("extract", "tampere", extract),
    Place("refused", "tampere", refused),
    Place("claim-form", "tampere", at("/claims/new")),
    Place("claims", "tampere", claims),
    Place("claim", "tampere", claim),
    Place("behalf", "kainuu", at("/behalf")),
    Place("labour-market", "labour_market", labour_market),
    Place("notices", "notices", notices),
    Place("notice", "notices", notice),
    Place("hand-over", "main_user_tampere", at("/claims/hand-over")),
    Place("users", "main_user_tampere", at("/users")),
    Place("agreements", "main_user_tampere", at("/agreements")),
    Place("agreement-request", "main_user_tampere", at("/agreements/request")),
    Place("billing", "billing_clerk", invoices),
    Place("usage", "billing_clerk", usage),
    Place("price-books", "billing_clerk", price_books),
    Place("price-change", "billing_clerk", price_change),
    Place("invoice", "billing_clerk", invoice),
    Place("invoice-line", "billing_clerk", invoice_line),
    Place("log-reports", "log_supervisor_tampere", log_reports),
    Place("anomalies", "log_supervisor_tampere", at("/anomalies")),
    Place("alerts", "log_supervisor_tampere", at("/alerts")),
    Place("own-log", "citizen", own_log),
    Place("kela-queue", "claim_handler", kela_queue),
    Place("kela-claim", "claim_handler", at("/claims/kela")),
    Place("officer-start", "officer", start),
    Place("officer-agreements", "officer", at("/agreements")),
    Place("news-edit", "officer", at("/news/edit")),
    Place("log-search", "auditor", log_search),
    Place("verification", "auditor", verification),
)
"""A new page adds its line here."""
