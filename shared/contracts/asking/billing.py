"""Questions of the municipality's billing clerk and of Kela's billing: about money and counts, never about persons."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.asking.words import Day, MonthText, Place
from shared.contracts.base import Contract

DocumentNumber = Annotated[str, Field(pattern=r"^[A-Z][0-9]{4}-[0-9]{5,9}$")]
"""Number of an invoice or a credit note, such as K2017-00001."""
FileFormat = Literal["json", "csv", "xlsx", "xml", "ubl.xml", "pdf"]
"""The files of a document; `xml` is Finvoice."""


class BillingUsageQuery(Contract):
    """One page of the use of a month, by day, municipality and product."""

    kind: Literal["billing_usage"] = "billing_usage"
    month: MonthText
    day: Day | None = None
    """Only this day."""
    product: Annotated[str, Field(max_length=40)] | None = None
    sums: bool = False
    """The whole month in one row of each agreement, municipality and product, with the first day as its day."""
    after: Place | None = None


class BillingDocumentsQuery(Contract):
    """One page of invoices and credit notes, the newest first."""

    kind: Literal["billing_documents"] = "billing_documents"
    after: Place | None = None


class BillingDocumentQuery(Contract):
    """One invoice or credit note with its lines."""

    kind: Literal["billing_document"] = "billing_document"
    number: DocumentNumber


class BillingLineQuery(Contract):
    """Why a line costs what it costs, with one page of the uses behind it."""

    kind: Literal["billing_line"] = "billing_line"
    number: DocumentNumber
    row: Annotated[int, Field(ge=1, le=10_000)]
    after: Place | None = None


class BillingBooksQuery(Contract):
    """The price books, as they are known today."""

    kind: Literal["billing_books"] = "billing_books"


class BillingPriceChangeQuery(Contract):
    """What a year costs each municipality under each price book, against the year before."""

    kind: Literal["billing_price_change"] = "billing_price_change"
    year: Annotated[int, Field(ge=2016, le=2100)]


class BillingCorrectionsQuery(Contract):
    """Corrections of closed periods and demands for rectification, the newest first."""

    kind: Literal["billing_corrections"] = "billing_corrections"
    after: Place | None = None


class BillingFileQuery(Contract):
    """One file of a document. That it was fetched is logged before it is given."""

    kind: Literal["billing_file"] = "billing_file"
    number: DocumentNumber
    format: FileFormat
