"""How a granted benefit is paid: on its paydays, or on a banking day after each period when it has none.

What was due before the decision is paid at once, in one sum, on the next banking day after it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from deploy.demo.register.spells import Spell, Window
from deploy.demo.register.tables import Terms
from shared.clock.civil import Month
from shared.finnish.banking_days import next_banking_day, on_or_after
from shared.finnish.benefits import benefit, benefit_days
from shared.finnish.paydays import payday
from shared.money import cents

_FOUR_WEEKS = 28
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment: its day, the period it pays (both ends included) and its euros."""

    payday: date
    first: date
    last: date
    gross: Decimal
    withheld: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class _Part:
    due: date
    first: date
    last: date
    gross: Decimal


def instalments(spell: Spell, terms: Terms, surname: str, window: Window, died: date | None) -> Iterator[Instalment]:
    """Yield the payments of a granted spell that fall in the window and not after the payee's death, in order."""
    end = min(window.last, died or window.last)
    late: list[_Part] = []
    for part in _parts(spell, terms, surname, window):
        if part.due <= spell.decided:
            late.append(part)
            continue
        if late:
            yield from _pay(spell, _together(late, spell), window.first, end)
            late = []
        yield from _pay(spell, part, window.first, end)
    if late:
        yield from _pay(spell, _together(late, spell), window.first, end)


def _parts(spell: Spell, terms: Terms, surname: str, window: Window) -> Iterator[_Part]:
    rhythm = benefit(spell.benefit).rhythm
    if rhythm == "once":
        yield _Part(spell.decided, spell.first, spell.last or spell.first, spell.amount)
    elif rhythm == "monthly":
        yield from _months(spell, surname, window)
    else:
        yield from _days(spell, terms, window)


def _months(spell: Spell, surname: str, window: Window) -> Iterator[_Part]:
    begins = Month.of(spell.first)
    if spell.decided < window.first:  # what was settled before the window is not told of
        begins = max(begins, Month.of(window.first).plus(-1))
    for month in begins.until(Month.of(min(spell.last or window.last, window.last)).plus(1)):
        first, last = max(spell.first, month.first), min(spell.last or month.last, month.last)
        due = payday(spell.benefit, month, surname)
        if due is not None and first <= last:
            days = (last - first).days + 1
            yield _Part(due, first, last, cents(spell.amount * days / month.length))


def _days(spell: Spell, terms: Terms, window: Window) -> Iterator[_Part]:
    first, ends = spell.first, spell.last or window.last
    while first <= min(ends, window.last):
        full = first + timedelta(days=_FOUR_WEEKS - 1) if terms.paid_every == "four_weeks" else Month.of(first).last
        last = min(full, ends)
        count = benefit_days(spell.benefit, first, last)
        if count:
            yield _Part(on_or_after(last + timedelta(days=3)), first, last, cents(spell.amount * count))
        first = last + _DAY


def _together(late: list[_Part], spell: Spell) -> _Part:
    gross = sum((part.gross for part in late), Decimal("0.00"))
    return _Part(next_banking_day(spell.decided), late[0].first, late[-1].last, gross)


def _pay(spell: Spell, part: _Part, first: date, end: date) -> Iterator[Instalment]:
    if first <= part.due <= end:
        withheld = cents(part.gross * spell.tax)
        yield Instalment(part.due, part.first, part.last, part.gross, withheld, part.gross - withheld)
