"""A member municipality is told its own part of its joint body's money, whatever it asks, and nothing else of it."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid5

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.asking import Asking
from services.billing.domain.invoice import Invoice
from services.billing.domain.usage import Usage
from services.billing.issuing import closing_transaction
from services.billing.rectifying import Wanted, decide, demand
from services.billing.requests import Requests
from services.billing.store.usage import record_usage
from shared.contracts import asking
from shared.contracts.agreements import MandateChanged
from shared.contracts.answers import Answer, BillingDocument, BillingDocuments, BillingLine, Refused
from shared.contracts.asking import (
    BillingBooksQuery,
    BillingCorrectionsQuery,
    BillingDocumentQuery,
    BillingDocumentsQuery,
    BillingFileQuery,
    BillingLineQuery,
    BillingPriceChangeQuery,
    BillingUsageQuery,
    Body,
)
from shared.contracts.base import Role, Validity
from shared.directory.model import Directory
from shared.gate.facts import Limits
from tests.integration.billing.clerk import CLERK, NOW, Desk, Published
from tests.integration.billing.test_corrections import corrected, taken_back
from tests.integration.billing.year import (
    IDS,
    MARCH,
    PRICES,
    ROOT,
    agreement,
    close,
    issue,
    know,
    organisation,
    population,
    stored,
    use,
)

BODY, MEMBER, OTHER = "837", "020", "091"
GROUNDS = "Kokouksen perusteet vain maksajalle"
FACTS = (
    *(organisation(code) for code in (BODY, MEMBER, OTHER)),
    agreement(BODY, BODY, MEMBER, OTHER),
    *(population(code, heads) for code, heads in ((BODY, 26_667), (MEMBER, 15_013), (OTHER, 60_101))),
)
FILES = ("json", "csv", "xlsx", "xml", "ubl.xml", "pdf")


async def used(engine: AsyncEngine, member: str, queries: int, users: int) -> None:
    """Look-ups for a member under the body's agreement."""
    start = datetime(2016, 12, 2, 8, tzinfo=UTC)
    rows = [
        Usage(
            uuid5(ROOT, f"{member}-{n}"),
            f"A-{BODY}",
            member,
            "QUERY_PERSON",
            start + timedelta(seconds=n),
            date(2016, 12, 2),
            f"v1.{member}{n % users:023d}",
        )
        for n in range(queries)
    ]
    async with engine.begin() as conn:
        await record_usage(conn, rows)


async def year(engine: AsyncEngine) -> None:
    """A month, an instalment, a correction, a credit note and a decided demand of a body with three members."""
    await know(engine, *FACTS)
    await use(engine, BODY, 1237, 17)
    await used(engine, MEMBER, 341, 5)
    await close(engine)
    await issue(engine)
    await used(engine, OTHER, 577, 11)
    await corrected(engine, issue_now=True)
    await taken_back(engine, BODY, range(300, 340))
    await corrected(engine)
    async with closing_transaction(engine) as conn:
        made, _ = await demand(conn, PRICES, Wanted("K2017-00001", 1, date(2017, 2, 1), GROUNDS), MARCH)
        await decide(conn, PRICES, made.id, "partly_accepted", Decimal("13.37"), f"{GROUNDS}, päätös", MARCH)


def desk_of(engine: AsyncEngine) -> Requests:
    mandates = (
        MandateChanged(
            id=f"M-{code}",
            version=1,
            worker=CLERK,
            organisation=IDS[code],
            member=code,
            roles=(Role.BILLING_CLERK,),
            validity=Validity(first=date(2015, 1, 1)),
        )
        for code in (BODY, MEMBER)
    )
    minute = timedelta(minutes=1)
    limits = Limits(session=timedelta(hours=8), audit=minute, agreements=minute, artificial_codes=True)

    return Requests(
        engine=engine,
        asking=Asking(Directory([*FACTS, *mandates]), lambda _: timedelta(0), limits),
        prices=PRICES,
        publish=Published().publish,
        now=lambda: NOW,
        log=structlog.get_logger("test"),
    )


async def ask(desk: Requests, who: str, body: Body) -> Answer:
    return await Desk(desk, Published()).ask(IDS[who], body, deadline=30)


