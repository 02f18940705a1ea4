"""What a billing clerk reads of documents: the own organisation's, a member's own part, Kela's billing all."""

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.bus.publisher import NotAcknowledged
from shared.contracts.answers import (
    BillingDocument,
    BillingDocuments,
    BillingFile,
    BillingLine,
)
from shared.contracts.asking import (
    BillingDocumentQuery,
    BillingDocumentsQuery,
    BillingFileQuery,
    BillingLineQuery,
    FileFormat,
)
from shared.contracts.billing import DocumentFetched
from shared.gate.mandates import KELA
from tests.integration.billing.clerk import CLERK, JOINT, MEMBER, OTHER, desk_of, refused

if TYPE_CHECKING:
    from uuid import UUID


async def test_each_is_told_of_its_own_documents_and_kela_of_all(told: AsyncEngine) -> None:
    desk = desk_of(told)
    seen: dict[str, list[tuple[str, bool]]] = {}
    for who in (JOINT, MEMBER, OTHER, KELA):
        answer = await desk.ask(who, BillingDocumentsQuery())
        assert isinstance(answer, BillingDocuments)
        seen[who] = [(row.agreement, row.share is not None) for row in answer.rows]
    assert seen[JOINT] == [("A-837", False)] * 2
    assert seen[MEMBER] == [("A-837", True)]
    assert {one for one, _ in seen[OTHER]} == {"A-091"}
    assert len(seen[KELA]) == len(seen[JOINT]) + len(seen[OTHER])


async def test_a_member_sees_its_part_of_the_bodys_lines_and_nothing_of_others(told: AsyncEngine) -> None:
    desk = desk_of(told)
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


async def test_a_line_is_explained_page_by_page_to_the_last_use_and_names_no_worker(told: AsyncEngine) -> None:
    desk = desk_of(told)
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


@pytest.mark.parametrize("format_", ["json", "csv", "xlsx", "xml", "ubl.xml", "pdf"])
async def test_a_file_is_given_only_when_its_fetching_is_logged(told: AsyncEngine, format_: FileFormat) -> None:
    desk = desk_of(told)
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
