"""A document as its published schema sees it, read back to the figures that it was made from."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from lxml import etree

from services.billing.domain.invoice import Invoice
from services.billing.outputs.finvoice import as_finvoice
from services.billing.outputs.ubl import as_ubl
from tests.harness.schemas import finvoice_schema, ubl_schema

UBL = {
    "a": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "b": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def hold_as_finvoice(made: Iterable[Invoice]) -> None:
    """Each is valid Finvoice 3.0 and says what the document says."""
    schema = finvoice_schema()
    for document in made:
        root = etree.fromstring(as_finvoice(document))
        schema.assertValid(root)
        assert root.findtext("InvoiceDetails/InvoiceNumber") == document.number
        assert root.findtext("InvoiceDetails/OriginalInvoiceNumber") == document.credits
        on = document.credits_issued_on
        assert root.findtext("InvoiceDetails/OriginalInvoiceDate") == (on and f"{on:%Y%m%d}")
        assert _day(root, "InvoiceDetails/InvoiceDate") == document.issued_on
        assert _day(root, "EpiDetails/EpiPaymentInstructionDetails/EpiDateOptionDate") == document.due
        assert root.findtext("EpiDetails//EpiRemittanceInfoIdentifier") == document.reference
        assert root.findtext("InvoiceDetails/DefinitionDetails/DefinitionValue") == document.reference_rf
        assert _money(root, "InvoiceDetails/InvoiceTotalVatIncludedAmount") == document.total
        assert [_money(row, "RowAmount") for row in root.iter("InvoiceRow")] == [line.amount for line in document.lines]


def hold_as_ubl(made: Iterable[Invoice]) -> None:
    """Each is valid UBL 2.1 and says what the document says."""
    schema = ubl_schema()
    for document in made:
        root = etree.fromstring(as_ubl(document))
        schema.assertValid(root)
        name = "CreditNote" if document.credits else "Invoice"
        sign = -1 if document.credits else 1
        assert root.findtext("b:ID", None, UBL) == document.number
        referred = "a:BillingReference/a:InvoiceDocumentReference"
        assert root.findtext(f"{referred}/b:ID", None, UBL) == document.credits
        on = document.credits_issued_on
        assert root.findtext(f"{referred}/b:IssueDate", None, UBL) == (on and on.isoformat())
        assert root.findtext("b:IssueDate", None, UBL) == document.issued_on.isoformat()
        assert root.findtext("b:DueDate", None, UBL) == (None if document.credits else document.due.isoformat())
        assert root.findtext("a:PaymentMeans/b:PaymentID", None, UBL) == (
            None if document.credits else document.reference
        )
        assert Decimal(str(root.findtext("a:LegalMonetaryTotal/b:PayableAmount", None, UBL))) == sign * document.total
        rows = root.findall(f"a:{name}Line/b:LineExtensionAmount", UBL)
        assert [Decimal(str(row.text)) for row in rows] == [sign * line.amount for line in document.lines]


def _day(root: etree._Element, path: str) -> date:
    return date.fromisoformat(str(root.findtext(path)))


def _money(root: etree._Element, path: str) -> Decimal:
    return Decimal(str(root.findtext(path)).replace(",", "."))
