"""Ten thousand generated documents against the published schemas, and read back to the figures they were made from."""

from base64 import b64decode
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from services.billing.domain.invoice import Invoice
from services.billing.outputs.finvoice import as_finvoice
from services.billing.outputs.ubl import as_ubl
from tests.harness.invoices import documents
from tests.harness.schemas import finvoice_schema, ubl_schema

SEED, COUNT = 2017, 10_000
UBL = {
    "a": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "b": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


@pytest.fixture(scope="module")
def made() -> list[Invoice]:
    return list(documents(SEED, COUNT))


def test_ten_thousand_documents_are_valid_finvoice_and_read_back_as_they_were(made: list[Invoice]) -> None:
    schema = finvoice_schema()
    for document in made:
        root = etree.fromstring(as_finvoice(document))
        schema.assertValid(root)
        assert root.findtext("InvoiceDetails/InvoiceNumber") == document.number
        assert root.findtext("InvoiceDetails/OriginalInvoiceNumber") == document.credits
        assert _day(root, "InvoiceDetails/InvoiceDate") == document.issued_on
        assert _day(root, "EpiDetails/EpiPaymentInstructionDetails/EpiDateOptionDate") == document.due
        assert root.findtext("EpiDetails//EpiRemittanceInfoIdentifier") == document.reference
        assert root.findtext("InvoiceDetails/DefinitionDetails/DefinitionValue") == document.reference_rf
        assert _money(root, "InvoiceDetails/InvoiceTotalVatIncludedAmount") == document.total
        assert [_money(row, "RowAmount") for row in root.iter("InvoiceRow")] == [line.amount for line in document.lines]


def test_ten_thousand_documents_are_valid_ubl_and_read_back_as_they_were(made: list[Invoice]) -> None:
    schema = ubl_schema()
    for document in made:
        root = etree.fromstring(as_ubl(document))
        schema.assertValid(root)
        name = "CreditNote" if document.credits else "Invoice"
        sign = -1 if document.credits else 1
        assert root.findtext("b:ID", None, UBL) == document.number
        assert root.findtext("a:BillingReference/a:InvoiceDocumentReference/b:ID", None, UBL) == document.credits
        assert root.findtext("b:IssueDate", None, UBL) == document.issued_on.isoformat()
        assert root.findtext("b:DueDate", None, UBL) == (None if document.credits else document.due.isoformat())
        assert root.findtext("a:PaymentMeans/b:PaymentID", None, UBL) == (
            None if document.credits else document.reference
        )
        assert Decimal(str(root.findtext("a:LegalMonetaryTotal/b:PayableAmount", None, UBL))) == sign * document.total
        rows = root.findall(f"a:{name}Line/b:LineExtensionAmount", UBL)
        assert [Decimal(str(row.text)) for row in rows] == [sign * line.amount for line in document.lines]


def test_the_attached_specification_of_members_sums_to_the_total(made: list[Invoice]) -> None:
    document = next(one for one in made if len(one.members) > 2)
    root = etree.fromstring(as_ubl(document))
    attached = root.find("a:AdditionalDocumentReference/a:Attachment/b:EmbeddedDocumentBinaryObject", UBL)
    assert attached is not None
    assert attached.get("mimeCode") == "text/csv"
    rows = b64decode(str(attached.text)).decode().splitlines()
    assert len(rows) == 1 + len(document.members)
    assert rows[1].startswith(f"{document.number},{document.members[0].municipality},")


def test_both_formats_are_the_same_bytes_when_made_again(made: list[Invoice]) -> None:
    again = list(documents(SEED, 100))
    assert [as_finvoice(one) for one in again] == [as_finvoice(one) for one in made[:100]]
    assert [as_ubl(one) for one in again] == [as_ubl(one) for one in made[:100]]


def test_the_schemas_refuse_what_is_wrong(made: list[Invoice]) -> None:
    finvoice, ubl = etree.fromstring(as_finvoice(made[0])), etree.fromstring(as_ubl(made[0]))
    for root, needed in ((finvoice, finvoice.find("EpiDetails")), (ubl, ubl.find("a:LegalMonetaryTotal", UBL))):
        assert needed is not None
        root.remove(needed)
    assert not finvoice_schema().validate(finvoice)
    assert not ubl_schema().validate(ubl)


def _day(root: etree._Element, path: str) -> date:
    return date.fromisoformat(str(root.findtext(path)))


def _money(root: etree._Element, path: str) -> Decimal:
    return Decimal(str(root.findtext(path)).replace(",", "."))
