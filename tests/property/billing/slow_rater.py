"""A second rater, slow and plain: from raw events and the books' own text to what each period must cost in the end.

It shares no code with the service, on purpose: the standard library and a YAML reader only. Each use is looked at by
itself, each unit finds its own price, each rule is written out where it applies.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import yaml

from tests.property.billing.histories import END, FINLAND, MERGED, NEVER, Agreement, Event, History

Row = dict[str, Any]  # what stands in a YAML file
CENT = Decimal("0.01")
YEAR = [date(2017, 1, 1) + timedelta(days=n) for n in range(365)]


@lru_cache(maxsize=500)
def read(text: str) -> Row:
    """A YAML text."""
    found: Row = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


def book_at(texts: tuple[str, ...], active: tuple[str, ...], day: date, known: datetime) -> Row:
    """The one book that prices a day as known at an instant."""
    today = known.astimezone(FINLAND).date()
    books = [read(text) for text in texts]
    found = [b for b in books if b["id"] in active and _within(b["valid"], day) and _within(b["known"], today)]
    assert len(found) == 1, (day, known, [b["id"] for b in found])
    return found[0]


def _within(span: Row, day: date) -> bool:
    return bool(span["first"] <= day and (span["last"] is None or day <= span["last"]))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Use:
    """An event as it counts."""

    event: Event
    month: tuple[int, int]
    product: str
    active: bool


class SlowRater:
    """What everything must cost, by the facts of one history."""

    def __init__(self, past: History, texts: tuple[str, ...], active: tuple[str, ...], products: str) -> None:
        self.past, self.texts, self.active = past, texts, active
        self.rows = read(products)["rows"]
        self.uses = [self._use(event) for event in past.events]

    def month(self, agreement: str, month: tuple[int, int], now: datetime) -> Decimal:
        """What a month of use costs by all that has arrived and is known by an instant."""
        book = book_at(self.texts, self.active, date(*month, 1), now)
        products: list[str] = []
        workers: set[str] = set()
        for use in self.uses:
            gone = self.past.reversals.get(use.event.number, NEVER) <= now
            if use.event.arrives > now or gone or use.event.agreement != agreement or use.month != month:
                continue
            products.append(use.product)
            if use.active:
                workers.add(use.event.worker)
        owed = sum((_line(book, product, products.count(product)) for product in set(products)), Decimal(0))
        owed += _line(book, "USER_MONTH", len(workers))
        return max(owed, Decimal(book["usage"]["minimum_invoice"]["amount"])) if owed else Decimal(0)

    def year(self, agreement: str, dues: list[datetime]) -> Decimal:
        """What the documents of 2017 by inhabitants sum to once all is known.

        Args:
            agreement: Whose.
            dues: When each instalment was issued.
        """
        paid = Decimal(0)
        waived = False
        for number, now in enumerate(dues, start=1):
            terms = book_at(self.texts, self.active, date(2017, 1, 1), now)["population"]
            due = _share(self._fee(agreement, now), number, len(dues)) - paid
            last = number == len(dues)
            limit = Decimal(terms["waive_below_at_year_end" if last else "rollover_below"]["amount"])
            small = 0 < due < limit
            waived = last and small
            paid += 0 if small else due
        terms = book_at(self.texts, self.active, date(2017, 1, 1), END)["population"]
        due = self._fee(agreement, END) - paid
        if 0 < due < Decimal(terms["waive_below_at_year_end"]["amount"]) and (waived or not paid):
            return paid
        return paid + due

    def payer(self, agreement: str, day: date, parties: dict[str, str]) -> str:
        """The business id of who pays on a day."""
        party = next(one.party for one in self.past.agreements if one.id == agreement)
        for old, new in MERGED.items():
            if party == parties[old] and day >= date(2017, 1, 1):
                return parties[new]
        return party

    def _use(self, event: Event) -> Use:
        day = event.time.astimezone(FINLAND).date()
        fitting = [row for row in self.rows if row["event"] == "access" and _fits(row, event, day)]
        named = [row for row in fitting if row["service"] != "any"] or fitting
        assert len({row["product"] for row in named}) == 1, event
        return Use(event, (day.year, day.month), named[0]["product"], named[0]["active_user"])

    def _fee(self, agreement: str, now: datetime) -> Decimal:
        book = book_at(self.texts, self.active, date(2017, 1, 1), now)
        price = next(Decimal(item["price"]) for item in book["items"] if item["code"] == "SERVICE_YEAR")
        year_end = 2017 - book["population"]["reference_years_back"]
        versions = [one for one in self.past.agreements if one.id == agreement and one.published <= now]
        if not versions:
            return Decimal(0)
        latest = max(versions, key=lambda one: one.version)
        person_days = 0
        for code, _ in latest.members:
            if code in MERGED:
                continue  # its successor bears its inhabitants
            heads = self.past.inhabitants[code, year_end]
            heads += sum(self.past.inhabitants[old, year_end] for old, new in MERGED.items() if new == code)
            person_days += heads * _days(latest, code)
        return _cents(price * person_days / 365)


@lru_cache(maxsize=1000)
def _days(agreement: Agreement, code: str) -> int:
    """The days of 2017 on which the agreement bears the municipality, counted one by one."""
    spans = [agreement.span, next(span for member, span in agreement.members if member == code)]
    return sum(all(first <= day and (last is None or day <= last) for first, last in spans) for day in YEAR)


def _share(fee: Decimal, number: int, count: int) -> Decimal:
    """What is due by the instalment of that number: equal parts, the odd cents in the first ones."""
    parts = [fee // CENT // count * CENT] * count
    place = 0
    while sum(parts) < fee:
        parts[place] += CENT
        place += 1
    return sum(parts[:number], Decimal(0))


def _line(book: Row, product: str, count: int) -> Decimal:
    """The lines of a product: every unit finds its step, every step is rounded by itself."""
    item = next((item for item in book["items"] if item["code"] == product), None)
    if item is None:
        assert product == "USER_MONTH", product
        return Decimal(0)
    steps: dict[int, Decimal] = {}
    for unit in range(1, count + 1):
        step, price = _price(item, unit)
        steps[step] = steps.get(step, Decimal(0)) + price
    return sum((_cents(amount) for amount in steps.values()), Decimal(0))


def _price(item: Row, unit: int) -> tuple[int, Decimal]:
    if "price" in item:
        return 0, Decimal(item["price"])
    for step, tier in enumerate(item["tiers"]):
        if tier["up_to"] is None or unit <= tier["up_to"]:
            return step, Decimal(tier["price"])
    raise AssertionError(unit)


def _fits(row: Row, event: Event, day: date) -> bool:
    outcomes = ["granted", "empty"] if row["outcome"] == "answered" else [row["outcome"]]
    return (
        row["action"] in {event.action, "any"}
        and (event.outcome in outcomes or row["outcome"] == "any")
        and row["channel"] in {event.channel, "any"}
        and row["service"] in {event.service, "any"}
        and _within(row, day)
    )
