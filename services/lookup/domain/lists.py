"""Lists that Kela gives a municipality: labour market support (työmarkkinatuki) of many days, an invoice's persons.

Pure. A list names many clients at once, so it holds no more of each than its name says.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Final, Generic, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.lookup.domain import refusals
from services.lookup.domain.header import HIDDEN
from shared.clock.civil import Month
from shared.contracts.answers import ListRow
from shared.contracts.asking import ListName
from shared.contracts.base import DataGroup, Purpose, Refusal
from shared.finnish.benefits import benefit_days
from shared.money import ZERO, cents

PAGE_ROWS: Final = 100

Day = Annotated[date, Field(strict=True)]


class ListDefinition(BaseModel):
    """One list, since when it is given, and by which law.

    Attributes:
        name: As it is asked for.
        first: First day on which it is shown.
        first_assumed: No source names the very day.
        first_source: Where the day is from.
        law: The duty that makes the municipality need it.
        law_assumed: No source names the section.
        law_source: Why this section.
        purpose: Käyttötarkoitus that opens it.
        benefit: The benefit that it is about; the agreement must cover it.
        group: Tietoryhmä that it shows; both the worker's roles and the agreement must open it.
        days: From how many benefit days on a person stands on it; None: the persons of an invoicing month.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ListName
    first: Day
    first_assumed: bool
    first_source: str
    law: str
    law_assumed: bool
    law_source: str
    purpose: Purpose
    benefit: str
    group: DataGroup
    days: int | None = Field(gt=0)


