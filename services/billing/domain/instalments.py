"""The population fee (asukaslukumaksu): a year's fee by inhabitants, in instalments, with rollover and waiver.

An instalment is what is due up to now minus what was already invoiced, so that a rolled-over amount and a member
that leaves in mid-year need no rule of their own (golden G10, invariant 4).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from services.billing.domain.book import PopulationTerms, PriceBook, PriceItem
from services.billing.domain.rating import Portion
from shared.finnish.banking_days import on_or_after
from shared.finnish.municipalities import current_code, municipalities
from shared.money import ZERO, allocate, cents, split

SERVICE_YEAR = "SERVICE_YEAR"
CARRIED = "CARRIED_OVER"
ADJUSTED = "INSTALMENT_ADJUSTMENT"
Decision = Literal["invoice", "rolled_over", "waived", "nothing", "credit"]


class PopulationMissingError(LookupError):
    """No figure is stated for a municipality at the year end that the fee refers to.

    Attributes:
        code: ``instalment.population_missing``.
    """

    code = "instalment.population_missing"


@dataclass(frozen=True, slots=True)
class Membership:
    """A municipality borne by an agreement from `first` to `last`, both within the year of the fee."""

    municipality: str
    inhabitants: int
    first: date
    last: date

    @property
    def days(self) -> int:
        """Days of membership, both ends included."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class MemberFee:
    """A member's part of the year's fee."""

    municipality: str
    inhabitants: int
    days: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class YearFee:
    """A year's fee of one agreement; the members' parts sum to the total."""

    year: int
    item: PriceItem
    total: Decimal
    members: tuple[MemberFee, ...]

    @property
    def inhabitants(self) -> int:
        """Inhabitants of all members, whatever their days."""
        return sum(member.inhabitants for member in self.members)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of an instalment: the instalment itself, or what is carried over or adjusted from earlier ones."""

    product: str
    amount: Decimal
    portions: tuple[Portion, ...]


@dataclass(frozen=True, slots=True)
class Instalment:
    """What comes of one instalment. `credit`: more was invoiced than is due; that takes a credit note.

    Attributes:
        decision: What is to be done.
        amount: What is due; below zero for a credit.
        lines: What an invoice says; for a credit one line, its members' parts what each is to get back or to bear.
    """

    decision: Decision
    amount: Decimal
    lines: tuple[FeeLine, ...] = ()


def inhabitants_of(municipality: str, day: date, stated: Callable[[str], int | None]) -> int:
    """Inhabitants within the borders of the day: its own and those of municipalities merged into it by then.

    Args:
        municipality: Code. One that has itself merged away bears nobody: its successor does (golden G8).
        day: First day of the fee's year.
        stated: The figure of one municipality in its old borders, or None.

    Raises:
        PopulationMissingError: A figure is missing.
    """
    bodies = [code for code in municipalities() if current_code(code, day) == municipality]
    figures = {code: stated(code) for code in bodies or [municipality]}
    if missing := sorted(code for code, figure in figures.items() if figure is None):
        raise PopulationMissingError(f"The population of {', '.join(missing)} is not stated for the year end.")
    return sum(figure or 0 for figure in figures.values()) if bodies else 0


def year_fee(book: PriceBook, year: int, memberships: Iterable[Membership]) -> YearFee:
    """The fee of a year: inhabitants by price, by days of membership; rounded once, on the agreement's total.

    Raises:
        ValueError: The book does not charge population.
    """
    item = book.item(SERVICE_YEAR)
    if book.population is None or item is None or item.price is None:
        raise ValueError(f"{book.id} does not charge population.")
    length = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    days: dict[str, int] = {}
    heads: dict[str, int] = {}
    for membership in memberships:
        days[membership.municipality] = days.get(membership.municipality, 0) + membership.days
        heads[membership.municipality] = membership.inhabitants
    codes = sorted(days)
    exact = [Fraction(heads[code]) * Fraction(item.price) * days[code] / length for code in codes]
    total = _rounded(sum(exact, Fraction(0)))
    # Scaled to whole numbers: the allocation needs proportions only.
    parts = allocate(total, [heads[code] * days[code] for code in codes]) if total else [ZERO] * len(codes)
    fees = (MemberFee(code, heads[code], days[code], part) for code, part in zip(codes, parts, strict=True))
    return YearFee(year, item, total, tuple(fees))


def instalment(terms: PopulationTerms, number: int, fee: YearFee, invoiced: Mapping[str, Decimal]) -> Instalment:
    """Decide the instalment of one agreement.

    Args:
        terms: The book's terms.
        number: 1 for the first.
        fee: The year's fee as it stands now.
        invoiced: What was already invoiced for the year, by member.

    Returns:
        An invoice with its lines; or an amount rolled over (below the limit), waived (below the limit at the year's
        end), nothing due, or a credit.
    """
    count = len(terms.instalments)
    parts = split(fee.total, count)
    already = sum(invoiced.values(), ZERO)
    is_last = number == count
    due = sum(parts[:number], ZERO) - already
    if due < 0:
        target = _shared(due + already, fee) if due + already else {}
        back = _portions(_less(target, invoiced))
        return Instalment("credit", due, (FeeLine(ADJUSTED, due, back),))
    if due == 0:
        return Instalment("nothing", due)
    if is_last and due < terms.waive_below_at_year_end.amount:
        return Instalment("waived", due)
    if not is_last and due < terms.rollover_below.amount:
        return Instalment("rolled_over", due)
    by_member = {member.municipality: member.amount for member in fee.members}
    whole = _less(by_member, invoiced) if is_last else _shared(due, fee)
    return Instalment("invoice", due, _fee_lines(parts[number - 1], due, whole, fee, ADJUSTED if already else CARRIED))


def due_date(terms: PopulationTerms, year: int, number: int) -> date:
    """The due date: the book's day, moved to the next banking day (golden R10: 31.12.2017 → 2.1.2018)."""
    return on_or_after(_nominal(terms, year, number))


