"""The columns of the journal and of the monthly pack, as data: the same for CSV, XLSX and PDF."""

from dataclasses import dataclass
from typing import Final

from services.billing.domain.accounts import Chart
from services.billing.domain.invoice import Invoice
from services.billing.domain.journal import Balance, Entry, Posting, Waiting
from services.billing.domain.report_pack import CorrectionRow, MeteredRow, ModelRow, MunicipalityRow, ProductRow
from services.billing.outputs.report_tables import ReportColumn
from shared.contracts.base import Text
from shared.money import Language


def words(fi: str, sv: str, en: str) -> Text:
    """A heading in the three languages."""
    return Text(fi=fi, sv=sv, en=en)


AGREEMENT: Final = words("Sopimus", "Avtal", "Agreement")
AMOUNT: Final = words("Summa €", "Belopp €", "Amount €")
BOOK: Final = words("Hinnasto", "Prislista", "Price book")
DOCUMENT: Final = words("Tosite", "Verifikation", "Document")
LAW: Final = words("Peruste", "Grund", "Legal basis")
MODEL: Final = words("Laskutusmalli", "Faktureringsmodell", "Model")
MUNICIPALITY: Final = words("Kunta", "Kommun", "Municipality")
NAME: Final = words("Nimi", "Namn", "Name")
PERIOD: Final = words("Kausi", "Period", "Period")
PRODUCT: Final = words("Tuote", "Produkt", "Product")
QUANTITY: Final = words("Määrä", "Antal", "Quantity")
TEXT: Final = words("Selite", "Förklaring", "Text")


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A posting with its entry; None for a memo, which posts nothing."""

    entry: Entry
    posting: Posting | None


def journal_columns(chart: Chart, language: Language) -> tuple[ReportColumn[JournalRow], ...]:
    """Columns of the journal; account names and treatments are those of the chart."""

    def account(row: JournalRow) -> str | None:
        return chart.account(row.posting.account).name.in_language(language) if row.posting else None

    def vat(row: JournalRow) -> str:
        return chart.treatment(row.entry.vat).text.in_language(language)

    def text(row: JournalRow) -> str:
        return row.posting.text.in_language(language) if row.posting else ""

    return (
        ReportColumn("day", words("Päivä", "Dag", "Day"), "date", 12, lambda r: r.entry.day),
        ReportColumn("voucher", DOCUMENT, "text", 22, lambda r: r.entry.voucher),
        ReportColumn("kind", words("Laji", "Slag", "Kind"), "text", 20, lambda r: r.entry.kind),
        ReportColumn("agreement", AGREEMENT, "text", 18, lambda r: r.entry.agreement),
        ReportColumn("payer", words("Y-tunnus", "FO-nummer", "Business id"), "text", 11, lambda r: r.entry.payer),
        ReportColumn(
            "account",
            words("Tili", "Konto", "Account"),
            "text",
            7,
            lambda r: r.posting.account if r.posting else None,
        ),
        ReportColumn("account_name", words("Tilin nimi", "Kontots namn", "Account name"), "text", 26, account),
        ReportColumn(
            "debit",
            words("Debet €", "Debet €", "Debit €"),
            "money",
            12,
            lambda r: r.posting.debit if r.posting and r.posting.debit else None,
            summed=True,
        ),
        ReportColumn(
            "credit",
            words("Kredit €", "Kredit €", "Credit €"),
            "money",
            12,
            lambda r: r.posting.credit if r.posting and r.posting.credit else None,
            summed=True,
        ),
        ReportColumn(
            "memo",
            words("Muistio €", "Promemoria €", "Memo €"),
            "money",
            12,
            lambda r: r.entry.memo if r.posting is None else None,
        ),
        ReportColumn("vat", words("ALV-käsittely", "Momsbehandling", "VAT treatment"), "text", 34, vat),
        ReportColumn("book", BOOK, "text", 16, lambda r: r.posting.book if r.posting else None),
        ReportColumn("period", PERIOD, "text", 12, lambda r: r.posting.period if r.posting else None),
        ReportColumn("text", TEXT, "text", 34, text),
    )


def balance_columns(chart: Chart, language: Language) -> tuple[ReportColumn[Balance], ...]:
    """Columns of the accounts."""

    def name(row: Balance) -> str:
        return chart.account(row.account).name.in_language(language)

    return (
        ReportColumn("account", words("Tili", "Konto", "Account"), "text", 20, lambda r: r.account),
        ReportColumn("name", NAME, "text", 30, name),
        ReportColumn("debit", words("Debet €", "Debet €", "Debit €"), "money", 14, lambda r: r.debit, summed=True),
        ReportColumn("credit", words("Kredit €", "Kredit €", "Credit €"), "money", 14, lambda r: r.credit, summed=True),
        ReportColumn(
            "balance", words("Saldo €", "Saldo €", "Balance €"), "money", 14, lambda r: r.balance, summed=True
        ),
    )


MODELS: Final[tuple[ReportColumn[ModelRow], ...]] = (
    ReportColumn("model", MODEL, "text", 20, lambda r: r.model),
    ReportColumn(
        "documents",
        words("Tositteita", "Verifikationer", "Documents"),
        "number",
        10,
        lambda r: r.documents,
        summed=True,
    ),
    ReportColumn(
        "invoiced", words("Laskutettu €", "Fakturerat €", "Invoiced €"), "money", 14, lambda r: r.invoiced, summed=True
    ),
    ReportColumn(
        "credited", words("Hyvitetty €", "Krediterat €", "Credited €"), "money", 14, lambda r: r.credited, summed=True
    ),
    ReportColumn(
        "revenue", words("Tuotot €", "Intäkter €", "Revenue €"), "money", 14, lambda r: r.revenue, summed=True
    ),
    ReportColumn(
        "corrected",
        words("Siitä korjauksia €", "Varav korrigeringar €", "Of which corrections €"),
        "money",
        14,
        lambda r: r.corrected,
        summed=True,
    ),
    ReportColumn(
        "rectified",
        words("Siitä oikaisuja €", "Varav rättelser €", "Of which rectifications €"),
        "money",
        14,
        lambda r: r.rectified,
        summed=True,
    ),
    ReportColumn(
        "rolled_over",
        words("Siirretty €", "Överfört €", "Rolled over €"),
        "money",
        14,
        lambda r: r.rolled_over,
        summed=True,
    ),
    ReportColumn(
        "waived", words("Jätetty perimättä €", "Ouppburet €", "Waived €"), "money", 14, lambda r: r.waived, summed=True
    ),
)

MUNICIPALITIES: Final[tuple[ReportColumn[MunicipalityRow], ...]] = (
    ReportColumn("municipality", MUNICIPALITY, "text", 18, lambda r: r.municipality or "-"),
    ReportColumn("name", NAME, "text", 24, lambda r: r.name),
    ReportColumn("usage", words("Käyttö €", "Användning €", "Usage €"), "money", 14, lambda r: r.usage, summed=True),
    ReportColumn(
        "population",
        words("Asukasluku €", "Invånarantal €", "Population €"),
        "money",
        14,
        lambda r: r.population,
        summed=True,
    ),
    ReportColumn("total", words("Yhteensä €", "Totalt €", "Total €"), "money", 14, lambda r: r.total, summed=True),
)


def product_columns(language: Language) -> tuple[ReportColumn[ProductRow], ...]:
    """Columns of revenue by product."""
    return (
        ReportColumn("price_book", BOOK, "text", 18, lambda r: r.book),
        ReportColumn("product", PRODUCT, "text", 22, lambda r: r.product),
        ReportColumn("text", TEXT, "text", 36, lambda r: r.text.in_language(language)),
        ReportColumn("quantity", QUANTITY, "number", 12, lambda r: r.quantity),
        ReportColumn("amount", AMOUNT, "money", 14, lambda r: r.amount, summed=True),
    )


def metered_columns(language: Language) -> tuple[ReportColumn[MeteredRow], ...]:
    """Columns of what was used at no price."""
    return (
        ReportColumn("price_book", BOOK, "text", 18, lambda r: r.book),
        ReportColumn("product", PRODUCT, "text", 24, lambda r: r.product),
        ReportColumn("text", TEXT, "text", 36, lambda r: r.text.in_language(language)),
        ReportColumn("law", LAW, "text", 30, lambda r: r.law),
        ReportColumn(
            "municipalities", words("Kuntia", "Kommuner", "Municipalities"), "number", 10, lambda r: r.municipalities
        ),
        ReportColumn("quantity", QUANTITY, "number", 12, lambda r: r.quantity, summed=True),
    )


DOCUMENTS: Final[tuple[ReportColumn[Invoice], ...]] = (
    ReportColumn("document", DOCUMENT, "text", 18, lambda r: r.number),
    ReportColumn("kind", words("Laji", "Slag", "Kind"), "text", 20, lambda r: r.kind),
    ReportColumn("credits", words("Hyvittää", "Krediterar", "Credits"), "text", 14, lambda r: r.credits),
    ReportColumn("agreement", AGREEMENT, "text", 20, lambda r: r.agreement),
    ReportColumn("payer", words("Maksaja", "Betalare", "Payer"), "text", 34, lambda r: r.payer.name),
    ReportColumn("period", PERIOD, "text", 10, lambda r: r.period),
    ReportColumn("due", words("Eräpäivä", "Förfallodag", "Due"), "date", 12, lambda r: r.due),
    ReportColumn("total", words("Yhteensä €", "Totalt €", "Total €"), "money", 14, lambda r: r.total, summed=True),
)

WAITING: Final[tuple[ReportColumn[Waiting], ...]] = (
    ReportColumn("agreement", AGREEMENT, "text", 22, lambda r: r.agreement),
    ReportColumn("price_book", BOOK, "text", 16, lambda r: r.book),
    ReportColumn("period", PERIOD, "text", 10, lambda r: r.period),
    ReportColumn(
        "decision",
        words("Ratkaisu", "Avgörande", "Decision"),
        "text",
        14,
        lambda r: "waived" if r.waived else "rolled_over",
    ),
    ReportColumn("amount", AMOUNT, "money", 14, lambda r: r.amount, summed=True),
)


def correction_columns(language: Language) -> tuple[ReportColumn[CorrectionRow], ...]:
    """Columns of corrections and rectifications."""
    return (
        ReportColumn("document", DOCUMENT, "text", 18, lambda r: r.document),
        ReportColumn("row", words("Rivi", "Rad", "Row"), "number", 6, lambda r: r.line.row),
        ReportColumn("why", words("Syy", "Orsak", "Why"), "text", 14, lambda r: r.line.why),
        ReportColumn("agreement", AGREEMENT, "text", 20, lambda r: r.line.charged.agreement),
        ReportColumn("period", PERIOD, "text", 10, lambda r: r.line.charged.period),
        ReportColumn("text", TEXT, "text", 40, lambda r: r.line.text.in_language(language)),
        ReportColumn("amount", AMOUNT, "money", 14, lambda r: r.line.amount, summed=True),
    )