class Counting(BaseModel):
    """Which days a list counts.

    Attributes:
        within_window: Only days within the agreement's window; else all of them.
        assumed: No source says so.
        source: Why.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    within_window: Literal[False]
    assumed: bool
    source: str


class ListTable(BaseModel):
    """The table `data/lists.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    counting: Counting
    lists: tuple[ListDefinition, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if sorted(row.name for row in self.lists) != sorted(ListName.__args__):  # type: ignore[attr-defined]  # Literal
            raise ValueError("each list has exactly one row")
        return self

    def row(self, name: ListName) -> ListDefinition:
        """The row of a list."""
        return next(row for row in self.lists if row.name == name)


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment of the list's benefit, as far as lists need it. A withdrawn (mitätöity) one is money returned."""

    client: str
    payday: date
    first: date
    last: date
    gross: Decimal
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Euros:
    """A person's payments of an invoicing month."""

    paid: Decimal
    returned: Decimal
    corrected: Decimal


def paid_days(payments: Iterable[Paid], benefit: str) -> int:
    """How many benefit days a person was paid for; a day counts once, however often it was paid anew or corrected.

    Args:
        payments: One person's payments, in any order; withdrawn ones do not count.
        benefit: A benefit that is paid by the day.
    """
    days, covered = 0, date.min
    for payment in sorted(payments, key=lambda payment: (payment.first, payment.last)):
        if payment.withdrawn or payment.gross <= 0 or payment.last <= covered:
            continue
        days += _days(benefit, max(payment.first, covered + timedelta(days=1)), payment.last)
        covered = payment.last
    return days


@lru_cache(maxsize=4096)
def _days(benefit: str, first: date, last: date) -> int:
    # Payment periods are the same for most clients: a municipality's list counts each of them once.
    return benefit_days(benefit, first, last)


def euros_of(payments: Iterable[Paid], month: Month) -> Euros | None:
    """What a person was paid in an invoicing month; None when nothing moved in it.

    A payment that was withdrawn is *returned* (palautettu), in the month of its payday. What was paid for days that an
    earlier payday had paid already is *corrected* (oikaistu). Everything else is *paid*. Which payment is which, no
    source says: assumed.

    Args:
        payments: One person's payments of all time up to the month.
        month: By payday.
    """
    paid = returned = corrected = ZERO
    touched = False
    before: list[Paid] = []
    for payment in sorted(payments, key=lambda payment: (payment.payday, payment.first, payment.last)):
        if payment.payday in month:
            touched = True
            if payment.withdrawn:
                returned += payment.gross
            elif any(_overlap(payment, earlier) for earlier in before):
                corrected += payment.gross
            else:
                paid += payment.gross
        if not payment.withdrawn:
            before.append(payment)
    return Euros(cents(paid), cents(returned), cents(corrected)) if touched else None


def _overlap(payment: Paid, earlier: Paid) -> bool:
    return earlier.payday < payment.payday and earlier.first <= payment.last and payment.first <= earlier.last


def by_client(payments: Iterable[Paid]) -> dict[str, list[Paid]]:
    """Payments of each client, clients in the order of their pseudonyms: the order of every list."""
    found: dict[str, list[Paid]] = {}
    for payment in payments:
        found.setdefault(payment.client, []).append(payment)
    return {client: found[client] for client in sorted(found)}


class _Entry(Protocol):
    @property
    def client(self) -> str: ...


E = TypeVar("E", bound=_Entry)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person on a list, before a name is known."""

    client: str
    days: int | None = None
    euros: Euros | None = None


def entries(payments: Iterable[Paid], definition: ListDefinition, month: Month | None) -> tuple[Entry, ...]:
    """Everybody on a list, by pseudonym.

    Args:
        payments: Payments of the list's benefit to the municipality's inhabitants.
        definition: The list.
        month: Invoicing month; None for lists by days.
    """
    persons = by_client(payments)
    if month is not None:
        euros = ((client, euros_of(paid, month)) for client, paid in persons.items())
        return tuple(Entry(client, euros=found) for client, found in euros if found is not None)
    counted = ((client, paid_days(paid, definition.benefit)) for client, paid in persons.items())
    return tuple(Entry(client, days=days) for client, days in counted if days >= (definition.days or 1))


@dataclass(frozen=True, slots=True)
class Page(Generic[E]):
    """A part of a list.

    Attributes:
        rows: At most `PAGE_ROWS`.
        total: How many the whole list has.
        next: Where the next page continues; None at the end.
    """

    rows: tuple[E, ...]
    total: int
    next: str | None


def page(everybody: Sequence[E], after: str | None) -> Page[E]:
    """The page that follows a row, by key: what is added or gone meanwhile makes no row come twice or be left out."""
    rest = tuple(entry for entry in everybody if after is None or entry.client > after)
    rows = rest[:PAGE_ROWS]
    return Page(rows, len(everybody), rows[-1].client if len(rest) > len(rows) else None)


@dataclass(frozen=True, slots=True)
class Named:
    """Who stands behind a pseudonym."""

    identity_code: str
    name: str
    protected: bool


def row_of(entry: Entry, named: Named, *, sees_protected: bool) -> ListRow:
    """A row as it is shown; a safety prohibition hides the name from all but those whose role may see it."""
    euros = entry.euros
    return ListRow(
        identity_code=named.identity_code,
        name=HIDDEN if named.protected and not sees_protected else named.name,
        days=entry.days,
        paid=None if euros is None else str(euros.paid),
        returned=None if euros is None else str(euros.returned),
        corrected=None if euros is None else str(euros.corrected),
        protected=named.protected,
    )


def month_of(definition: ListDefinition, asked: str | None, day: date) -> Month | Refusal | None:
    """The invoicing month of the invoice's person list; None for lists that have none.

    Returns:
        A refusal when the month is missing, needless, before the list's first or not yet begun.
    """
    first = Month.of(definition.first)
    if definition.days is not None:
        return None if asked is None else refusals.list_month(definition.law, first)
    if asked is None:
        return refusals.list_month(definition.law, first)
    month = Month.parse(asked)
    return month if first <= month <= Month.of(day) else refusals.list_month(definition.law, first)


def may_show(
    definition: ListDefinition,
    purpose: Purpose | None,
    groups: frozenset[DataGroup],
    benefits: Collection[str] | None,
) -> Refusal | None:
    """Why this list is not shown, though the gate lets lists be shown; None when it is.

    Args:
        definition: The list.
        purpose: As it was chosen: each list has its own.
        groups: Data groups open to both the worker's roles and the agreement.
        benefits: Benefit codes that the agreement covers; None for all.
    """
    if purpose is not definition.purpose:
        return refusals.list_purpose(definition.law)
    if definition.group not in groups or (benefits is not None and definition.benefit not in benefits):
        return refusals.list_not_covered(definition.law)
    return None
