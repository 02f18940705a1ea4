"""The columns of the price-change report; those of a book stand once for each book compared."""

from decimal import Decimal
from typing import Final

from services.billing.domain.price_change import ChangeRow, ChangeTotal
from services.billing.domain.year_costs import Gap
from services.billing.outputs.report_columns import AGREEMENT, BOOK, MUNICIPALITY, NAME, words
from services.billing.outputs.report_tables import ReportColumn

BEFORE: Final = words("Edellinen vuosi €", "Föregående år €", "Year before €")
DIFFERENCE: Final = words("Muutos €", "Förändring €", "Change €")
SHARE: Final = words("Muutos %", "Förändring %", "Change %")

TOTALS: Final[tuple[ReportColumn[ChangeTotal], ...]] = (
    ReportColumn("price_book", BOOK, "text", 20, lambda r: r.book),
    ReportColumn("before", BEFORE, "money", 16, lambda r: r.before),
    ReportColumn("after", words("Uusi vuosi €", "Nytt år €", "New year €"), "money", 16, lambda r: r.after),
    ReportColumn("difference", DIFFERENCE, "money", 16, lambda r: r.difference),
    ReportColumn("share", SHARE, "share", 11, lambda r: r.share),
    ReportColumn(
        "dearer", words("Kunnista kalliimpi", "Dyrare för kommuner", "Dearer for"), "number", 12, lambda r: r.dearer
    ),
    ReportColumn(
        "cheaper", words("Halvempi", "Billigare för kommuner", "Cheaper for"), "number", 12, lambda r: r.cheaper
    ),
    ReportColumn("same", words("Ennallaan", "Oförändrat", "Same for"), "number", 12, lambda r: r.same),
    ReportColumn("unknown", words("Ei tiedossa", "Okänt", "Not known"), "number", 12, lambda r: r.unknown),
)

GAPS: Final[tuple[ReportColumn[Gap], ...]] = (
    ReportColumn("agreement", AGREEMENT, "text", 22, lambda r: r.agreement),
    ReportColumn("price_book", BOOK, "text", 18, lambda r: r.book),
    ReportColumn("reason", words("Syy", "Orsak", "Reason"), "text", 90, lambda r: r.reason),
)

_WHO: Final[tuple[ReportColumn[ChangeRow], ...]] = (
    ReportColumn("municipality", MUNICIPALITY, "text", 16, lambda r: r.municipality or "-"),
    ReportColumn("name", NAME, "text", 20, lambda r: r.name),
    ReportColumn("merged", words("Liittynyt", "Ansluten", "Merged"), "text", 12, lambda r: ", ".join(r.merged)),
    ReportColumn("payer", words("Maksaja", "Betalare", "Payer"), "text", 26, lambda r: r.payer),
    ReportColumn("agreement", AGREEMENT, "text", 18, lambda r: r.agreement),
    ReportColumn(
        "inhabitants",
        words("Asukkaita", "Invånare", "Inhabitants"),
        "number",
        12,
        lambda r: r.inhabitants,
        summed=True,
    ),
)


def change_columns(books: tuple[str, ...], *, by_body: bool = False) -> tuple[ReportColumn[ChangeRow], ...]:
    """Columns of the municipalities.

    Args:
        books: Ids of the books compared.
        by_body: Whether the payer stands first: the members of joint bodies.
    """
    who = (_WHO[3], _WHO[4], _WHO[0], _WHO[1], _WHO[5]) if by_body else (*_WHO[:4], _WHO[5])
    before: ReportColumn[ChangeRow] = ReportColumn("before", BEFORE, "money", 14, lambda r: r.before, summed=True)
    return (*who, before, *(column for book in books for column in _of_book(book)))


def _of_book(book: str) -> tuple[ReportColumn[ChangeRow], ...]:
    def after(row: ChangeRow) -> Decimal | None:
        return row.after[book]

    def headed(text: str) -> str:
        return f"{book}: {text}"

    return (
        ReportColumn(f"after_{book}", words(f"{book} €", f"{book} €", f"{book} €"), "money", 14, after, summed=True),
        ReportColumn(
            f"difference_{book}",
            words(*(headed(text) for text in (DIFFERENCE.fi, DIFFERENCE.sv, DIFFERENCE.en))),
            "money",
            14,
            lambda r: r.difference(book),
            summed=True,
        ),
        ReportColumn(
            f"share_{book}",
            words(*(headed(text) for text in (SHARE.fi, SHARE.sv, SHARE.en))),
            "share",
            14,
            lambda r: r.share(book),
        ),
    )
