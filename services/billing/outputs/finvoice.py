"""Finvoice 3.0, the e-invoice of Finnish banks and operators (schema of 1.11.2019), in its EN 16931 form.

Credit notes carry amounts below zero. Without an e-invoice address or an intermediary there is no transmission frame,
and the free text says how the document travels instead.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree

from services.billing.domain.invoice import Invoice, Line, MemberShare
from services.billing.outputs.charging import Priced, days_of
from services.billing.outputs.markup import clean, cut, pieces, written
from services.billing.outputs.saying import counts, delivery, route, seller_details, unit, why, words

_SCHEMA_LOCATION: Final = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
_BUSINESS_ID: Final = {"SchemeID": "0212"}
_EURO: Final = {"AmountCurrencyIdentifier": "EUR"}
_DAY: Final = {"Format": "CCYYMMDD"}
_NONE: Final = Decimal("0.00")
_STREET, _NAME, _FREE_TEXT, _TERMS, _SPECIFICATION = 35, 70, 512, 70, 80
_SHORTEST: Final = 2


def as_finvoice(invoice: Invoice) -> bytes:
    """The document as Finvoice 3.0; the same document gives the same bytes."""
    root = etree.Element("Finvoice", {"Version": "3.0", _SCHEMA_LOCATION: "Finvoice3.0.xsd"})
    _transmission(root, invoice)
    _seller(root, invoice)
    _put(root, "InvoiceRecipientLanguageCode", invoice.payer.language.upper())
    _buyer(root, invoice)
    _details(root, invoice)
    for line in invoice.lines:
        _row(root, invoice, line)
    if invoice.members:
        specification = etree.SubElement(root, "SpecificationDetails")
        for share in invoice.members:
            for text in pieces(_share(share), _SPECIFICATION):
                _put(specification, "SpecificationFreeText", text)
    _payment(root, invoice)
    return written(root)


def _transmission(root: etree._Element, invoice: Invoice) -> None:
    seller = seller_details()
    address, intermediary = route(invoice.payer)
    if len(address) < _SHORTEST or len(intermediary) < _SHORTEST:
        return
    frame = etree.SubElement(root, "MessageTransmissionDetails")
    sender = etree.SubElement(frame, "MessageSenderDetails")
    _put(sender, "FromIdentifier", seller.ovt.value)
    _put(sender, "FromIntermediator", seller.intermediary.value)
    receiver = etree.SubElement(frame, "MessageReceiverDetails")
    _put(receiver, "ToIdentifier", cut(address, _STREET))
    _put(receiver, "ToIntermediator", cut(intermediary, _STREET))
    message = etree.SubElement(frame, "MessageDetails")
    _put(message, "MessageIdentifier", invoice.number)
    _put(message, "MessageTimeStamp", invoice.issued_at.isoformat(timespec="seconds"))
    _put(message, "SpecificationIdentifier", "EN16931")


def _seller(root: etree._Element, invoice: Invoice) -> None:
    details, language = seller_details(), invoice.payer.language
    party = etree.SubElement(root, "SellerPartyDetails")
    _put(party, "SellerPartyIdentifier", invoice.seller.business_id, _BUSINESS_ID)
    _put(party, "SellerOrganisationName", _seller_name(invoice))
    address = etree.SubElement(party, "SellerPostalAddressDetails")
    _put(address, "SellerStreetName", details.street.value)
    _put(address, "SellerTownName", details.town(language))
    _put(address, "SellerPostCodeIdentifier", details.postal_code.value)
    _put(address, "CountryCode", "FI")
    account = etree.SubElement(etree.SubElement(root, "SellerInformationDetails"), "SellerAccountDetails")
    _put(account, "SellerAccountID", details.iban.value, {"IdentificationSchemeName": "IBAN"})
    _put(account, "SellerBic", details.bic.value, {"IdentificationSchemeName": "BIC"})


def _buyer(root: etree._Element, invoice: Invoice) -> None:
    payer = invoice.payer
    party = etree.SubElement(root, "BuyerPartyDetails")
    _put(party, "BuyerPartyIdentifier", payer.business_id, _BUSINESS_ID)
    for part in pieces(payer.name, _NAME, _SHORTEST) or [payer.business_id]:
        _put(party, "BuyerOrganisationName", part)
    streets, town = pieces(payer.street, _STREET, _SHORTEST)[:3], cut(payer.town, _STREET)
    if streets and len(town) >= _SHORTEST and len(clean(payer.postal_code)) >= _SHORTEST:
        address = etree.SubElement(party, "BuyerPostalAddressDetails")
        for street in streets:
            _put(address, "BuyerStreetName", street)
        _put(address, "BuyerTownName", town)
        _put(address, "BuyerPostCodeIdentifier", cut(payer.postal_code, _STREET))
        _put(address, "CountryCode", "FI")


def _details(root: etree._Element, invoice: Invoice) -> None:
    said = words(invoice.payer.language)
    credit = invoice.kind == "credit_note"
    details = etree.SubElement(root, "InvoiceDetails")
    _put(details, "InvoiceTypeCode", "INV02" if credit else "INV01", {"CodeListAgencyIdentifier": "SPY"})
    _put(details, "InvoiceTypeCodeUN", "381" if credit else "380")
    _put(details, "InvoiceTypeText", said[f"kind_{invoice.kind}"].upper())
    _put(details, "OriginCode", "Original")
    _put(details, "InvoiceNumber", invoice.number)
    _day(details, "InvoiceDate", invoice.issued_on)
    if invoice.credits:
        _put(details, "OriginalInvoiceNumber", invoice.credits)
        if invoice.credits_issued_on is not None:
            _day(details, "OriginalInvoiceDate", invoice.credits_issued_on)
    _day(details, "InvoicingPeriodStartDate", invoice.first_day)
    _day(details, "InvoicingPeriodEndDate", invoice.last_day)
    _put(details, "AgreementIdentifier", cut(invoice.agreement, _NAME))
    if reference := clean(invoice.payer.billing_reference or ""):
        _put(details, "BuyerReferenceIdentifier", cut(reference, _NAME))
    definition = etree.SubElement(details, "DefinitionDetails")
    _put(definition, "DefinitionHeaderText", said["reference_rf"], {"DefinitionCode": "RF"})
    _put(definition, "DefinitionValue", invoice.reference_rf)
    _amount(details, "RowsTotalVatExcludedAmount", invoice.total)
    _amount(details, "InvoiceTotalVatExcludedAmount", invoice.total)
    _amount(details, "InvoiceTotalVatAmount", _NONE)
    _amount(details, "InvoiceTotalVatIncludedAmount", invoice.total)
    _vat(details, invoice)
    for text in _free_texts(invoice):
        for part in pieces(text, _FREE_TEXT):
            _put(details, "InvoiceFreeText", part)
    terms = etree.SubElement(details, "PaymentTermsDetails")
    if credit:
        for part in pieces(said["no_payment"], _TERMS):
            _put(terms, "PaymentTermsFreeText", part)
    else:
        _day(terms, "InvoiceDueDate", invoice.due)


def _vat(details: etree._Element, invoice: Invoice) -> None:
    vat = etree.SubElement(details, "VatSpecificationDetails")
    _amount(vat, "VatBaseAmount", invoice.total)
    _put(vat, "VatRatePercent", "0")
    _put(vat, "VatCode", "O")
    _amount(vat, "VatRateAmount", _NONE)
    _put(vat, "VatFreeText", words(invoice.payer.language)["vat_reason"])
    _put(vat, "VatExemptionReasonCode", "VATEX-EU-O")


def _free_texts(invoice: Invoice) -> list[str]:
    language = invoice.payer.language
    said = words(language)
    texts = [f"{said['legal_basis']}: {invoice.legal_basis}", f"{said['delivery']}: {delivery(invoice.payer)}"]
    if invoice.assumed:
        texts.append(invoice.price_notice.in_language(language))
    if seller_details().iban.assumed:
        texts.append(said["assumed_account"])
    texts.append(invoice.rectification.in_language(language))
    texts.append(f"{said['demand_until']}: {invoice.rectification_until.isoformat()}")
    return texts


def _row(root: etree._Element, invoice: Invoice, line: Line) -> None:
    language = invoice.payer.language
    said, priced = words(language), Priced.of(line)
    first, last = days_of(invoice, line)
    row = etree.SubElement(root, "InvoiceRow")
    _put(row, "ArticleIdentifier", cut(line.product, _NAME))
    _put(row, "ArticleName", cut(line.text.in_language(language), 100))
    if said_why := why(line, language):
        _put(row, "ArticleDescription", said_why)
    quantity = {"QuantityUnitCode": unit(line, language)[:14], "QuantityUnitCodeUN": "C62"}
    _put(row, "InvoicedQuantity", str(priced.quantity), quantity)
    _day(row, "StartDate", first)
    _day(row, "EndDate", last)
    _amount(row, "UnitPriceAmount", priced.unit_price)
    _amount(row, "UnitPriceNetAmount", priced.unit_price)
    _put(row, "RowPositionIdentifier", str(line.row))
    _put(row, "RowAgreementIdentifier", cut(line.charged.agreement, _NAME))
    _put(row, "RowPriceListIdentifier", cut(line.charged.price_book, _STREET))
    for key, text in (("law", line.law), ("calculation", line.calculation), ("source", line.source)):
        _put(row, "RowFreeText", cut(f"{said[key]}: {text}", _FREE_TEXT))
    if line.assumed:
        _put(row, "RowFreeText", invoice.price_notice.in_language(language))
    _put(row, "RowVatRatePercent", "0")
    _put(row, "RowVatCode", "O")
    _amount(row, "RowVatAmount", _NONE)
    _amount(row, "RowVatExcludedAmount", line.amount)
    _amount(row, "RowAmount", line.amount)


def _payment(root: etree._Element, invoice: Invoice) -> None:
    seller = seller_details()
    epi = etree.SubElement(root, "EpiDetails")
    identification = etree.SubElement(epi, "EpiIdentificationDetails")
    _day(identification, "EpiDate", invoice.issued_on)
    _put(identification, "EpiReference", invoice.number)
    parties = etree.SubElement(epi, "EpiPartyDetails")
    bank = etree.SubElement(parties, "EpiBfiPartyDetails")
    _put(bank, "EpiBfiIdentifier", seller.bic.value, {"IdentificationSchemeName": "BIC"})
    beneficiary = etree.SubElement(parties, "EpiBeneficiaryPartyDetails")
    _put(beneficiary, "EpiNameAddressDetails", _seller_name(invoice))
    _put(beneficiary, "EpiAccountID", seller.iban.value, {"IdentificationSchemeName": "IBAN"})
    instruction = etree.SubElement(epi, "EpiPaymentInstructionDetails")
    _put(instruction, "EpiRemittanceInfoIdentifier", invoice.reference, {"IdentificationSchemeName": "SPY"})
    _amount(instruction, "EpiInstructedAmount", invoice.total)
    _put(instruction, "EpiCharge", "SLEV", {"ChargeOption": "SLEV"})
    _day(instruction, "EpiDateOptionDate", invoice.due)


def _share(share: MemberShare) -> str:
    return f"{share.municipality} {share.name}: {_comma(share.amount)} EUR; {counts(share)}"


def _seller_name(invoice: Invoice) -> str:
    return invoice.seller.name_sv if invoice.payer.language == "sv" else invoice.seller.name_fi


def _put(parent: etree._Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    etree.SubElement(parent, name, attributes or {}).text = text


def _day(parent: etree._Element, name: str, day: date) -> None:
    _put(parent, name, f"{day:%Y%m%d}", _DAY)


def _amount(parent: etree._Element, name: str, amount: Decimal) -> None:
    _put(parent, name, _comma(amount), _EURO)


def _comma(amount: Decimal) -> str:
    return format(amount, "f").replace(".", ",")
