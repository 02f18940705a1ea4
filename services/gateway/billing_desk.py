"""What may be asked of billing, one method a question. Of whoever asks it is told a pseudonym, no name or code."""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from uuid import uuid4

from services.gateway.inquiring import A, Asker, Inquirer, Inquiry
from services.gateway.problems import unexpected
from shared.bus.topics import BILLING_REQUESTS
from shared.contracts.answers import (
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
)
from shared.ids import pseudonym


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file of a document as it is handed on."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class BillingDesk:
    """Sends questions to billing. Every method raises `Problem` when there is no answer (`Inquirer.answer`)."""

    inquirer: Inquirer
    pseudonym_key: bytes = field(repr=False)
    seconds: float

    async def usage(self, asker: Asker, query: BillingUsageQuery) -> BillingUsage | Refused:
        """One page of the use of a month."""
        return await self._ask(asker, query, BillingUsage)

    async def documents(self, asker: Asker, query: BillingDocumentsQuery) -> BillingDocuments | Refused:
        """One page of invoices and credit notes."""
        return await self._ask(asker, query, BillingDocuments)

    async def document(self, asker: Asker, query: BillingDocumentQuery) -> BillingDocument | Refused:
        """One document. Another one than the asked is shown to nobody."""
        answer = await self._ask(asker, query, BillingDocument)
        if isinstance(answer, BillingDocument) and answer.document.number != query.number:
            raise unexpected()
        return answer

    async def line(self, asker: Asker, query: BillingLineQuery) -> BillingLine | Refused:
        """Why a line costs what it costs."""
        answer = await self._ask(asker, query, BillingLine)
        if isinstance(answer, BillingLine) and (answer.number, answer.line.row) != (query.number, query.row):
            raise unexpected()
        return answer

    async def books(self, asker: Asker) -> BillingBooks | Refused:
        """The price books."""
        return await self._ask(asker, BillingBooksQuery(), BillingBooks)

    async def price_change(self, asker: Asker, query: BillingPriceChangeQuery) -> BillingPriceChange | Refused:
        """What a year costs under each price book."""
        return await self._ask(asker, query, BillingPriceChange)

    async def corrections(self, asker: Asker, query: BillingCorrectionsQuery) -> BillingCorrections | Refused:
        """Corrections and demands."""
        return await self._ask(asker, query, BillingCorrections)

    async def file(self, asker: Asker, query: BillingFileQuery) -> FetchedFile | Refused:
        """A file of a document, whose fetching is logged. One that is not what its hash says is given to nobody."""
        answer = await self._ask(asker, query, BillingFile)
        if isinstance(answer, Refused):
            return answer
        try:
            content = base64.b64decode(answer.content, validate=True)
        except binascii.Error:
            raise unexpected() from None
        if answer.number != query.number or hashlib.sha256(content).hexdigest() != answer.sha256:
            raise unexpected()
        return FetchedFile(f"{query.number}.{query.format}", content)

    async def _ask(self, asker: Asker, body: Body, wanted: type[A]) -> A | Refused:
        code, request = asker.identity.identity_code, asker.request or uuid4()
        worker = None if code is None else pseudonym(self.pseudonym_key, "worker", code)
        inquiry = Inquiry(BILLING_REQUESTS, request, str(request), body, nameless=True, worker=worker)
        return await self.inquirer.answer(asker, inquiry, self.seconds, wanted)
