"""The files of the price-change report: CSV, a workbook with charts, charts as SVG, and a PDF."""

from datetime import date
from decimal import Decimal
from typing import Final

from services.billing.domain.price_change import ChangeRow, PriceChange
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.outputs import report_change_columns as columns
from services.billing.outputs.report_columns import words
from services.billing.outputs.report_folder import Files, csv_files
from services.billing.outputs.report_pdf import Picture, Report, as_pdf
from services.billing.outputs.report_tables import ReportTable, report_table
from services.billing.outputs.report_xlsx import SheetChart, workbook
from shared.bar_chart import Bar, bar_chart
from shared.clock.civil import at_helsinki
from shared.contracts.base import Text
from shared.money import Language, format_money

SHOWN: Final = 20
"""How many municipalities the chart of the largest changes shows."""
_TITLE: Final = words("Hintamuutosraportti", "Rapport om prisändringen", "Price-change report")
_BY_BOOK: Final = words("Yhteensä hinnastoittain", "Totalt per prislista", "Totals by price book")
_LARGEST: Final = words("Suurimmat muutokset", "Största förändringar", "Largest changes")
_ALL: Final = words("Kunnittain", "Per kommun", "By municipality")
_JOINT: Final = words("Yhteiset maksajat jäsenittäin", "Samarbetsorgan per medlem", "Joint bodies by member")
_GAPS: Final = words("Ei laskettavissa", "Kan inte beräknas", "Cannot be told")
_OWN_USE: Final = words(
    "Käyttöön perustuvat hinnastot on laskettu vuoden {new} omasta käytöstä.",
    "Prislistor enligt användning räknas på den egna användningen år {new}.",
    "Books that charge use rate the use of {new} itself.",
)
_WHAT_IF: Final = words(
    "Vuoden {new} käyttöä ei vielä ole koko vuodelta: käyttöön perustuvat hinnastot on laskettu edeltävien "
    "12 kuukauden käytöstä ({old}), kullekin sopimukselle sellaisena kuin käyttö tapahtui.",
    "Användningen år {new} är inte hel ännu: prislistor enligt användning räknas på de föregående "
    "12 månaderna ({old}), för varje avtal så som användningen skedde.",
    "The use of {new} is not complete yet: books that charge use rate that of the 12 months before ({old}), for each "
    "agreement as it was made.",
)
_HOW: Final = words(
    "Vuoden {old} kustannus on sen omien kuukausien käyttö sen omalla hinnastolla; liittyneen kunnan kustannus on "
    "seuraajansa rivillä. Asukaslukumaksu on vuoden erät yhteensä, perimättä jätetyt pois lukien.",
    "Kostnaden år {old} är de egna månadernas användning enligt årets prislista; en ansluten kommuns kostnad står på "
    "efterträdarens rad. Avgiften per invånare är årets rater, utom de ouppburna.",
    "The cost of {old} is the use of its own months by its own book; that of a merged municipality stands in its "
    "successor's row. The population fee is the year's instalments, those waived left out.",
)


def change_files(change: PriceChange, language: Language) -> Files:
    """The report: `price-change*.csv`, `price-change.xlsx`, `price-change-*.svg`, `price-change.pdf`."""
    tables = _tables(change, language)
    totals, largest, *rest = tables
    created = at_helsinki(date(change.year, 1, 1))
    pictures = _pictures(change, language)
    books = tuple(book.id for book in change.books)
    charts = (
        SheetChart(totals.name, _BY_BOOK.in_language(language), "price_book", ("before", "after"), "column"),
        SheetChart(largest.name, largest.title, "name", (f"difference_{books[0]}",), "bar"),
    )
    report = Report(
        title=f"{_TITLE.in_language(language)} {change.year - 1} - {change.year}",
        notice=ASSUMED_PRICE.in_language(language),
        notes=notes(change, language),
        language=language,
        tables=(totals, *rest),
        pictures=tuple(pictures.values()),
    )
    return {
        **csv_files(tables),
        **{f"{name}.svg": picture.svg for name, picture in pictures.items()},
        "price-change.xlsx": workbook(tables, created, charts),
        "price-change.pdf": as_pdf(report, created),
    }


def notes(change: PriceChange, language: Language) -> tuple[str, ...]:
    """What a reader must know: what is rated, on which use, and that the prices are assumed."""
    years = {"old": change.year - 1, "new": change.year}
    basis = _OWN_USE if change.own_use else _WHAT_IF
    return (basis.in_language(language).format(**years), _HOW.in_language(language).format(**years))


def largest_changes(change: PriceChange, book: str) -> list[ChangeRow]:
    """The municipalities whose cost changes most under a book, the most first."""
    told = [(abs(difference), row) for row in change.rows if (difference := row.difference(book)) is not None]
    return [row for _, row in sorted(told, key=lambda pair: (-pair[0], pair[1].municipality))[:SHOWN]]


def _tables(change: PriceChange, language: Language) -> tuple[ReportTable, ...]:
    books = tuple(book.id for book in change.books)
    all_columns, note = columns.change_columns(books), _note(change)
    by_body = columns.change_columns(books, by_body=True)
    largest = largest_changes(change, books[0])
    return (
        report_table("price-change-totals", _BY_BOOK, columns.TOTALS, change.totals, note, language),
        report_table("price-change-largest", _LARGEST, all_columns, largest, note, language),
        report_table("price-change", _ALL, all_columns, change.rows, note, language),
        report_table("price-change-joint", _JOINT, by_body, change.joint, note, language),
        report_table("price-change-gaps", _GAPS, columns.GAPS, change.gaps, note, language),
    )


def _note(change: PriceChange) -> Text:
    fi, sv, en = (
        " ".join((ASSUMED_PRICE.in_language(language), *notes(change, language))) for language in ("fi", "sv", "en")
    )
    return words(fi, sv, en)


def _pictures(change: PriceChange, language: Language) -> dict[str, Picture]:
    book = change.books[0].id
    notice = ASSUMED_PRICE.in_language(language)

    def bar(label: str, value: Decimal) -> Bar:
        return Bar(label, value, format_money(value, language))

    before = change.totals[0].before
    sums = [bar(str(change.year - 1), before), *(bar(total.book, total.after) for total in change.totals)]
    largest = [bar(row.name, row.difference(book) or Decimal(0)) for row in largest_changes(change, book)]
    by_book = _BY_BOOK.in_language(language)
    most = f"{_LARGEST.in_language(language)}: {book}"
    return {
        "price-change-totals": Picture(by_book, bar_chart(by_book, notice, sums, signed=False)),
        "price-change-largest": Picture(most, bar_chart(most, notice, largest, signed=True)),
    }
