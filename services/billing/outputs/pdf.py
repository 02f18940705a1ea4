"""The invoice for people: tagged PDF (PDF/UA-1) in the payer's language, byte for byte the same when made again."""

import json
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import typst

from services.billing.domain.invoice import Invoice, Line, MemberShare
from services.billing.outputs.charging import days_of
from services.billing.outputs.markup import clean, settable
from services.billing.outputs.saying import Language, counts, delivery, route, seller_details, unit, why, words
from shared.finnish.iban import format_iban
from shared.finnish.reference import format_reference, format_rf
from shared.money import format_money

_TO = "\u2013"
"""The dash between the first and the last day."""


def as_pdf(invoice: Invoice) -> bytes:
    """The document as PDF. What the typeface cannot show of a name is a question mark: no name stops a document.

    Raises:
        typst.TypstError: The layout cannot be set as an accessible document.
    """
    document = json.dumps(_content(invoice), ensure_ascii=False)
    try:
        return _set(invoice, document)
    except typst.TypstError:
        return _set(invoice, settable(document))


def _set(invoice: Invoice, document: str) -> bytes:
    content = _compiler().compile(
        format="pdf",
        sys_inputs={"document": document},
        pdf_standards="ua-1",
        timestamp=int(invoice.issued_at.timestamp()),
    )
    if not isinstance(content, bytes):
        raise TypeError("the compiler gave no single file")
    return content


@lru_cache
def _compiler() -> typst.Compiler:
    """One compiler for all documents: it finds its own fonts once, and never those of the machine."""
    template = Path(__file__).with_name("invoice.typ")
    return typst.Compiler(template, root=template.parent, ignore_system_fonts=True)


def _content(invoice: Invoice) -> dict[str, object]:
    language = invoice.payer.language
    said = words(language)
    kind = said[f"kind_{invoice.kind}"]
    seller = invoice.seller.name_sv if language == "sv" else invoice.seller.name_fi
    issued = invoice.issued_on
    return {
        "language": language,
        "title": f"{kind} {invoice.number}",
        "author": seller,
        "date": {"year": issued.year, "month": issued.month, "day": issued.day},
        "heading": f"{kind} {invoice.number}",
        "seller": _seller(invoice, seller),
        "payer": _payer(invoice),
        "facts": _facts(invoice),
        "lines": {
            "title": said["lines"],
            "columns": [said[key] for key in ("text", "quantity", "unit_price", "amount")],
            "rows": [_line(invoice, line) for line in invoice.lines],
        },
        "total": [said["total_credit" if invoice.credits else "total"], format_money(invoice.total, language)],
        "payment": {"title": said["payment"], "facts": _payment(invoice, seller)},
        "notices": _notices(invoice),
        "members": {
            "title": said["members"],
            "columns": [said["municipality"], said["use"], said["share"]],
            "rows": [_member(share, language) for share in invoice.members],
        },
        "footer": f"{seller} · {kind} {invoice.number}",
        "page": said["page"],
    }


def _seller(invoice: Invoice, name: str) -> list[str]:
    details, language = seller_details(), invoice.payer.language
    said = words(language)
    return [
        name,
        details.street.value,
        f"{details.postal_code.value} {details.town(language)}",
        f"{said['business_id']} {invoice.seller.business_id}",
        f"{said['e_invoice_address']} {details.ovt.value}",
    ]


def _payer(invoice: Invoice) -> list[str]:
    payer = invoice.payer
    lines = [payer.name, payer.street, f"{payer.postal_code} {payer.town}"]
    lines.append(f"{words(payer.language)['business_id']} {payer.business_id}")
    return [line for line in map(clean, lines) if line]


def _facts(invoice: Invoice) -> list[list[str]]:
    payer = invoice.payer
    address, intermediary = route(payer)
    stated = [
        ("number", invoice.number),
        ("credits", _credited(invoice)),
        ("issued", _day(invoice.issued_on)),
        ("period", f"{_day(invoice.first_day)}{_TO}{_day(invoice.last_day)}"),
        ("agreement", invoice.agreement),
        ("price_book", invoice.price_book),
        ("billing_reference", clean(payer.billing_reference or "")),
        ("delivery", delivery(payer)),
        ("e_invoice_address", address),
        ("intermediary", intermediary),
    ]
    return _labelled(stated, payer.language)


def _line(invoice: Invoice, line: Line) -> dict[str, object]:
    language = invoice.payer.language
    said = words(language)
    first, last = days_of(invoice, line)
    notes = [why(line, language)] if line.why != "rated" else []
    if line.charged.period != invoice.period:
        notes.append(f"{said['charged']} {_day(first)}{_TO}{_day(last)} ({line.charged.agreement})")
    stated = [("law", line.law), ("calculation", line.calculation), ("price_row", line.price_row)]
    notes += [f"{label}: {text}" for label, text in _labelled([*stated, ("source", line.source)], language)]
    if line.assumed:
        notes.append(invoice.price_notice.in_language(language))
    price = f"{_number(line.unit_price)} €/{unit(line, language)}"
    cells = [_number(Decimal(line.quantity)), price, format_money(line.amount, language)]
    return {"text": line.text.in_language(language), "notes": notes, "cells": cells}


def _payment(invoice: Invoice, seller: str) -> list[list[str]]:
    language, details = invoice.payer.language, seller_details()
    if invoice.credits:
        return _labelled([("reference", format_reference(invoice.reference))], language)
    stated = [
        ("due", _day(invoice.due)),
        ("total", format_money(invoice.total, language)),
        ("payee", seller),
        ("account", f"{format_iban(details.iban.value)} ({details.bic.value})"),
        ("reference", format_reference(invoice.reference)),
        ("reference_rf", format_rf(invoice.reference_rf)),
    ]
    return _labelled(stated, language)


def _credited(invoice: Invoice) -> str:
    on = invoice.credits_issued_on
    return f"{invoice.credits or ''}{f' ({_day(on)})' if on else ''}"


def _notices(invoice: Invoice) -> list[dict[str, str]]:
    language = invoice.payer.language
    said = words(language)
    until = f"{said['demand_until']}: {_day(invoice.rectification_until)}."
    told = [("legal_basis", invoice.legal_basis), ("vat", said["vat_reason"])]
    if invoice.assumed:
        told.append(("prices", invoice.price_notice.in_language(language)))
    if invoice.credits:
        told.append(("kind_credit_note", said["no_payment"]))
    elif seller_details().iban.assumed:
        told.append(("account", said["assumed_account"]))
    told.append(("demand", f"{invoice.rectification.in_language(language)} {until}"))
    return [{"title": said[key], "text": text} for key, text in told]


def _member(share: MemberShare, language: Language) -> list[str]:
    return [f"{share.municipality} {share.name}", counts(share), format_money(share.amount, language)]


def _labelled(stated: list[tuple[str, str]], language: Language) -> list[list[str]]:
    said = words(language)
    return [[said[key], text] for key, text in stated if text]


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _number(value: Decimal) -> str:
    return f"{value:,f}".replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")
