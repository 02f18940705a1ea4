"""Price books (hinnasto): what a use of the service costs, from when to when, by which law and source.

A book is one YAML file. No price of the service is public, so each amount says where it was borrowed from and that
it is assumed; that mark follows it onto every document. Amounts are quoted strings: a binary float is refused.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from services.billing.domain.faults import Fault, FileError, faults_of
from shared.contracts.base import Text
from shared.money import MoneyError, parse_amount


def _amount(decimals: int) -> BeforeValidator:
    def read(value: object) -> Decimal:
        if isinstance(value, float):
            raise PydanticCustomError("kelmu.float", "The amount is a binary float, which is not exact")
        if not isinstance(value, str):
            raise PydanticCustomError("kelmu.unquoted", "The amount is not a quoted string")
        try:
            amount = parse_amount(value, decimals=decimals)
        except MoneyError as error:
            raise PydanticCustomError("kelmu.amount", "{reason}", {"reason": error.reason.rstrip(".")}) from error
        if amount < 0:
            raise PydanticCustomError("kelmu.negative", "The amount is below zero")
        return amount

    return BeforeValidator(read)


Euros = Annotated[Decimal, _amount(2)]
"""An amount of a book, two decimals."""
EurosPerUnit = Annotated[Decimal, _amount(4)]
"""A price per unit, four decimals."""
Day = Annotated[date, Field(strict=True)]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Words = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A part of a file: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wording(Text):
    """A text of a book in the three languages; all are needed, nothing else is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(Strict):
    """An amount that is a limit, not a price per unit, with its provenance."""

    amount: Euros
    source: Words
    assumed: StrictBool


class Tier(Strict):
    """A step of a graduated price: units above the previous step up to `up_to` (None: all the rest) cost `price`."""

    up_to: Annotated[StrictInt, Field(gt=0)] | None
    price: EurosPerUnit


