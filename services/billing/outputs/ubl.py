"""UBL 2.1 after EN 16931: `Invoice`, or `CreditNote` with the amounts turned positive, as the norm wants them.

The charge is outside the scope of VAT (category O), so no VAT number stands on it. What each member used and pays is an
attached CSV. The norm has no field for an intermediary: the buyer's electronic address alone routes the document.
"""

import re
from base64 import b64encode
from decimal import Decimal
from typing import Final

from lxml import etree

from services.billing.domain.invoice import Invoice, Line, Payer
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.outputs.charging import Priced, days_of
from services.billing.outputs.columns import MEMBERS, InvoiceShare
from services.billing.outputs.markup import clean, written
from services.billing.outputs.saying import delivery, route, seller_details, why, words
from services.billing.outputs.tables import as_csv, table
from shared.contracts.base import Text

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_SPACES: Final[dict[str | None, str]] = {
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
}
_EURO: Final = {"currencyID": "EUR"}
_BUSINESS_ID: Final = {"schemeID": "0212"}
_OVT = re.compile(r"0037[0-9]{8}[0-9A-Z]{0,5}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{10,30}", re.ASCII)


def as_ubl(invoice: Invoice) -> bytes:
    """The document as UBL 2.1; the same document gives the same bytes."""
    credit = invoice.kind == "credit_note"
    name = "CreditNote" if credit else "Invoice"
    spaces = {None: f"{_UBL}{name}-2", **_SPACES}
    root = etree.Element(f"{{{_UBL}{name}-2}}{name}", nsmap=spaces)  # type: ignore[arg-type] # the stubs know no default namespace
    sign = -1 if credit else 1
    _heading(root, invoice, name)
    _references(root, invoice)
    _seller(root, invoice)
    _buyer(root, invoice)
    _payment(root, invoice, credit=credit)
    _totals(root, invoice, sign)
    for line in invoice.lines:
        _line(root, invoice, line, name, sign)
    return written(root)


def _heading(root: etree._Element, invoice: Invoice, name: str) -> None:
    payer = invoice.payer
    _cbc(root, "CustomizationID", "urn:cen.eu:en16931:2017")
    _cbc(root, "ID", invoice.number)
    _cbc(root, "IssueDate", invoice.issued_on.isoformat())
    if invoice.credits is None:
        _cbc(root, "DueDate", invoice.due.isoformat())
    _cbc(root, f"{name}TypeCode", "380" if invoice.credits is None else "381")
    for note in _notes(invoice):
        _cbc(root, "Note", note)
    _cbc(root, "DocumentCurrencyCode", "EUR")
    if payer.billing_reference and clean(payer.billing_reference):
        _cbc(root, "BuyerReference", payer.billing_reference)
    period = _cac(root, "InvoicePeriod")
    _cbc(period, "StartDate", invoice.first_day.isoformat())
    _cbc(period, "EndDate", invoice.last_day.isoformat())


def _notes(invoice: Invoice) -> list[str]:
    language = invoice.payer.language
    said = words(language)
    notes = [f"{said['legal_basis']}: {invoice.legal_basis}", f"{said['delivery']}: {delivery(invoice.payer)}"]
    if invoice.assumed:
        notes.append(invoice.price_notice.in_language(language))
    if seller_details().iban.assumed:
        notes.append(said["assumed_account"])
    notes.append(invoice.rectification.in_language(language))
    notes.append(f"{said['demand_until']}: {invoice.rectification_until.isoformat()}")
    return notes


def _references(root: etree._Element, invoice: Invoice) -> None:
    if invoice.credits:
        reference = _cac(_cac(root, "BillingReference"), "InvoiceDocumentReference")
        _cbc(reference, "ID", invoice.credits)
        if invoice.credits_issued_on is not None:
            _cbc(reference, "IssueDate", invoice.credits_issued_on.isoformat())
    _cbc(_cac(root, "ContractDocumentReference"), "ID", invoice.agreement)
    if invoice.members:
        title = Text(fi=words("fi")["members"], sv=words("sv")["members"], en="Members")
        shares = [InvoiceShare(invoice, share) for share in invoice.members]
        content = as_csv(table(title, MEMBERS, shares, ASSUMED_PRICE, invoice.payer.language))
        reference = _cac(root, "AdditionalDocumentReference")
        _cbc(reference, "ID", f"{invoice.number}-members")
        _cbc(reference, "DocumentDescription", title.in_language(invoice.payer.language))
        described = {"mimeCode": "text/csv", "filename": f"{invoice.number}-members.csv"}
        attachment = _cac(reference, "Attachment")
        _cbc(attachment, "EmbeddedDocumentBinaryObject", b64encode(content).decode(), described)


def _seller(root: etree._Element, invoice: Invoice) -> None:
    details, language = seller_details(), invoice.payer.language
    name = invoice.seller.name_sv if language == "sv" else invoice.seller.name_fi
    party = _cac(_cac(root, "AccountingSupplierParty"), "Party")
    _cbc(party, "EndpointID", details.ovt.value, {"schemeID": "0216"})
    _address(party, details.street.value, details.town(language), details.postal_code.value)
    _legal_entity(party, name, invoice.seller.business_id)


