"""The monthly report pack of finance: what a calendar month's documents charged, gave back and left uncharged.

A document belongs to the month (in Finland) in which it was issued, whatever period it charges for; use belongs to the
month in which it was made. Every sum is of document lines, so that each report sums to the journal.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.billing.domain.accounts import Model
from services.billing.domain.book import PriceBook
from services.billing.domain.invoice import Invoice, Line
from services.billing.domain.journal import Waiting
from services.billing.domain.rating import MonthUsage
from shared.clock.civil import Month
from shared.contracts.base import Text
from shared.finnish.municipalities import municipalities
from shared.money import ZERO

MODELS: tuple[Model, ...] = ("usage", "population")
ModelOf = Callable[[str], Model]


@dataclass(slots=True)
class ModelRow:
    """What one model (use or inhabitants) brought in; the corrections and rectifications are in the sums before."""

    model: Model
    documents: int = 0
    invoiced: Decimal = ZERO
    credited: Decimal = ZERO
    corrected: Decimal = ZERO
    rectified: Decimal = ZERO
    rolled_over: Decimal = ZERO
    waived: Decimal = ZERO

    @property
    def revenue(self) -> Decimal:
        """Invoiced less credited."""
        return self.invoiced + self.credited


@dataclass(slots=True)
class MunicipalityRow:
    """Revenue from a municipality, by the specification of its documents; "" for what they do not divide."""

    municipality: str
    name: str
    usage: Decimal = ZERO
    population: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Both models."""
        return self.usage + self.population


@dataclass(slots=True)
class ProductRow:
    """Revenue of a product under a book."""

    book: str
    product: str
    text: Text
    quantity: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class MeteredRow:
    """A product that was used and costs nothing."""

    book: str
    product: str
    text: Text
    law: str
    quantity: int
    municipalities: int


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A line that corrects or gives back what an earlier document charged."""

    document: str
    line: Line


@dataclass(frozen=True, slots=True)
class ReportPack:
    """The pack of a month."""

    month: Month
    models: tuple[ModelRow, ...]
    municipalities: tuple[MunicipalityRow, ...]
    products: tuple[ProductRow, ...]
    documents: tuple[Invoice, ...]
    waiting: tuple[Waiting, ...]
    metered: tuple[MeteredRow, ...]
    corrections: tuple[CorrectionRow, ...]

    @property
    def revenue(self) -> Decimal:
        """All revenue of the month."""
        return sum((row.revenue for row in self.models), ZERO)


def report_pack(
    month: Month,
    model_of: ModelOf,
    documents: Iterable[Invoice],
    waiting: Iterable[Waiting],
    metered: Iterable[MeteredRow],
) -> ReportPack:
    """Put the pack together.

    Args:
        month: The month.
        model_of: What a price book charges, by its id.
        documents: Those issued in the month.
        waiting: What was rolled over or waived in the month.
        metered: What was used in the month at no price (`metered_at_zero`).
    """
    documents, waiting = tuple(documents), tuple(waiting)
    return ReportPack(
        month=month,
        models=_models(model_of, documents, waiting),
        municipalities=_municipalities(model_of, documents),
        products=_products(documents),
        documents=documents,
        waiting=waiting,
        metered=tuple(metered),
        corrections=tuple(
            CorrectionRow(document.number, line)
            for document in documents
            for line in document.lines
            if line.why != "rated"
        ),
    )


def metered_at_zero(book: PriceBook, used: Mapping[str, MonthUsage]) -> tuple[MeteredRow, ...]:
    """What was used in a month at the price 0, by product.

    Args:
        book: The book of the month.
        used: The use by agreement.
    """
    quantities: dict[str, int] = {}
    members: dict[str, set[str]] = {}
    for usage in used.values():
        for count in usage.counts:
            quantities[count.product] = quantities.get(count.product, 0) + count.quantity
            members.setdefault(count.product, set()).update({count.member} - {""})
    items = {item.code: item for item in book.items if item.price == 0}
    return tuple(
        MeteredRow(book.id, code, items[code].text, items[code].law, quantities[code], len(members[code]))
        for code in sorted(quantities.keys() & items.keys())
    )


def _models(model_of: ModelOf, documents: Iterable[Invoice], waiting: Iterable[Waiting]) -> tuple[ModelRow, ...]:
    rows = {model: ModelRow(model) for model in MODELS}
    for document in documents:
        rows[model_of(document.price_book)].documents += 1
        for line in document.lines:
            row = rows[model_of(line.charged.price_book)]
            if document.kind == "credit_note":
                row.credited += line.amount
            else:
                row.invoiced += line.amount
            if line.why == "correction":
                row.corrected += line.amount
            elif line.why == "rectification":
                row.rectified += line.amount
    for one in waiting:
        row = rows[model_of(one.book)]
        if one.waived:
            row.waived += one.amount
        else:
            row.rolled_over += one.amount
    return tuple(rows.values())


def _municipalities(model_of: ModelOf, documents: Iterable[Invoice]) -> tuple[MunicipalityRow, ...]:
    known = municipalities()
    rows: dict[str, MunicipalityRow] = {}
    for document in documents:
        for line in document.lines:
            shares = {part.municipality: part.amount for part in line.parts} or {"": line.amount}
            for code, amount in shares.items():
                row = rows.setdefault(code, MunicipalityRow(code, known[code].name_fi if code in known else code))
                if model_of(line.charged.price_book) == "usage":
                    row.usage += amount
                else:
                    row.population += amount
    return tuple(rows[code] for code in sorted(rows) if code or rows[code].total)


def _products(documents: Iterable[Invoice]) -> tuple[ProductRow, ...]:
    rows: dict[tuple[str, str], ProductRow] = {}
    for document in documents:
        for line in document.lines:
            key = (line.charged.price_book, line.product)
            row = rows.setdefault(key, ProductRow(*key, line.text))
            row.quantity += line.quantity
            row.amount += line.amount
    return tuple(rows[key] for key in sorted(rows))
