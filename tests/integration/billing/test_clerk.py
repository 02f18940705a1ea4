"""What a billing clerk is told: the own organisation's money, a member's own part of it, Kela's billing everything."""

import asyncio
import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.asking import Asking
from services.billing.requests import TOO_LATE, Requests
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.contracts.agreements import MandateChanged, OrganisationChanged
from shared.contracts.answers import (
    Answer,
    BillingBooks,
    BillingCorrections,
    BillingDocument,
    BillingDocuments,
    BillingFile,
    BillingLine,
    BillingPriceChange,
    BillingUsage,
    Refused,
)
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
    FileFormat,
)
from shared.contracts.base import Channel, Contract, Role, Validity
from shared.contracts.billing import DocumentFetched
from shared.contracts.requests import Actor
from shared.directory.model import Directory
from shared.gate.facts import Limits
from shared.gate.mandates import KELA
from tests.integration.billing.test_corrections import corrected
from tests.integration.billing.year import (
    IDS,
    MARCH,
    PRICES,
    agreement,
    close,
    issue,
    know,
    organisation,
    population,
    use,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIMITS = Limits(
    session=timedelta(hours=8), audit=timedelta(minutes=1), agreements=timedelta(minutes=1), artificial_codes=True
)
CLERK = "v1." + "a" * 26
JOINT, MEMBER, OTHER = IDS["837"], IDS["020"], IDS["091"]
FACTS: tuple[Contract, ...] = (
    organisation("837"),
    organisation("020"),
    organisation("091"),
    OrganisationChanged(business_id=KELA, version=1, kind="joint_authority", name_fi="Kela", name_sv="FPA"),
    agreement("837", "837", "020"),
    agreement("091"),
    population("837", 6667),
    population("020", 1500),
    population("091", 600_000),
)


def mandate(organisation_id: str, *roles: Role) -> MandateChanged:
    return MandateChanged(
        id=f"M-{organisation_id}",
        version=1,
        worker=CLERK,
        organisation=organisation_id,
        member="091",
        roles=roles,
        validity=Validity(first=date(2015, 1, 1)),
    )


@dataclass
class Published:
    """What was published; nothing is acknowledged while Kafka is down."""

    down: bool = False
    messages: list[Outgoing] = field(default_factory=list)

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        if self.down:
            raise NotAcknowledged("down")
        self.messages += messages


@dataclass
class Desk:
    """Billing's answers, asked as the gateway asks."""

    requests: Requests
    published: Published
    silent: timedelta = timedelta(0)

    async def ask(self, who: str, body: Body, *, deadline: float = 5, worker: str | None = CLERK) -> Answer:
        id_ = uuid4()
        actor = Actor(
            request=id_,
            expires=NOW + timedelta(minutes=1),
            identity_code=None,
            name="",
            signed_in=NOW,
            organisation=who,
            member=None,
            roles=(Role.BILLING_CLERK,),
            channel=Channel.UI,
            worker=worker,
        )
        return await self.requests.answer(
            Request(id_, MARCH, NOW + timedelta(seconds=deadline), actor, "fi", body, b"k" * 32, NOW)
        )


def desk_of(engine: AsyncEngine, *mandates: MandateChanged, age: timedelta | None = timedelta(0)) -> Desk:
    held = mandates or tuple(mandate(one, Role.BILLING_CLERK) for one in (JOINT, MEMBER, OTHER, KELA))
    directory, published = Directory([*FACTS, *held]), Published()
    requests = Requests(
        engine=engine,
        asking=Asking(directory, lambda _: age, LIMITS),
        prices=PRICES,
        publish=published.publish,
        now=lambda: NOW,
        log=structlog.get_logger("test"),
    )
    return Desk(requests, published)


async def year(engine: AsyncEngine) -> None:
    """A joint body's and a city's December 2016, and the first instalment of 2017; one correction."""
    await know(engine, *(one for one in FACTS if not isinstance(one, OrganisationChanged) or one.business_id != KELA))
    await use(engine, "837", 1200, 20)
    await use(engine, "091", 100, 5)
    await close(engine)
    await issue(engine)
    await use(engine, "091", 1, 1, tag="late")
    await corrected(engine, issue_now=True)


def refused(answer: Answer) -> str:
    assert isinstance(answer, Refused)
    texts = (answer.refusal.reason, answer.refusal.advice)
    assert all(text.in_language(one) for text in texts for one in ("fi", "sv", "en"))
    return answer.refusal.code


async def test_each_is_told_of_its_own_documents_and_kela_of_all(engine: AsyncEngine) -> None:
    await year(engine)
    desk = desk_of(engine)
    seen: dict[str, list[tuple[str, bool]]] = {}
    for who in (JOINT, MEMBER, OTHER, KELA):
        answer = await desk.ask(who, BillingDocumentsQuery())
        assert isinstance(answer, BillingDocuments)
        seen[who] = [(row.agreement, row.share is not None) for row in answer.rows]
    assert seen[JOINT] == [("A-837", False)] * 2
    assert seen[MEMBER] == [("A-837", True)]
    assert {one for one, _ in seen[OTHER]} == {"A-091"}
    assert len(seen[KELA]) == len(seen[JOINT]) + len(seen[OTHER])


async def test_a_member_sees_its_part_of_the_bodys_lines_and_nothing_of_others(engine: AsyncEngine) -> None:
    await year(engine)
    desk = desk_of(engine)
    listed = await desk.ask(MEMBER, BillingDocumentsQuery())
    assert isinstance(listed, BillingDocuments)
    (row,) = listed.rows
    shown = await desk.ask(MEMBER, BillingDocumentQuery(number=row.number))
    assert isinstance(shown, BillingDocument)
    assert [part.municipality for line in shown.lines for part in line.parts] == ["020"]
    assert shown.document.share == shown.lines[0].parts[0].amount
    line = await desk.ask(MEMBER, BillingLineQuery(number=row.number, row=1))
    assert isinstance(line, BillingLine)
    assert ([one.municipality for one in line.members], line.sound) == (["020"], True)
    assert refused(await desk.ask(MEMBER, BillingFileQuery(number=row.number, format="pdf"))) == "billing.payer_only"
    assert refused(await desk.ask(OTHER, BillingDocumentQuery(number=row.number))) == "billing.not_yours"
    assert refused(await desk.ask(OTHER, BillingLineQuery(number=row.number, row=1))) == "billing.not_yours"
    assert refused(await desk.ask(JOINT, BillingLineQuery(number=row.number, row=77))) == "billing.not_yours"


async def test_a_line_is_explained_page_by_page_to_the_last_use_and_names_no_worker(engine: AsyncEngine) -> None:
    await year(engine)
    desk = desk_of(engine)
    events: list[UUID] = []
    after = None
    while True:
        page = await desk.ask(JOINT, BillingLineQuery(number="K2017-00002", row=1, after=after))
        assert isinstance(page, BillingLine)
        assert len(page.model_dump_json()) < 512_000
        assert "v1." not in page.model_dump_json()
        events += [one.event for one in page.uses]
        after = page.next
        if after is None:
            break
    assert (page.sound, page.line.quantity, page.counted) == (True, 1200, {"837": 1200})
    assert len(set(events)) == 1200
    for wrong in ("x", "2016-12-01~x", "2016-12-01T00:00:00~" + str(events[0])):
        answer = await desk.ask(JOINT, BillingLineQuery(number="K2017-00002", row=1, after=wrong))
        assert refused(answer) == "billing.place"


async def test_usage_is_told_by_day_member_and_product_within_the_scope(engine: AsyncEngine) -> None:
    await year(engine)
    desk = desk_of(engine)
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


async def test_prices_their_change_and_corrections_are_told(engine: AsyncEngine) -> None:
    await year(engine)
    desk = desk_of(engine)
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


@pytest.mark.parametrize("format_", ["json", "csv", "xlsx", "xml", "ubl.xml", "pdf"])
async def test_a_file_is_given_only_when_its_fetching_is_logged(engine: AsyncEngine, format_: FileFormat) -> None:
    await year(engine)
    desk = desk_of(engine)
    query = BillingFileQuery(number="K2017-00002", format=format_)
    desk.published.down = True
    with pytest.raises(NotAcknowledged):
        await desk.ask(JOINT, query)
    desk.published.down = False
    file = await desk.ask(JOINT, query)
    assert isinstance(file, BillingFile)
    content = base64.b64decode(file.content)
    assert hashlib.sha256(content).hexdigest() == file.sha256
    (message,) = desk.published.messages
    event = DocumentFetched.model_validate_json(message.body)
    assert (message.id, event.digest, event.worker, event.organisation) == (file.event, file.sha256, CLERK, JOINT)


async def test_whoever_may_not_ask_is_told_why(engine: AsyncEngine) -> None:
    for mandates, who, worker, code in (
        ((mandate(JOINT, Role.MAIN_USER),), JOINT, CLERK, "role_covers_function"),
        ((mandate(OTHER, Role.BILLING_CLERK),), JOINT, CLERK, "mandate_of_worker"),
        ((mandate(JOINT, Role.BILLING_CLERK),), JOINT, None, "bound_to_person"),
        ((mandate(KELA, Role.MAIN_USER),), KELA, CLERK, "role_covers_function"),
    ):
        assert refused(await desk_of(engine, *mandates).ask(who, BillingBooksQuery(), worker=worker)) == f"gate.{code}"
    for age in (None, timedelta(minutes=2)):
        assert refused(await desk_of(engine, age=age).ask(JOINT, BillingBooksQuery())) == "gate.agreements_fresh"


async def test_a_question_past_its_deadline_is_answered_as_too_late(engine: AsyncEngine) -> None:
    assert await desk_of(engine).ask(JOINT, BillingBooksQuery(), deadline=-1) == TOO_LATE
    slow = desk_of(engine)

    async def never(messages: Sequence[Outgoing]) -> None:
        del messages
        await asyncio.Event().wait()

    await year(engine)
    object.__setattr__(slow.requests, "publish", never)
    query = BillingFileQuery(number="K2017-00002", format="json")
    assert await slow.ask(JOINT, query, deadline=0.3) == TOO_LATE