def questions(documents: Iterable[Invoice]) -> list[Body]:
    """Every kind of question, about every document, line, file and month that there is."""
    asked: list[Body] = [
        BillingBooksQuery(),
        BillingDocumentsQuery(),
        BillingCorrectionsQuery(),
        BillingPriceChangeQuery(year=2017),
        BillingUsageQuery(month="2016-12"),
        BillingUsageQuery(month="2016-12", day=date(2016, 12, 2), product="QUERY_PERSON"),
    ]
    for one in documents:
        asked.append(BillingDocumentQuery(number=one.number))
        asked += [BillingLineQuery(number=one.number, row=line.row) for line in one.lines]
        asked += [BillingFileQuery.model_validate({"number": one.number, "format": name}) for name in FILES]
    return asked


def others_numbers(documents: Iterable[Invoice]) -> set[str]:
    """Amounts and counts of the body and its other members, without those that are the member's own or a price."""
    told: set[str] = {"13.37"}
    own: set[str] = set()
    for one in documents:
        told.add(str(abs(one.total)))
        for line in one.lines:
            told |= {str(abs(line.amount)), str(line.quantity)}
            for part in line.parts:
                mine = own if part.municipality == MEMBER else told
                mine |= {str(abs(part.amount)), str(part.quantity)}
        for share in one.members:
            mine = own if share.municipality == MEMBER else told
            mine |= {str(abs(share.amount)), *map(str, share.counts.values())}
    prices = {str(item.price) for book in PRICES.books.files.values() for item in book.items}
    # Numbers of two digits stand in dates and codes too.
    return {one for one in told - own - prices if len(one) > len("99") and one not in ("None", "0.00")}


def numbers(text: str) -> set[str]:
    """Every number of a text."""
    return set(re.findall(r"\d+(?:\.\d+)?", text))


async def test_whatever_a_member_asks_it_is_told_no_amount_count_event_or_ground_of_the_others(
    engine: AsyncEngine,
) -> None:
    await year(engine)
    desk, documents = desk_of(engine), [one.invoice for one in await stored(engine)]
    assert {one.kind for one in documents} == {"usage_month", "population_instalment", "correction", "credit_note"}
    hidden, asked = others_numbers(documents), questions(documents)
    kinds = {getattr(asking, name) for name in asking.__all__ if re.fullmatch("Billing[A-Za-z]+Query", name)}
    assert {type(one) for one in asked} == kinds
    strangers = {str(uuid5(ROOT, f"{OTHER}-{n}")) for n in range(577)}
    strangers |= {str(uuid5(ROOT, f"{BODY}QUERY_PERSON{n}")) for n in range(1237)}
    texts = {}
    for question in asked:
        answer = await ask(desk, MEMBER, question)
        assert not isinstance(answer, BillingLine) or answer.sound
        if isinstance(question, BillingFileQuery):
            assert isinstance(answer, Refused)
        if not isinstance(question, BillingBooksQuery):
            texts[question.model_dump_json()] = answer.model_dump_json()
    assert {asked: numbers(text) & hidden for asked, text in texts.items() if numbers(text) & hidden} == {}
    assert [asked for asked, text in texts.items() if GROUNDS in text or "D1" in text] == []
    assert [asked for asked, text in texts.items() if any(event in text for event in strangers)] == []
    digests = [document.digest for document in await digests_of(desk, documents)]
    assert digests == [""] * len(digests)


async def digests_of(desk: Requests, documents: Iterable[Invoice]) -> list[BillingDocument]:
    found = [await ask(desk, MEMBER, BillingDocumentQuery(number=one.number)) for one in documents]
    return [one for one in found if isinstance(one, BillingDocument)]


async def test_the_payer_is_told_all_of_what_is_kept_from_a_member_and_the_members_part_is_whole(
    engine: AsyncEngine,
) -> None:
    await year(engine)
    desk, documents = desk_of(engine), [one.invoice for one in await stored(engine)]
    said = set[str]()
    for question in questions(documents):
        if not isinstance(question, BillingFileQuery | BillingBooksQuery):
            said |= numbers((await ask(desk, BODY, question)).model_dump_json())
    # The sums of a member's parts stand in no answer; every amount and count of a line does.
    hidden = others_numbers(documents)
    assert len(hidden & said) > len(hidden - said) * 5
    shown = await digests_of(desk, documents)
    listed = await ask(desk, MEMBER, BillingDocumentsQuery())
    assert isinstance(listed, BillingDocuments)
    assert {row.number for row in listed.rows} == {one.document.number for one in shown}
    for one in shown:
        assert one.document.total == one.document.share
        assert sum(Decimal(line.amount) for line in one.lines) == Decimal(one.document.total)
