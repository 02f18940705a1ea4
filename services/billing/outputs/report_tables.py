"""Tables of reports: columns as data, rows, and the sums under them; written as CSV, laid out for XLSX and PDF."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Generic, Literal, TypeVar

from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.outputs.columns import Cell
from services.billing.outputs.columns import Kind as PlainKind
from services.billing.outputs.tables import Table, as_csv
from shared.contracts.base import Text
from shared.money import ZERO, Language, format_money

Kind = Literal["text", "number", "money", "share", "date"]
R = TypeVar("R")
_PLAIN: Final[dict[Kind, PlainKind]] = {
    "text": "text",
    "number": "number",
    "money": "money",
    "share": "price",
    "date": "date",
}
_MINUS: Final = "\u2212"
_NO_BREAK: Final = "\u00a0"


@dataclass(frozen=True, slots=True)
class ReportColumn(Generic[R]):
    """One column: its machine name (CSV), its heading for people, how it is shown, its value, whether it is summed."""

    name: str
    heading: Text
    kind: Kind
    width: int
    value: Callable[[R], Cell]
    summed: bool = False


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of a report; `name` is that of its CSV file, `sums` stand under the columns that are summed."""

    name: str
    title: str
    language: Language
    names: tuple[str, ...]
    headings: tuple[str, ...]
    kinds: tuple[Kind, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sums: tuple[Decimal | int | None, ...]
    note: str

    @property
    def summed(self) -> bool:
        """Whether any column is summed."""
        return any(total is not None for total in self.sums)

    def csv(self) -> bytes:
        """The rows as CSV, without sums, which a program adds itself; each row says that prices are assumed."""
        notice = ASSUMED_PRICE.in_language(self.language)
        plain = Table(
            self.title,
            "fi",
            (*self.names, "price_notice"),
            (*self.headings, ""),
            (*(_PLAIN[kind] for kind in self.kinds), "text"),
            (*self.widths, len(notice)),
            tuple((*row, notice) for row in self.rows),
            self.note,
        )
        return as_csv(plain)


def report_table(
    name: str,
    title: Text,
    columns: Sequence[ReportColumn[R]],
    rows: Iterable[R],
    note: Text,
    language: Language,
) -> ReportTable:
    """Lay rows out in columns and sum them."""
    laid = tuple(tuple(column.value(row) for column in columns) for row in rows)
    return ReportTable(
        name=name,
        title=title.in_language(language),
        language=language,
        names=tuple(column.name for column in columns),
        headings=tuple(column.heading.in_language(language) for column in columns),
        kinds=tuple(column.kind for column in columns),
        widths=tuple(column.width for column in columns),
        rows=laid,
        sums=tuple(_sum(column, [row[at] for row in laid]) for at, column in enumerate(columns)),
        note=note.in_language(language),
    )


def _sum(column: ReportColumn[R], cells: Iterable[Cell]) -> Decimal | int | None:
    if not column.summed:
        return None
    numbers = [cell for cell in cells if isinstance(cell, Decimal | int)]
    return sum(numbers, ZERO) if column.kind == "money" else int(sum(numbers))


def shown(cell: Cell, kind: Kind, language: Language) -> str:
    """A cell as people read it in their language."""
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat() if language == "en" else f"{cell.day}.{cell.month}.{cell.year}"
        case Decimal() if kind == "share":
            return share(cell, language)
        case Decimal():
            return format_money(cell, language)
        case int():
            grouped = f"{cell:,}"
            return grouped if language == "en" else grouped.replace(",", _NO_BREAK)
        case _:
            return cell


def share(value: Decimal, language: Language) -> str:
    """A share such as 0.1234 as `+12,3 %`."""
    percent = f"{abs(value * 100):.1f}"
    sign = "+" if value > 0 else _MINUS if value < 0 else ""
    return f"{sign}{percent}%" if language == "en" else f"{sign}{percent.replace('.', ',')}{_NO_BREAK}%"
