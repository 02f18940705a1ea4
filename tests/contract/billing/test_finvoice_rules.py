"""What Finvoice's own guidance asks beyond its schema: sums, references, dates, the frame. One check a row."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from services.billing.domain.invoice import Invoice
from services.billing.outputs.finvoice import as_finvoice
from shared.finnish.banking_days import is_banking_day
from shared.finnish.reference import make_rf, parse_reference
from shared.money import cents
from tests.harness.invoices import documents

Made = tuple[Invoice, etree._Element]  # noqa: SLF001 - the name that lxml gives to the type of an element


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return [(one, etree.fromstring(as_finvoice(one))) for one in documents(3, 250)]


def rows_sum_to_every_total(document: Invoice, root: etree._Element) -> bool:
    rows = sum((_money(amount) for amount in root.iterfind("InvoiceRow/RowVatExcludedAmount")), Decimal(0))
    paths = ("RowsTotalVatExcludedAmount", "InvoiceTotalVatExcludedAmount", "InvoiceTotalVatIncludedAmount")
    totals = [_money(root.find(f"InvoiceDetails/{path}")) for path in paths]
    paid = _money(root.find("EpiDetails/EpiPaymentInstructionDetails/EpiInstructedAmount"))
    return {rows, *totals, paid} == {document.total}


def quantity_times_price_is_the_row(_: Invoice, root: etree._Element) -> bool:
    return all(
        cents(Decimal(str(row.findtext("InvoicedQuantity"))) * _money(row.find("UnitPriceNetAmount")))
        == _money(row.find("RowAmount"))
        for row in root.iterfind("InvoiceRow")
    )


def no_price_is_below_zero(_: Invoice, root: etree._Element) -> bool:
    return all(_money(price) >= 0 for price in root.iterfind("InvoiceRow/UnitPriceAmount"))


def vat_is_zero_with_its_reason(document: Invoice, root: etree._Element) -> bool:
    (vat,) = root.findall("InvoiceDetails/VatSpecificationDetails")
    codes = {code.text for code in root.iterfind("InvoiceRow/RowVatCode")}
    stated = (vat.findtext("VatCode"), vat.findtext("VatRateAmount"), vat.findtext("VatExemptionReasonCode"))
    return (
        _money(vat.find("VatBaseAmount")) == document.total
        and stated == ("O", "0,00", "VATEX-EU-O")
        and codes == {"O"}
        and "L 150/1992" in str(vat.findtext("VatFreeText"))
    )


def a_credit_note_is_one_in_all_its_fields(document: Invoice, root: etree._Element) -> bool:
    details = root.find("InvoiceDetails")
    assert details is not None
    stated = [details.findtext(name) for name in ("InvoiceTypeCode", "InvoiceTypeCodeUN", "OriginalInvoiceNumber")]
    if document.kind == "credit_note":
        return stated == ["INV02", "381", document.credits] and _money(
            details.find("InvoiceTotalVatIncludedAmount")
        ) < Decimal(0)
    return stated == ["INV01", "380", None]


def both_references_are_one(_: Invoice, root: etree._Element) -> bool:
    reference = root.find("EpiDetails//EpiRemittanceInfoIdentifier")
    assert reference is not None
    plain = parse_reference(str(reference.text))
    rf = root.findtext("InvoiceDetails/DefinitionDetails/DefinitionValue")
    return reference.get("IdentificationSchemeName") == "SPY" and rf == make_rf(plain)


def days_are_in_order(document: Invoice, root: etree._Element) -> bool:
    issued, due = _day(root, "InvoiceDetails/InvoiceDate"), _day(root, "EpiDetails//EpiDateOptionDate")
    terms = root.findtext("InvoiceDetails/PaymentTermsDetails/InvoiceDueDate")
    rows = all(_day(row, "StartDate") <= _day(row, "EndDate") for row in root.iterfind("InvoiceRow"))
    ends = [_day(root, f"InvoiceDetails/InvoicingPeriod{end}Date") for end in ("Start", "End")]
    due_stated = terms is None if document.credits else terms == f"{due:%Y%m%d}"
    return issued <= due and is_banking_day(due) and rows and ends == sorted(ends) and due_stated


def a_correction_stands_on_the_days_it_corrects(document: Invoice, root: etree._Element) -> bool:
    rows = list(root.iterfind("InvoiceRow"))
    return all(
        (_day(row, "StartDate"), _day(row, "EndDate")) == (date(2016, 12, 1), date(2016, 12, 31))
        for row, line in zip(rows, document.lines, strict=True)
        if line.charged.period == "2016-12"
    )


def the_account_is_the_same_twice(_: Invoice, root: etree._Element) -> bool:
    seller = root.findtext("SellerInformationDetails/SellerAccountDetails/SellerAccountID")
    bank = root.findtext("SellerInformationDetails/SellerAccountDetails/SellerBic")
    epi = (root.findtext("EpiDetails//EpiAccountID"), root.findtext("EpiDetails//EpiBfiIdentifier"))
    return epi == (seller, bank) == ("FI2112345600000785", "NDEAFIHH")


def the_frame_routes_or_the_text_says_why_not(document: Invoice, root: etree._Element) -> bool:
    address = (document.payer.e_invoice_address or "").strip()
    frame = root.find("MessageTransmissionDetails")
    texts = " ".join(str(text.text) for text in root.iterfind("InvoiceDetails/InvoiceFreeText"))
    if address and document.payer.intermediary:
        assert frame is not None
        return (frame.findtext(".//ToIdentifier"), frame.findtext(".//ToIntermediator")) == (
            address,
            document.payer.intermediary,
        )
    missing = ("välittäjä puuttuu", "förmedlare saknas") if address else ("osoite puuttuu", "adress saknas")
    return frame is None and any(word in texts for word in missing)


def the_buyers_reference_is_carried(document: Invoice, root: etree._Element) -> bool:
    known = (document.payer.billing_reference or "").strip() or None
    return root.findtext("InvoiceDetails/BuyerReferenceIdentifier") == known


def prices_are_called_assumed_and_the_way_to_rectify_stands(document: Invoice, root: etree._Element) -> bool:
    notice = document.price_notice.in_language(document.payer.language)
    free = [text.text for text in root.iterfind("InvoiceDetails/InvoiceFreeText")]
    rows = [[text.text for text in row.iterfind("RowFreeText")] for row in root.iterfind("InvoiceRow")]
    laws = all(any("L 150/1992" in str(text) for text in texts) for texts in rows)
    demand = any("11 b §" in str(text) for text in free)
    return notice in free and all(notice in texts for texts in rows) and laws and demand


def each_member_is_specified(document: Invoice, root: etree._Element) -> bool:
    text = " ".join(str(part.text) for part in root.iterfind("SpecificationDetails/SpecificationFreeText"))
    return all(f"{share.municipality} {share.name}" in text for share in document.members)


CHECKS: tuple[Callable[[Invoice, etree._Element], bool], ...] = (
    rows_sum_to_every_total,
    quantity_times_price_is_the_row,
    no_price_is_below_zero,
    vat_is_zero_with_its_reason,
    a_credit_note_is_one_in_all_its_fields,
    both_references_are_one,
    days_are_in_order,
    a_correction_stands_on_the_days_it_corrects,
    the_account_is_the_same_twice,
    the_frame_routes_or_the_text_says_why_not,
    the_buyers_reference_is_carried,
    prices_are_called_assumed_and_the_way_to_rectify_stands,
    each_member_is_specified,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_document_keeps_the_rule(made: list[Made], check: Callable[[Invoice, etree._Element], bool]) -> None:
    for document, root in made:
        assert check(document, root), document.number


def _money(element: etree._Element | None) -> Decimal:
    assert element is not None
    return Decimal(str(element.text).replace(",", "."))


def _day(root: etree._Element, path: str) -> date:
    return date.fromisoformat(str(root.findtext(path)))
