"""What billing answers in the walk over the routes: each answer holds something that only billing can have said."""

import base64
import hashlib
from datetime import UTC, date, datetime
from uuid import UUID

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
)
from shared.contracts.answers.billing import (
    BookView,
    CorrectionRow,
    DemandRow,
    DocumentRow,
    LineRow,
    PartRow,
    PriceChangeRow,
    UsageRow,
    UseRow,
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
)
from shared.contracts.base import Text

EVENT = UUID("ca4a41a0-0000-4000-8000-00000ca4a41a")
MARK = "Kanarialintu Keijo"
DAY = date(2016, 12, 31)
AT = datetime(2016, 12, 31, 10, 31, 5, tzinfo=UTC)
NOTICE = Text(fi="Hinta on oletus.", sv="Priset är ett antagande.", en="The price is an assumption.")
WHAT = Text(fi=MARK, sv=MARK, en=MARK)
DOCUMENT = DocumentRow(
    number="K2017-00001",
    type="usage_month",
    credits=None,
    agreement="A-TAMPERE",
    payer=MARK,
    price_book="KELMU-2016",
    period="2016-12",
    issued_on=DAY,
    due=DAY,
    total="7.00",
    share=None,
)
LINE = LineRow(
    row=1,
    why="rated",
    agreement="A-TAMPERE",
    price_book="KELMU-2016",
    period="2016-12",
    product="QUERY_PERSON",
    text=WHAT,
    law="L 150/1992",
    price_row="KELMU-2016 QUERY_PERSON",
    source="A 1063/2014",
    assumed=True,
    calculation="1 * 0.08 = 0.08",
    quantity=1,
    unit="query",
    unit_price="0.08",
    amount="0.08",
    parts=(PartRow(municipality="837", quantity=1, amount="0.08"),),
)
USE = UseRow(event=EVENT, time=AT, member="837", product="QUERY_PERSON", counts=1)
EXPLAINED = BillingLine(
    number="K2017-00001",
    line=LINE,
    basis="uses",
    tier="",
    sound=True,
    fault=None,
    counted={"837": 1},
    uses=(USE,),
    price_notice=NOTICE,
)
OPENED = BillingDocument(
    document=DOCUMENT,
    payer_id="0211675-2",
    reference="1232",
    legal_basis="L 150/1992",
    lines=(LINE,),
    digest="0" * 64,
    price_notice=NOTICE,
    rectification=NOTICE,
    rectification_until=DAY,
)
LISTED = BillingDocuments(rows=(DOCUMENT,), next=None, price_notice=NOTICE)


def file_of(number: str, content: bytes) -> BillingFile:
    """A file as billing gives it."""
    return BillingFile(
        number=number,
        name=number,
        sha256=hashlib.sha256(content).hexdigest(),
        content=base64.b64encode(content).decode(),
        event=EVENT,
    )


def billing_answer(body: object) -> Answer:
    """The answer to a question; one that is not known here fails the test that asks it."""
    match body:
        case BillingUsageQuery():
            row = UsageRow(day=DAY, agreement="A-TAMPERE", member="837", product=MARK, quantity=1)
            return BillingUsage(month="2016-12", rows=(row,), next=None)
        case BillingDocumentsQuery():
            return LISTED
        case BillingDocumentQuery():
            return OPENED
        case BillingLineQuery():
            return EXPLAINED
        case BillingFileQuery(number=number):
            return file_of(number, MARK.encode())
        case _:
            return _of_prices(body)


def _of_prices(body: object) -> Answer:
    match body:
        case BillingBooksQuery():
            book = BookView(
                name=MARK, first=DAY, last=None, charges="usage", in_force=True, legal_basis="L 150/1992", rows=()
            )
            return BillingBooks(books=(book,), price_notice=NOTICE)
        case BillingPriceChangeQuery():
            row = PriceChangeRow(municipality="837", name=MARK, merged=(), payer=MARK, before=None, after={})
            return BillingPriceChange(year=2017, own_use=False, rows=(row,), price_notice=NOTICE)
        case BillingCorrectionsQuery():
            changed = CorrectionRow(
                agreement="A", price_book="B", period="P", rated="0.00", charged="0.00", document=None, at=AT
            )
            demand = DemandRow(
                demand=MARK,
                invoice="K",
                row=None,
                received=DAY,
                grounds=MARK,
                outcome=None,
                amount=None,
                document=None,
            )
            return BillingCorrections(corrections=(changed,), demands=(demand,), next=None)
        case _:
            raise AssertionError(f"billing answers no {type(body).__name__}")
