"""The columns of the files, as data: one row a column, the same for CSV and XLSX."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Generic, Literal, TypeVar

from services.billing.domain.invoice import Invoice, Line, MemberShare
from services.billing.domain.texts import ASSUMED_PRICE
from shared.contracts.base import Text

Cell = str | int | Decimal | date | None
Kind = Literal["text", "number", "money", "price", "date"]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column: its machine name (CSV), its heading for people (XLSX), how it is shown, and its value."""

    name: str
    heading: Text
    kind: Kind
    width: int
    value: Callable[[R], Cell]


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line with its invoice."""

    invoice: Invoice
    line: Line


@dataclass(frozen=True, slots=True)
class InvoiceShare:
    """A member's share with its invoice."""

    invoice: Invoice
    share: MemberShare


@dataclass(frozen=True, slots=True)
class Rolled:
    """An amount that was not invoiced."""

    agreement: str
    book: str
    period: str
    amount: Decimal
    waived: bool


def notice(invoice: Invoice) -> str:
    """What must stand wherever a price is shown, in the payer's language."""
    return ASSUMED_PRICE.in_language(invoice.payer.language)


def _assumed(row: InvoiceLine) -> str:
    return notice(row.invoice) if row.line.assumed else ""


LINES: Final[tuple[Column[InvoiceLine], ...]] = (
    Column("invoice", Text(fi="Lasku", sv="Faktura", en="Invoice"), "text", 14, lambda r: r.invoice.number),
    Column("row", Text(fi="Rivi", sv="Rad", en="Row"), "number", 6, lambda r: r.line.row),
    Column("period", Text(fi="Kausi", sv="Period", en="Period"), "text", 10, lambda r: r.invoice.period),
    Column("product", Text(fi="Tuote", sv="Produkt", en="Product"), "text", 22, lambda r: r.line.product),
    Column(
        "text",
        Text(fi="Selite", sv="Förklaring", en="Text"),
        "text",
        36,
        lambda r: r.line.text.in_language(r.invoice.payer.language),
    ),
    Column("quantity", Text(fi="Määrä", sv="Antal", en="Quantity"), "number", 10, lambda r: r.line.quantity),
    Column("unit", Text(fi="Yksikkö", sv="Enhet", en="Unit"), "text", 18, lambda r: r.line.unit),
    Column(
        "unit_price",
        Text(fi="Yksikköhinta €", sv="Enhetspris €", en="Unit price €"),
        "price",
        14,
        lambda r: r.line.unit_price,
    ),
    Column("amount", Text(fi="Summa €", sv="Belopp €", en="Amount €"), "money", 12, lambda r: r.line.amount),
    Column("why", Text(fi="Syy", sv="Orsak", en="Why"), "text", 14, lambda r: r.line.why),
    Column(
        "charged_agreement",
        Text(fi="Koskee sopimusta", sv="Gäller avtalet", en="Charged agreement"),
        "text",
        18,
        lambda r: r.line.charged.agreement,
    ),
    Column(
        "charged_book",
        Text(fi="Koskee hinnastoa", sv="Gäller prislistan", en="Charged price book"),
        "text",
        18,
        lambda r: r.line.charged.price_book,
    ),
    Column(
        "charged_period",
        Text(fi="Koskee kautta", sv="Gäller perioden", en="Charged period"),
        "text",
        14,
        lambda r: r.line.charged.period,
    ),
    Column(
        "calculation", Text(fi="Laskelma", sv="Beräkning", en="Calculation"), "text", 34, lambda r: r.line.calculation
    ),
    Column("law", Text(fi="Peruste", sv="Grund", en="Legal basis"), "text", 34, lambda r: r.line.law),
    Column(
        "price_row",
        Text(fi="Hinnaston rivi", sv="Prislistans rad", en="Price row"),
        "text",
        28,
        lambda r: r.line.price_row,
    ),
    Column(
        "source", Text(fi="Hinnan lähde", sv="Prisets källa", en="Price source"), "text", 40, lambda r: r.line.source
    ),
    Column("price_notice", Text(fi="Huomautus", sv="Anmärkning", en="Notice"), "text", 24, _assumed),
)

