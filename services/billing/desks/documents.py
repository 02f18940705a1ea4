"""Invoices, credit notes, their lines and the uses behind them, and what was corrected or demanded."""

from itertools import islice
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData
from services.billing.desks.places import document_place, event_place, number_place, place, usage_place
from services.billing.desks.refusals import NOT_EXPLAINED, NOT_YOURS
from services.billing.desks.telling import document_row, document_told, line_told, use_row
from services.billing.domain.books import NoPriceBookError
from services.billing.domain.instalments import PopulationMissingError
from services.billing.domain.periods import BillingRefusedError
from services.billing.domain.scope import Scope
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.explaining import Explained, events, explain
from services.billing.store import desk
from services.billing.store.explaining import Cut
from shared.clock.civil import Month
from shared.contracts.answers import (
    BillingCorrections,
    BillingDocument,
    BillingDocuments,
    BillingLine,
    BillingUsage,
    Refused,
)
from shared.contracts.answers.billing import CorrectionRow, DemandRow, UsageRow, UseRow
from shared.contracts.asking import (
    BillingCorrectionsQuery,
    BillingDocumentQuery,
    BillingDocumentsQuery,
    BillingLineQuery,
    BillingUsageQuery,
)

USES: Final = 1000
"""Uses of one page: about 200 kB."""
ROWS: Final = 1000
SUMS: Final = 150
"""Rows of one page of monthly sums: people read them, and a page of ours is light."""
DOCUMENTS: Final = 100
CHANGES: Final = 200


async def usage(conn: AsyncConnection, scope: Scope, query: BillingUsageQuery) -> BillingUsage:
    """One page of the use of a month."""
    month, size = Month.parse(query.month), SUMS if query.sums else ROWS
    days = (query.day, query.day) if query.day else (month.first, month.last)
    place_before = usage_place(query.after)
    found = await desk.usage(conn, scope, days, query.product, place_before, size + 1, sums=query.sums)
    rows = [
        UsageRow(day=one.day, agreement=one.agreement, member=one.member, product=one.product, quantity=one.quantity)
        for one in islice(found, size)
    ]
    last = rows[-1] if len(found) > size else None
    following = last and place(last.day, last.agreement, last.member, last.product)
    users = await desk.active_users(conn, scope, month.first) if query.sums else {}
    shown = {one.agreement for one in rows}
    active = {agreement: count for agreement, count in users.items() if agreement in shown}
    return BillingUsage(month=query.month, rows=tuple(rows), active_users=active, next=following)


async def documents(conn: AsyncConnection, scope: Scope, query: BillingDocumentsQuery) -> BillingDocuments:
    """One page of documents."""
    found = await desk.documents(conn, scope, document_place(query.after), DOCUMENTS + 1)
    shown = found[:DOCUMENTS]
    rows = tuple(row for one in shown if (row := document_row(one.invoice, scope)) is not None)
    last = shown[-1].invoice if len(found) > DOCUMENTS else None
    return BillingDocuments(rows=rows, next=last and place(last.issued_at, last.number), price_notice=ASSUMED_PRICE)


async def document(conn: AsyncConnection, scope: Scope, query: BillingDocumentQuery) -> BillingDocument | Refused:
    """One document."""
    stored = await desk.document(conn, query.number)
    told = None if stored is None else document_told(stored.invoice, stored.digest, scope)
    return told or Refused(refusal=NOT_YOURS)


async def line(
    conn: AsyncConnection, scope: Scope, prices: PriceData, query: BillingLineQuery
) -> BillingLine | Refused:
    """Why a line costs what it costs, and one page of its uses."""
    after = event_place(query.after)
    stored = await desk.document(conn, query.number)
    seen = None if stored is None else document_told(stored.invoice, stored.digest, scope)
    if stored is None or seen is None or query.row not in {one.row for one in seen.lines}:
        return Refused(refusal=NOT_YOURS)
    only = None if seen.document.share is None else scope.municipality
    try:
        found = await explain(conn, prices, stored.invoice, query.row)
    except (BillingRefusedError, NoPriceBookError, PopulationMissingError):
        return Refused(refusal=NOT_EXPLAINED)
    told = line_told(found, only)
    if found.seen is None:
        return told
    uses = await _uses(conn, found, Cut(found.ground, found.seen, only, after, USES + 1))
    last = uses[USES - 1] if len(uses) > USES else None
    return told.model_copy(update={"uses": tuple(uses[:USES]), "next": last and place(last.time, last.event)})


async def _uses(conn: AsyncConnection, found: Explained, cut: Cut) -> list[UseRow]:
    return [use_row(one) async for one in events(conn, found, cut)]


async def corrections(conn: AsyncConnection, scope: Scope, query: BillingCorrectionsQuery) -> BillingCorrections:
    """One page of corrections and one of demands."""
    skip = number_place(query.after)
    found = await desk.corrections(conn, scope, skip, CHANGES + 1)
    asked = await desk.demands(conn, scope, skip, CHANGES + 1)
    return BillingCorrections(
        corrections=tuple(
            CorrectionRow(
                agreement=row.agreement,
                price_book=row.book,
                period=row.period,
                rated=str(row.rated),
                charged=str(row.charged),
                document=row.document,
                at=row.rated_at,
            )
            for row in found[:CHANGES]
        ),
        demands=tuple(
            DemandRow(
                demand=row.id,
                invoice=row.invoice,
                row=row.on_row,
                received=row.received,
                grounds=row.grounds,
                outcome=row.outcome,
                amount=None if row.amount is None else str(row.amount),
                document=row.document,
            )
            for row in asked[:CHANGES]
        ),
        next=str(skip + CHANGES) if max(len(found), len(asked)) > CHANGES else None,
    )