def issued_from(terms: PopulationTerms, year: int, number: int) -> date:
    """The first day on which the instalment may be issued: so many days before the book's due day."""
    return _nominal(terms, year, number) - timedelta(days=terms.issued_days_before)


def _fee_lines(
    part: Decimal, due: Decimal, whole: Mapping[str, Decimal], fee: YearFee, other: str
) -> tuple[FeeLine, ...]:
    if part == due:
        return (FeeLine(SERVICE_YEAR, due, _portions(whole)),)
    own = _shared(part, fee)
    rest = {code: amount - own.get(code, ZERO) for code, amount in whole.items()}
    return FeeLine(SERVICE_YEAR, part, _portions(own)), FeeLine(other, due - part, _portions(rest))


def _shared(amount: Decimal, fee: YearFee) -> dict[str, Decimal]:
    parts = allocate(amount, [member.amount for member in fee.members])
    return {member.municipality: part for member, part in zip(fee.members, parts, strict=True)}


def _nominal(terms: PopulationTerms, year: int, number: int) -> date:
    return date.fromisoformat(f"{year}-{terms.instalments[number - 1]}")


def _less(due: Mapping[str, Decimal], invoiced: Mapping[str, Decimal]) -> dict[str, Decimal]:
    codes = [*due, *(code for code in invoiced if code not in due)]
    return {code: due.get(code, ZERO) - invoiced.get(code, ZERO) for code in codes}


def _portions(amounts: Mapping[str, Decimal]) -> tuple[Portion, ...]:
    return tuple(Portion(code, None, amounts[code]) for code in sorted(amounts))


def _rounded(exact: Fraction) -> Decimal:
    # Half up at the cent without passing through an inexact decimal: 75 by 181/365 has no finite expansion.
    return cents(Decimal((exact * 100 + Fraction(1, 2)).__floor__()) / 100)