MEMBERS: Final[tuple[Column[InvoiceShare], ...]] = (
    Column("invoice", Text(fi="Lasku", sv="Faktura", en="Invoice"), "text", 14, lambda r: r.invoice.number),
    Column("municipality", Text(fi="Kunta", sv="Kommun", en="Municipality"), "text", 8, lambda r: r.share.municipality),
    Column("name", Text(fi="Nimi", sv="Namn", en="Name"), "text", 24, lambda r: r.share.name),
    Column(
        "counts",
        Text(fi="Määrät", sv="Antal", en="Counts"),
        "text",
        48,
        lambda r: ", ".join(f"{product} {count}" for product, count in sorted(r.share.counts.items())),
    ),
    Column("amount", Text(fi="Osuus €", sv="Andel €", en="Share €"), "money", 12, lambda r: r.share.amount),
    Column("price_notice", Text(fi="Huomautus", sv="Anmärkning", en="Notice"), "text", 24, lambda r: notice(r.invoice)),
)

INVOICES: Final[tuple[Column[Invoice], ...]] = (
    Column("invoice", Text(fi="Lasku", sv="Faktura", en="Invoice"), "text", 14, lambda i: i.number),
    Column("kind", Text(fi="Laji", sv="Slag", en="Kind"), "text", 20, lambda i: i.kind),
    Column("credits", Text(fi="Hyvittää", sv="Krediterar", en="Credits"), "text", 14, lambda i: i.credits),
    Column("agreement", Text(fi="Sopimus", sv="Avtal", en="Agreement"), "text", 20, lambda i: i.agreement),
    Column(
        "payer_id", Text(fi="Y-tunnus", sv="FO-nummer", en="Business id"), "text", 12, lambda i: i.payer.business_id
    ),
    Column("payer", Text(fi="Maksaja", sv="Betalare", en="Payer"), "text", 30, lambda i: i.payer.name),
    Column("price_book", Text(fi="Hinnasto", sv="Prislista", en="Price book"), "text", 14, lambda i: i.price_book),
    Column("period", Text(fi="Kausi", sv="Period", en="Period"), "text", 10, lambda i: i.period),
    Column("issued", Text(fi="Päiväys", sv="Datum", en="Issued"), "date", 12, lambda i: i.issued_on),
    Column("due", Text(fi="Eräpäivä", sv="Förfallodag", en="Due"), "date", 12, lambda i: i.due),
    Column("reference", Text(fi="Viitenumero", sv="Referensnummer", en="Reference"), "text", 16, lambda i: i.reference),
    Column(
        "reference_rf", Text(fi="RF-viite", sv="RF-referens", en="RF reference"), "text", 20, lambda i: i.reference_rf
    ),
    Column("delivery", Text(fi="Toimitus", sv="Leverans", en="Delivery"), "text", 10, lambda i: i.delivery),
    Column(
        "e_invoice_address",
        Text(fi="Verkkolaskuosoite", sv="E-fakturaadress", en="E-invoice address"),
        "text",
        22,
        lambda i: i.payer.e_invoice_address,
    ),
    Column(
        "intermediary",
        Text(fi="Välittäjä", sv="Förmedlare", en="Intermediary"),
        "text",
        18,
        lambda i: i.payer.intermediary,
    ),
    Column(
        "billing_reference",
        Text(fi="Maksajan viite", sv="Betalarens referens", en="Billing reference"),
        "text",
        24,
        lambda i: i.payer.billing_reference,
    ),
    Column(
        "rectification_until",
        Text(fi="Oikaisu viimeistään", sv="Rättelse senast", en="Rectification until"),
        "date",
        16,
        lambda i: i.rectification_until,
    ),
    Column("total", Text(fi="Yhteensä €", sv="Totalt €", en="Total €"), "money", 12, lambda i: i.total),
    Column("price_notice", Text(fi="Huomautus", sv="Anmärkning", en="Notice"), "text", 24, notice),
)

ROLLED: Final[tuple[Column[Rolled], ...]] = (
    Column("agreement", Text(fi="Sopimus", sv="Avtal", en="Agreement"), "text", 20, lambda r: r.agreement),
    Column("price_book", Text(fi="Hinnasto", sv="Prislista", en="Price book"), "text", 14, lambda r: r.book),
    Column("period", Text(fi="Kausi", sv="Period", en="Period"), "text", 10, lambda r: r.period),
    Column("amount", Text(fi="Summa €", sv="Belopp €", en="Amount €"), "money", 12, lambda r: r.amount),
    Column(
        "decision",
        Text(fi="Ratkaisu", sv="Avgörande", en="Decision"),
        "text",
        14,
        lambda r: "waived" if r.waived else "rolled_over",
    ),
    Column("price_notice", Text(fi="Huomautus", sv="Anmärkning", en="Notice"), "text", 24, lambda _: ASSUMED_PRICE.fi),
)
