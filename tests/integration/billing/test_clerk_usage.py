"""What a billing clerk is told of usage, prices and corrections, and why somebody is told nothing."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.requests import TOO_LATE
from shared.bus.messages import Outgoing
from shared.contracts.answers import (
    BillingBooks,
    BillingCorrections,
    BillingPriceChange,
    BillingUsage,
)
from shared.contracts.asking import (
    BillingBooksQuery,
    BillingCorrectionsQuery,
    BillingFileQuery,
    BillingPriceChangeQuery,
    BillingUsageQuery,
)
from shared.contracts.base import Role
from shared.gate.mandates import KELA
from tests.integration.billing.clerk import CLERK, JOINT, MEMBER, OTHER, desk_of, mandate, refused


async def test_usage_is_told_by_day_member_and_product_within_the_scope(told: AsyncEngine) -> None:
    desk = desk_of(told)
    found = {}
    for who in (JOINT, MEMBER, OTHER, KELA):
        answer = await desk.ask(who, BillingUsageQuery(month="2016-12"))
        assert isinstance(answer, BillingUsage)
        found[who] = sum(row.quantity for row in answer.rows)
    assert found == {JOINT: 1200, MEMBER: 0, OTHER: 101, KELA: 1301}
    one = await desk.ask(OTHER, BillingUsageQuery(month="2016-12", day=date(2016, 12, 1), product="QUERY_PERSON"))
    assert isinstance(one, BillingUsage)
    assert [(row.day, row.member, row.product, row.quantity) for row in one.rows] == [
        (date(2016, 12, 1), "091", "QUERY_PERSON", 101)
    ]
    sums = await desk.ask(KELA, BillingUsageQuery(month="2016-12", sums=True))
    assert isinstance(sums, BillingUsage)
    assert {row.day for row in sums.rows} == {date(2016, 12, 1)}
    assert sum(row.quantity for row in sums.rows) == 1301
    assert len({(row.agreement, row.member, row.product) for row in sums.rows}) == len(sums.rows)
    own = await desk.ask(OTHER, BillingUsageQuery(month="2016-12", sums=True))
    assert isinstance(own, BillingUsage)
    assert own.active_users == {one.rows[0].agreement: sums.active_users[one.rows[0].agreement]}
    last = one.rows[0]
    after = f"{last.day}~{last.agreement}~{last.member}~{last.product}"
    none = await desk.ask(OTHER, BillingUsageQuery(month="2016-12", after=after))
    assert isinstance(none, BillingUsage)
    assert none.rows == ()


async def test_prices_their_change_and_corrections_are_told(told: AsyncEngine) -> None:
    desk = desk_of(told)
    books = await desk.ask(OTHER, BillingBooksQuery())
    assert isinstance(books, BillingBooks)
    assert all(row.assumed for book in books.books for row in book.rows)
    assert books.price_notice.fi
    changes = {}
    for who in (JOINT, MEMBER, OTHER):
        answer = await desk.ask(who, BillingPriceChangeQuery(year=2017))
        assert isinstance(answer, BillingPriceChange)
        changes[who] = [row.municipality for row in answer.rows]
    assert changes == {JOINT: ["020", "837"], MEMBER: ["020"], OTHER: ["091"]}
    made = await desk.ask(OTHER, BillingCorrectionsQuery())
    assert isinstance(made, BillingCorrections)
    assert [one.agreement for one in made.corrections] == ["A-091"]
    others = await desk.ask(JOINT, BillingCorrectionsQuery())
    assert isinstance(others, BillingCorrections)
    assert others.corrections == ()


async def test_whoever_may_not_ask_is_told_why(told: AsyncEngine) -> None:
    for mandates, who, worker, code in (
        ((mandate(JOINT, Role.MAIN_USER),), JOINT, CLERK, "role_covers_function"),
        ((mandate(OTHER, Role.BILLING_CLERK),), JOINT, CLERK, "mandate_of_worker"),
        ((mandate(JOINT, Role.BILLING_CLERK),), JOINT, None, "bound_to_person"),
        ((mandate(KELA, Role.MAIN_USER),), KELA, CLERK, "role_covers_function"),
    ):
        assert refused(await desk_of(told, *mandates).ask(who, BillingBooksQuery(), worker=worker)) == f"gate.{code}"
    for age in (None, timedelta(minutes=2)):
        assert refused(await desk_of(told, age=age).ask(JOINT, BillingBooksQuery())) == "gate.agreements_fresh"


async def test_a_question_past_its_deadline_is_answered_as_too_late(told: AsyncEngine) -> None:
    assert await desk_of(told).ask(JOINT, BillingBooksQuery(), deadline=-1) == TOO_LATE
    slow = desk_of(told)

    async def never(messages: Sequence[Outgoing]) -> None:
        del messages
        await asyncio.Event().wait()

    object.__setattr__(slow.requests, "publish", never)
    query = BillingFileQuery(number="K2017-00002", format="json")
    assert await slow.ask(JOINT, query, deadline=0.3) == TOO_LATE