class PriceItem(Strict):
    """A row of a book: one product and its price per unit, flat or in tiers."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    unit: Literal[
        "query", "claim", "attempt", "active_user_month", "inhabitant_year", "notice", "list", "remark", "once"
    ]
    price: EurosPerUnit | None = None
    tiers: tuple[Tier, ...] = ()
    text: Wording
    law: Words
    source: Words
    assumed: StrictBool

    @model_validator(mode="after")
    def _one_kind_of_price(self) -> Self:
        if (self.price is None) == (not self.tiers):
            raise PydanticCustomError("kelmu.price", "The row needs either a price or tiers")
        steps = [tier.up_to for tier in self.tiers]
        bounded = [step for step in steps[:-1] if step is not None]
        if steps and (steps[-1] is not None or len(bounded) != len(steps) - 1 or bounded != sorted(set(bounded))):
            raise PydanticCustomError("kelmu.tiers", "Tiers must rise, and only the last is open (up_to: null)")
        return self

    def steps(self, quantity: int) -> list[tuple[int, Decimal]]:
        """Divide a quantity over the tiers: how many units at which price, in order; nothing for zero units."""
        if self.price is not None:
            return [(quantity, self.price)] if quantity else []
        found: list[tuple[int, Decimal]] = []
        below = 0
        for tier in self.tiers:
            top = quantity if tier.up_to is None else min(quantity, tier.up_to)
            if top > below:
                found.append((top - below, tier.price))
                below = top
        return found


class UsageTerms(Strict):
    """Terms of a book that charges use, month by month."""

    minimum_invoice: Limit


class PopulationTerms(Strict):
    """Terms of a book that charges inhabitants, in instalments of a year."""

    reference_years_back: Annotated[StrictInt, Field(ge=0, le=5)]
    """Population at the end of which year: that of the fee minus this."""
    instalments: Annotated[tuple[MonthDay, ...], Field(min_length=1)]
    """Due dates, month and day."""
    issued_days_before: Annotated[StrictInt, Field(ge=0, le=90)]
    rollover_below: Limit
    waive_below_at_year_end: Limit
    pass_through: Literal["by_member_population"]


class Valid(Strict):
    """First and last day of a book, both included; `last` null means until further notice."""

    first: Day
    last: Day | None


class PriceBook(Strict):
    """One price book, valid for whole months."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{2,30}$")]
    active: StrictBool
    valid: Valid
    legal_basis: Words
    vat: Literal["outside_scope_public_law"]
    """An output at cost price under public law carries no value added tax."""
    payment_term_days: Annotated[StrictInt, Field(ge=1, le=90)]
    usage: UsageTerms | None = None
    population: PopulationTerms | None = None
    items: Annotated[tuple[PriceItem, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.usage is None) == (self.population is None):
            raise PydanticCustomError("kelmu.model", "The book charges either usage or population")
        if self.population and not any(item.code == "SERVICE_YEAR" and item.price is not None for item in self.items):
            raise PydanticCustomError("kelmu.model", "A population book needs SERVICE_YEAR at one flat price")
        codes = [item.code for item in self.items]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise PydanticCustomError("kelmu.twice", "Priced twice: {codes}", {"codes": ", ".join(twice)})
        first, last = self.valid.first, self.valid.last
        whole = (1, 1) if self.population else (first.month, 1)
        after = last + timedelta(days=1) if last else None
        if (first.month, first.day) != whole or (after and (after.day != 1 or after <= first)):
            raise PydanticCustomError("kelmu.validity", "A book covers whole months (years if by population)")
        return self

    def covers(self, day: date) -> bool:
        """Whether the book prices the day."""
        return self.valid.first <= day and (self.valid.last is None or day <= self.valid.last)

    def item(self, code: str) -> PriceItem | None:
        """The row of a product, or None when the book does not price it."""
        return next((item for item in self.items if item.code == code), None)


class NoPriceBookError(LookupError):
    """No active book prices a day."""


class PriceBooks:
    """All books; the active ones follow each other without gap or overlap.

    Args:
        books: File name and book.

    Raises:
        FileError: ``book.twice``, ``book.overlap``, ``book.gap`` or ``book.none``, naming the files.
    """

    def __init__(self, books: Mapping[str, PriceBook]) -> None:
        self.files = dict(books)
        active = sorted(((book.valid.first, file) for file, book in books.items() if book.active))
        self.active = tuple(books[file] for _, file in active)
        if faults := [*_twice(books), *_joints([file for _, file in active], books)]:
            raise FileError(faults)

    def at(self, day: date) -> PriceBook:
        """The active book that prices the day.

        Raises:
            NoPriceBookError: The day lies before the first or after the last book.
        """
        for book in self.active:
            if book.covers(day):
                return book
        raise NoPriceBookError(f"No active price book is valid on {day}; add a book that covers it.")

    def get(self, book_id: str) -> PriceBook:
        """A book by its id.

        Raises:
            NoPriceBookError: There is no such book.
        """
        for book in self.files.values():
            if book.id == book_id:
                return book
        raise NoPriceBookError(f"There is no price book {book_id}.")


def parse_book(file: str, content: object) -> PriceBook:
    """Read one book.

    Args:
        file: Name of the file, for the faults.
        content: Its parsed YAML.

    Raises:
        FileError: Every fault of the file.
    """
    try:
        return PriceBook.model_validate(content)
    except ValidationError as error:
        raise FileError(faults_of(error, "book", file, content)) from error


def _twice(books: Mapping[str, PriceBook]) -> Iterable[Fault]:
    seen: dict[str, str] = {}
    for file, book in books.items():
        if book.id in seen:
            reason = f"The id {book.id} is already used by {seen[book.id]}."
            yield Fault("book.twice", file, "id", reason, "Give the book an id of its own.")
        seen[book.id] = file


def _joints(files: list[str], books: Mapping[str, PriceBook]) -> Iterable[Fault]:
    if not files:
        yield Fault("book.none", "(no file)", "active", "No price book is active.", "Activate one.")
    for earlier, later in pairwise(files):
        last, first = books[earlier].valid.last, books[later].valid.first
        if last is None or last >= first:
            reason = f"It is valid from {first}, but {earlier} is valid until {last or 'further notice'}."
            yield Fault("book.overlap", later, "valid, first", reason, f"End {earlier} the day before.")
        elif last + timedelta(days=1) != first:
            reason = f"No book prices the days after {last} ({earlier}) and before {first}."
            yield Fault("book.gap", later, "valid, first", reason, "Let the books follow each other.")
