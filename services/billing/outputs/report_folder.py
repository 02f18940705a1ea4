"""Which files a report is: tables as CSV, a workbook, a PDF and charts; the same facts give the same bytes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from services.billing.domain.accounts import Chart
from services.billing.domain.journal import Entry, balances
from services.billing.domain.report_pack import ReportPack
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.outputs import report_columns as columns
from services.billing.outputs.report_columns import JournalRow, words
from services.billing.outputs.report_pdf import Report, as_pdf
from services.billing.outputs.report_tables import ReportTable, report_table
from services.billing.outputs.report_xlsx import workbook
from shared.clock.civil import at_helsinki
from shared.money import Language

Files = Mapping[str, bytes]
"""Content by file name."""

_JOURNAL: Final = words("Tositepäiväkirja", "Verifikationsdagbok", "Journal")
_ACCOUNTS: Final = words("Tilit", "Konton", "Accounts")
_CHART: Final = words(
    "Tilikartta on oletus.", "Kontoplanen är ett antagande.", "The chart of accounts is an assumption."
)
_PACK: Final = words("Laskutuksen kuukausiraportti", "Faktureringens månadsrapport", "Monthly billing report")
_BY_ISSUE: Final = words(
    "Tosite kuuluu antamiskuukauteensa, mistä kaudesta se veloittaakin; käyttö kuukauteen, jona se tapahtui.",
    "En verifikation hör till den månad då den utfärdades, oavsett debiteringsperiod; användning till sin egen månad.",
    "A document belongs to the month of its issue, whatever period it charges for; use to the month it was made in.",
)
_EMPTY: Final = datetime(2016, 1, 1, tzinfo=UTC)


def journal_files(chart: Chart, entries: Sequence[Entry], language: Language) -> Files:
    """The journal: `journal.csv`, `accounts.csv`, `journal.xlsx`.

    Raises:
        JournalError: Debits are not credits.
    """
    note = words(*(f"{ASSUMED_PRICE.in_language(one)} {_CHART.in_language(one)}" for one in ("fi", "sv", "en")))
    rows = [JournalRow(entry, posting) for entry in entries for posting in entry.postings or (None,)]
    tables = (
        report_table("journal", _JOURNAL, columns.journal_columns(chart, language), rows, note, language),
        report_table(
            "accounts", _ACCOUNTS, columns.balance_columns(chart, language), balances(entries), note, language
        ),
    )
    created = max((at_helsinki(entry.day) for entry in entries), default=_EMPTY)
    return {**csv_files(tables), "journal.xlsx": workbook(tables, created)}


def pack_files(pack: ReportPack, language: Language) -> Files:
    """The pack of a month: a CSV for each table, `report-MONTH.xlsx` and `report-MONTH.pdf`."""
    tables = _pack_tables(pack, language)
    report = Report(
        title=f"{_PACK.in_language(language)} {pack.month}",
        notice=ASSUMED_PRICE.in_language(language),
        notes=(_BY_ISSUE.in_language(language),),
        language=language,
        tables=tables,
    )
    created = pack.month.ends_before
    name = f"report-{pack.month}"
    return {**csv_files(tables), f"{name}.xlsx": workbook(tables, created), f"{name}.pdf": as_pdf(report, created)}


def _pack_tables(pack: ReportPack, language: Language) -> tuple[ReportTable, ...]:
    note, lang = ASSUMED_PRICE, language
    return (
        report_table(
            "models",
            words("Laskutusmallit", "Faktureringsmodeller", "Models"),
            columns.MODELS,
            pack.models,
            note,
            lang,
        ),
        report_table(
            "municipalities",
            words("Tuotot kunnittain", "Intäkter per kommun", "Revenue by municipality"),
            columns.MUNICIPALITIES,
            pack.municipalities,
            note,
            lang,
        ),
        report_table(
            "products",
            words("Tuotot tuotteittain", "Intäkter per produkt", "Revenue by product"),
            columns.product_columns(lang),
            pack.products,
            note,
            lang,
        ),
        report_table(
            "metered",
            words("Käyttö hinnalla 0", "Användning till priset 0", "Use metered at 0"),
            columns.metered_columns(lang),
            pack.metered,
            note,
            lang,
        ),
        report_table(
            "waiting",
            words("Siirretyt ja perimättä", "Överförda och ouppburna", "Rolled over and waived"),
            columns.WAITING,
            pack.waiting,
            note,
            lang,
        ),
        report_table(
            "corrections",
            words("Korjaukset ja oikaisut", "Korrigeringar och rättelser", "Corrections"),
            columns.correction_columns(lang),
            pack.corrections,
            note,
            lang,
        ),
        report_table(
            "documents",
            words("Tositteet", "Verifikationer", "Documents"),
            columns.DOCUMENTS,
            pack.documents,
            note,
            lang,
        ),
    )


def csv_files(tables: Sequence[ReportTable]) -> dict[str, bytes]:
    """Each table as `NAME.csv`."""
    return {f"{table.name}.csv": table.csv() for table in tables}


def write_report(folder: Path, files: Files) -> list[Path]:
    """Write a report's files; existing ones of the same names are replaced.

    Returns:
        The paths written, in order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        paths.append(path)
    return paths
