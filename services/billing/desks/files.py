"""The files of a document, for its payer. That one was fetched is on Kafka, acknowledged, before it is given."""

import asyncio
import base64
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.asking import Asker
from services.billing.desks.refusals import NOT_YOURS, PAYER_ONLY, TOO_LARGE
from services.billing.desks.telling import document_row
from services.billing.outputs.folder import Document, file_of
from services.billing.store import desk
from shared.bus.messages import Outgoing
from shared.bus.topics import BILLING_EVENTS
from shared.contracts.answers import BillingFile, Refused
from shared.contracts.asking import BillingFileQuery
from shared.contracts.billing import DocumentFetched
from shared.ids import event_id

LARGEST: Final = 350_000
"""Bytes of a file that an answer carries; in Base64, and with its frame, it stays below 512 kB."""
Publish = Callable[[Sequence[Outgoing]], Awaitable[None]]


async def file(
    conn: AsyncConnection, asker: Asker, query: BillingFileQuery, publish: Publish, *, request: UUID, at: datetime
) -> BillingFile | Refused:
    """One file of a document.

    Args:
        conn: The database.
        asker: Who asks.
        query: Which file.
        publish: Publishes events and returns once Kafka has acknowledged them.
        request: Id of the request: a repeated one is the same event.
        at: Business clock.

    Raises:
        NotAcknowledged: It could not be logged, so it is not given.
    """
    stored = await desk.document(conn, query.number)
    if stored is None or document_row(stored.invoice, asker.scope) is None:
        return Refused(refusal=NOT_YOURS)
    if not asker.scope.whole(stored.invoice):
        return Refused(refusal=PAYER_ONLY)
    content = await asyncio.to_thread(file_of, Document(stored.invoice, stored.content), query.format)
    if len(content) > LARGEST:
        return Refused(refusal=TOO_LARGE)
    digest = hashlib.sha256(content).hexdigest()
    event = DocumentFetched(
        number=query.number,
        format=query.format,
        agreement=stored.invoice.agreement,
        organisation=asker.organisation,
        worker=asker.worker,
        time=at,
        digest=digest,
    )
    id_ = event_id("document-fetched", str(request))
    await publish([Outgoing.of(BILLING_EVENTS, event.agreement, id_, event, source="billing", time=at)])
    return BillingFile(
        number=query.number,
        name=f"{query.number}.{query.format}",
        sha256=digest,
        content=base64.b64encode(content).decode(),
        event=id_,
    )