def _buyer(root: etree._Element, invoice: Invoice) -> None:
    payer = invoice.payer
    party = _cac(_cac(root, "AccountingCustomerParty"), "Party")
    _endpoint(party, payer)
    _address(party, payer.street, payer.town, payer.postal_code)
    _legal_entity(party, payer.name, payer.business_id)


def _endpoint(party: etree._Element, payer: Payer) -> None:
    """An OVT code or an IBAN is an electronic address of the norm; any other address stands as an identifier."""
    address, _ = route(payer)
    if _OVT.fullmatch(address):
        _cbc(party, "EndpointID", address, {"schemeID": "0216"})
    elif _IBAN.fullmatch(address):
        _cbc(party, "EndpointID", address, {"schemeID": "9918"})
    elif address:
        _cbc(_cac(party, "PartyIdentification"), "ID", address)


def _address(party: etree._Element, street: str, town: str, postal_code: str) -> None:
    address = _cac(party, "PostalAddress")
    for name, text in (("StreetName", street), ("CityName", town), ("PostalZone", postal_code)):
        if clean(text):
            _cbc(address, name, text)
    _cbc(_cac(address, "Country"), "IdentificationCode", "FI")


def _legal_entity(party: etree._Element, name: str, business_id: str) -> None:
    entity = _cac(party, "PartyLegalEntity")
    _cbc(entity, "RegistrationName", clean(name) or business_id)
    _cbc(entity, "CompanyID", business_id, _BUSINESS_ID)


def _payment(root: etree._Element, invoice: Invoice, *, credit: bool) -> None:
    said = words(invoice.payer.language)
    if credit:
        _cbc(_cac(root, "PaymentTerms"), "Note", said["no_payment"])
        return
    seller = seller_details()
    means = _cac(root, "PaymentMeans")
    _cbc(means, "PaymentMeansCode", "58")
    _cbc(means, "PaymentID", invoice.reference)
    account = _cac(means, "PayeeFinancialAccount")
    _cbc(account, "ID", seller.iban.value)
    _cbc(_cac(account, "FinancialInstitutionBranch"), "ID", seller.bic.value)
    _cbc(_cac(root, "PaymentTerms"), "Note", f"{said['reference_rf']}: {invoice.reference_rf}")


def _totals(root: etree._Element, invoice: Invoice, sign: int) -> None:
    total = _cac(root, "TaxTotal")
    _amount(total, "TaxAmount", Decimal("0.00"))
    subtotal = _cac(total, "TaxSubtotal")
    _amount(subtotal, "TaxableAmount", sign * invoice.total)
    _amount(subtotal, "TaxAmount", Decimal("0.00"))
    category = _cac(subtotal, "TaxCategory")
    _cbc(category, "ID", "O")
    _cbc(category, "TaxExemptionReasonCode", "VATEX-EU-O")
    _cbc(category, "TaxExemptionReason", words(invoice.payer.language)["vat_reason"])
    _cbc(_cac(category, "TaxScheme"), "ID", "VAT")
    money = _cac(root, "LegalMonetaryTotal")
    for name in ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount"):
        _amount(money, name, sign * invoice.total)


def _line(root: etree._Element, invoice: Invoice, line: Line, name: str, sign: int) -> None:
    language = invoice.payer.language
    said, priced = words(language), Priced.of(line)
    first, last = days_of(invoice, line)
    row = _cac(root, f"{name}Line")
    _cbc(row, "ID", str(line.row))
    stated = [f"{said[key]}: {text}" for key, text in (("law", line.law), ("calculation", line.calculation))]
    if line.assumed:
        stated.append(invoice.price_notice.in_language(language))
    _cbc(row, "Note", "; ".join(stated))
    quantity = "CreditedQuantity" if name == "CreditNote" else "InvoicedQuantity"
    _cbc(row, quantity, str(sign * priced.quantity), {"unitCode": "C62"})
    _amount(row, "LineExtensionAmount", sign * line.amount)
    period = _cac(row, "InvoicePeriod")
    _cbc(period, "StartDate", first.isoformat())
    _cbc(period, "EndDate", last.isoformat())
    item = _cac(row, "Item")
    if said_why := why(line, language):
        _cbc(item, "Description", said_why)
    _cbc(item, "Name", line.text.in_language(language))
    _cbc(_cac(item, "SellersItemIdentification"), "ID", line.product)
    category = _cac(item, "ClassifiedTaxCategory")
    _cbc(category, "ID", "O")
    _cbc(_cac(category, "TaxScheme"), "ID", "VAT")
    stands = (("agreement", line.charged.agreement), ("price_row", line.price_row), ("source", line.source))
    for key, text in stands:
        stated_property = _cac(item, "AdditionalItemProperty")
        _cbc(stated_property, "Name", said[key])
        _cbc(stated_property, "Value", text)
    _amount(_cac(row, "Price"), "PriceAmount", priced.unit_price)


def _cac(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_SPACES['cac']}}}{name}")


def _cbc(parent: etree._Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    etree.SubElement(parent, f"{{{_SPACES['cbc']}}}{name}", attributes or {}).text = clean(text)


def _amount(parent: etree._Element, name: str, amount: Decimal) -> None:
    # adding zero takes the sign from a negated zero, which a document never shows
    _cbc(parent, name, format(amount + 0, "f"), _EURO)
