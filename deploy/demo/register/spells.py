"""What a person of the synthetic register applied for, when, and with what result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from deploy.demo.register.tables import Course, Terms
from shared.clock.civil import Month
from shared.finnish.banking_days import on_or_after
from shared.finnish.benefits import benefit

PaidTo = Literal["client", "municipality", "other"]
_ADULT_MONTHS = 16 * 12
_HANDLING_DAYS: dict[Course, tuple[int, int]] = {"transfer": (2, 20), "once": (5, 30), "birth": (5, 20)}
_USUAL_HANDLING_DAYS = (8, 60)
_BEGAN_WITHIN = 0.12
_RECENT_DAYS, _HALF_YEAR = 60, 181
_RECENTLY_REFUSED = 0.5
_HALF_MONTH = 15
_TRANSFER_OPENS = date(2016, 12, 15)
_TRANSFER_MONTH = Month(2017, 1)


@dataclass(frozen=True, slots=True)
class Window:
    """The time that the register tells of, both days included: it knows nothing received or paid after ``last``."""

    first: date = date(2015, 1, 1)
    last: date = date(2016, 12, 31)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time for which a benefit is applied for; ``last`` None means until further notice."""

    received: date
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Spell:
    """An application and what became of it. Pending when ``granted`` is None; ``decided`` is then an estimate."""

    benefit: str
    received: date
    decided: date
    granted: bool | None
    first: date
    last: date | None
    amount: Decimal
    """Euros a month, a benefit day or for once, gross."""
    tax: Decimal
    paid_to: PaidTo


def spells(rng: Random, terms: Terms, window: Window, born: date, died: date | None) -> Iterator[Spell]:
    """Yield what is applied for of one benefit in the window, oldest first.

    Args:
        rng: Source of chance.
        terms: How the benefit runs.
        window: The register's time.
        born: Birth date of the person, or of the child for a benefit that follows a child.
        died: Death of the payee; nothing is decided after it.
    """
    for planned in _COURSES[terms.course](rng, terms, window, born):
        stretch = _since_it_exists(terms.benefit, planned)
        if stretch.received > window.last or (stretch.last or date.max) < max(window.first, stretch.first):
            continue
        spell = _decide(rng, terms, window, stretch)
        if died is None or spell.decided < died:
            yield spell


def _since_it_exists(code: str, planned: Stretch) -> Stretch:
    """Nobody gets a benefit for days before there was such a benefit."""
    first = benefit(code).first
    if first is None or planned.first >= first:
        return planned
    return replace(planned, received=max(planned.received, first - timedelta(days=_HALF_MONTH)), first=first)


def recent(rng: Random, terms: Terms, window: Window) -> Iterator[Spell]:
    """Yield an application of the window's last weeks: most still wait for their decision, some were refused."""
    received = window.last - timedelta(days=rng.randint(0, _RECENT_DAYS))
    first = Month.of(received).plus(1).first
    stretch = Stretch(received, first, None if terms.course == "throughout" else first + timedelta(days=_HALF_YEAR))
    yield _decide(rng, terms, window, stretch, refusal=_RECENTLY_REFUSED)


def _decide(rng: Random, terms: Terms, window: Window, stretch: Stretch, refusal: float | None = None) -> Spell:
    days = rng.randint(*_HANDLING_DAYS.get(terms.course, _USUAL_HANDLING_DAYS))
    decided = on_or_after(stretch.received + timedelta(days=days))
    within = stretch.received >= window.first
    refused = within and rng.random() < (terms.refused if refusal is None else refusal)
    chance = rng.random()
    paid_to: PaidTo = "client"
    if chance < terms.to_other:
        paid_to = "other"
    elif chance < terms.to_other + terms.to_municipality:
        paid_to = "municipality"
    low, high = terms.amount
    return Spell(
        benefit=terms.benefit,
        received=stretch.received,
        decided=decided,
        granted=None if decided > window.last else not refused,
        first=stretch.first,
        last=stretch.last,
        amount=Decimal(rng.randint(low * 100, high * 100)).scaleb(-2),
        tax=rng.choice(terms.tax),
        paid_to=paid_to,
    )


def _throughout(rng: Random, _terms: Terms, window: Window, born: date) -> Iterator[Stretch]:
    if rng.random() < _BEGAN_WITHIN:
        begins = Month.of(window.first).plus(rng.randint(0, 23))
    else:
        begins = Month.of(window.first).plus(-rng.randint(6, 180))
    begins = max(begins, Month.of(born).plus(_ADULT_MONTHS))
    yield Stretch(begins.first - timedelta(days=rng.randint(-20, 60)), begins.first, None)


def _annual(rng: Random, _terms: Terms, window: Window, _born: date) -> Iterator[Stretch]:
    begins = Month.of(window.first).plus(rng.randint(-11, 6))
    while begins.first <= window.last:
        yield Stretch(begins.first - timedelta(days=rng.randint(5, 45)), begins.first, begins.plus(11).last)
        begins = begins.plus(12)


def _study(rng: Random, _terms: Terms, window: Window, _born: date) -> Iterator[Stretch]:
    begins = Month(window.first.year - rng.randint(0, 1), 9)
    for _ in range(rng.randint(1, 3)):
        yield Stretch(begins.first - timedelta(days=rng.randint(10, 80)), begins.first, begins.plus(8).last)
        begins = begins.plus(12)


def _daily(rng: Random, terms: Terms, window: Window, _born: date) -> Iterator[Stretch]:
    shortest, longest = terms.days or (0, 0)
    first = window.first + timedelta(days=rng.randint(-90, (window.last - window.first).days - 70))
    yield Stretch(
        first + timedelta(days=rng.randint(0, 7)), first, first + timedelta(days=rng.randint(shortest, longest))
    )


def _child(rng: Random, terms: Terms, _window: Window, born: date) -> Iterator[Stretch]:
    begins, ends = terms.ages or (0, 0)
    first = Month.of(born).plus(begins + 1).first
    yield Stretch(first - timedelta(days=rng.randint(0, 40)), first, Month.of(born).plus(ends).last)


def _birth(rng: Random, _terms: Terms, _window: Window, born: date) -> Iterator[Stretch]:
    due = born - timedelta(days=rng.randint(20, 70))
    yield Stretch(due - timedelta(days=rng.randint(1, 20)), due, due)


def _once(rng: Random, _terms: Terms, window: Window, _born: date) -> Iterator[Stretch]:
    day = window.first + timedelta(days=rng.randint(20, (window.last - window.first).days - 60))
    yield Stretch(day + timedelta(days=rng.randint(1, 15)), day, day)


def _transfer(rng: Random, _terms: Terms, _window: Window, _born: date) -> Iterator[Stretch]:
    received = _TRANSFER_OPENS + timedelta(days=rng.randint(0, 15))
    yield Stretch(received, _TRANSFER_MONTH.first, _TRANSFER_MONTH.last)


_COURSES: dict[Course, Callable[[Random, Terms, Window, date], Iterator[Stretch]]] = {
    "throughout": _throughout,
    "annual": _annual,
    "study": _study,
    "daily": _daily,
    "child": _child,
    "birth": _birth,
    "once": _once,
    "transfer": _transfer,
}
