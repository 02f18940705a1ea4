"""Everything that `billing.requests` may ask: open, judge who asks, let the desk answer, before the deadline.

Nothing here changes anything, so nothing is set aside: what cannot be answered is told so.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.stdlib import BoundLogger

from services.billing.asking import Asker, Asking
from services.billing.book_files import PriceData
from services.billing.desks import documents, files, prices
from services.billing.desks.files import Publish
from services.billing.desks.places import PlaceError
from services.billing.desks.refusals import PLACE
from services.billing.domain.scope import Scope
from services.billing.reporting import snapshot
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.bus.transaction import Refuse
from shared.contracts.answers import Answer, Failed, Refused
from shared.contracts.asking import (
    BillingBooksQuery,
    BillingCorrectionsQuery,
    BillingDocumentQuery,
    BillingDocumentsQuery,
    BillingFileQuery,
    BillingLineQuery,
    BillingPriceChangeQuery,
    BillingUsageQuery,
)
from shared.contracts.base import Refusal
from shared.database.errors import classify

TOO_LATE: Final = Failed(code="billing.deadline", reason="The question came too late to be answered.", retry=True)
UNANSWERED: Final = Failed(code="billing.question", reason="The question could not be answered.", retry=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """Answers questions.

    Attributes:
        engine: Billing's database.
        asking: Finds out who asks.
        prices: Books and products.
        publish: Publishes events, acknowledged.
        now: System clock.
        log: Told of questions that nobody could answer.
    """

    engine: AsyncEngine
    asking: Asking
    prices: PriceData
    publish: Publish
    now: Callable[[], datetime]
    log: BoundLogger

    async def answer(self, request: Request) -> Answer:
        """Answer one question.

        Raises:
            NotAcknowledged: A file could not be logged as fetched; it is asked for again until the deadline.
            Refuse: It is no question of billing.
        """
        now = self.now()
        if request.expired(now):
            return TOO_LATE
        asker = self.asking.of(request, now)
        if isinstance(asker, Refusal):
            return Refused(refusal=asker)
        left = None if request.deadline is None else (request.deadline - now).total_seconds()
        try:
            async with asyncio.timeout(left), snapshot(self.engine) as conn:
                return await self._told(conn, asker, request)
        except PlaceError:
            return Refused(refusal=PLACE)
        except TimeoutError:
            return TOO_LATE
        except (NotAcknowledged, Refuse):
            raise
        except Exception as error:
            if classify(error) == "transient":
                raise
            failed = type(error).__name__
        self.log.error("question_failed", request=str(request.id), error=failed)
        return UNANSWERED

    async def _told(self, conn: AsyncConnection, asker: Asker, request: Request) -> Answer:
        match request.body:
            case BillingBooksQuery():
                return prices.books(self.prices)
            case BillingPriceChangeQuery() as query:
                return await prices.price_change(conn, asker.scope, self.prices, query, request.accepted)
            case BillingFileQuery() as query:
                return await files.file(conn, asker, query, self.publish, request=request.id, at=request.accepted)
            case _:
                return await self._shown(conn, asker.scope, request)

    async def _shown(self, conn: AsyncConnection, scope: Scope, request: Request) -> Answer:
        match request.body:
            case BillingUsageQuery() as query:
                return await documents.usage(conn, scope, query)
            case BillingDocumentsQuery() as query:
                return await documents.documents(conn, scope, query)
            case BillingDocumentQuery() as query:
                return await documents.document(conn, scope, query)
            case BillingLineQuery() as query:
                return await documents.line(conn, scope, self.prices, query)
            case BillingCorrectionsQuery() as query:
                return await documents.corrections(conn, scope, query)
            case _:
                raise Refuse("schema", "billing answers no such request")
