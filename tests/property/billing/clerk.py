"""A clerk who invoices a random history with the engine's pure rules, period by period, as time passes.

What the service does with its database is done here in memory: receive, close months, issue instalments, correct what
came late, take back what was too much. Each rule is the engine's own; only the order of things is the clerk's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.billing.domain.book import PriceBook
from services.billing.domain.books import PriceBooks
from services.billing.domain.corrections import Carrier, Key, balanced, subtract, take_back, year_worth
from services.billing.domain.instalments import YearFee, instalment, year_fee
from services.billing.domain.products import ProductTable
from services.billing.domain.rating import Count, MonthUsage, Portion, rate_month
from services.billing.facts import memberships, payer_of
from shared.clock.civil import Month, at_helsinki
from shared.contracts.agreements import AgreementChanged
from shared.directory.model import Directory
from shared.money import ZERO
from tests.property.billing.histories import END, NEVER, History
from tests.property.billing.published import agreement_of, organisations, populations, uses_by_month

Parts = dict[str, Decimal]


@dataclass
class Document:
    """An invoice with what it charges for; `left` is what notes have not taken back of it yet."""

    number: str
    agreement: str
    payer: str
    issued: date
    amounts: dict[Key, Decimal]

    @property
    def left(self) -> Decimal:
        """Sum of what stands."""
        return sum(self.amounts.values(), ZERO)


@dataclass
class Ledger:
    """All documents, and what each period was charged by member."""

    closed: list[Key] = field(default_factory=list)
    """Every month of every agreement that was closed."""
    documents: list[Document] = field(default_factory=list)
    notes: list[Decimal] = field(default_factory=list)
    first: dict[Key, tuple[datetime, Decimal]] = field(default_factory=dict)
    """When and with which total each month was first invoiced (0.00 where nothing was charged)."""
    parts: dict[Key, Parts] = field(default_factory=dict)
    bases: dict[Key, tuple[MonthUsage, int]] = field(default_factory=dict)
    """What each month was last rated by."""

    def charged(self, key: Key) -> Decimal:
        """What all documents charged for a period."""
        return sum(self.parts.get(key, {}).values(), ZERO)

    def add(self, key: Key, parts: Mapping[str, Decimal]) -> None:
        """Charge, or take back."""
        held = self.parts.setdefault(key, {})
        for member, amount in parts.items():
            held[member] = held.get(member, ZERO) + amount


class Clerk:
    """Invoices one history."""

    def __init__(self, past: History, books: PriceBooks, products: ProductTable, dues: Sequence[datetime]) -> None:
        self.past, self.books, self.products, self.dues = past, books, products, list(dues)
        self.uses = uses_by_month(past, products)
        self.ledger = Ledger()
        self.open: dict[str, list[tuple[Key, Parts]]] = {}
        """Corrections above zero that wait for the next invoice."""
        self.directories: dict[int, Directory] = {}

    def work(self) -> Ledger:
        """Close everything in order of time, then settle."""
        closings = [(Month(*month).ends_before + timedelta(hours=8), Month(*month)) for month in self.past.months]
        usage = [(now, month, 0) for now, month in closings if self.books.at(month.first, now).usage]
        instalments = [(now, None, number) for number, now in enumerate(self.dues, start=1)]
        closed: list[Month] = []
        waived: set[str] = set()
        for now, month, number in sorted([*usage, *instalments], key=lambda step: step[0]):
            self._correct_months(closed, now)
            if month is None:
                waived = self._instalment(number, now)
            else:
                self._close(month, now)
                closed.append(month)
        self._correct_months(closed, END)
        if self.dues:
            self._correct_year(waived)
        for agreement in sorted(self.open):
            self._document(agreement, [], END)
        return self.ledger

    def _close(self, month: Month, now: datetime) -> None:
        book = self.books.at(month.first, now)
        used_by = self._used(month, now)
        for agreement in self._agreements():
            key = Key(agreement, book.id, str(month))
            self.ledger.closed.append(key)
            if self._directory(now).agreement(agreement) is None:
                continue  # parked until it is known
            used = used_by.get(agreement, NOTHING)
            rated = rate_month(book, used)
            self.ledger.first[key] = (now, rated.total)
            self.ledger.bases[key] = (used, book.version)
            if rated.total:
                self._document(agreement, [(key, _by_member(p for line in rated.lines for p in line.portions))], now)

    def _correct_months(self, closed: Sequence[Month], now: datetime) -> None:
        self.open.clear()
        for month in closed:
            used = self._used(month, now)
            book = self.books.at(month.first, now)
            for agreement in self._agreements():
                key = Key(agreement, book.id, str(month))
                basis = (used.get(agreement, NOTHING), book.version)
                if self.ledger.bases.get(key) == basis or self._directory(now).agreement(agreement) is None:
                    continue
                rated = rate_month(book, used.get(agreement, NOTHING))
                owed = _by_member(p for line in rated.lines for p in line.portions)
                self.ledger.bases[key] = basis
                if self._settle([key], owed, rated.total - self.ledger.charged(key)):
                    del self.ledger.bases[key]  # still open: rated again next time

    def _instalment(self, number: int, now: datetime) -> set[str]:
        waived = set()
        for agreement in self._directory(now).agreements():
            book, fee = self._fee(agreement, now)
            assert book.population is not None
            keys = [Key(agreement.id, book.id, f"2017/{n}") for n in range(1, len(self.dues) + 1)]
            paid = self._paid(keys)
            due = instalment(book.population, number, fee, paid)
            if due.decision == "invoice":
                parts = _by_member(p for line in due.lines for p in line.portions)
                assert sum(parts.values(), ZERO) == due.amount
                self._document(agreement.id, [(keys[number - 1], parts)], now)
            elif due.decision == "credit":
                self._take_back(keys, -due.amount, balanced({}, -due.amount, paid))
            elif due.decision == "waived":
                waived.add(agreement.id)
        return waived

    def _correct_year(self, waived: set[str]) -> None:
        for agreement in self._directory(END).agreements():
            book, fee = self._fee(agreement, END)
            assert book.population is not None
            keys = [Key(agreement.id, book.id, f"2017/{n}") for n in range(1, len(self.dues) + 1)]
            charged = sum((self.ledger.charged(key) for key in keys), ZERO)
            worth = year_worth(book.population, fee, charged, waived=agreement.id in waived)
            owed = {member.municipality: member.amount for member in fee.members}
            self._settle(keys[::-1], owed, worth - charged)

    def _settle(self, keys: Sequence[Key], owed: Parts, amount: Decimal) -> bool:
        """Give back at once, or let wait for the next invoice; the first key stands on its line. True while open."""
        paid = self._paid(keys)
        parts = balanced(subtract(owed, paid), amount, {**paid, **owed}) if amount else {}
        if amount > 0:
            self.open.setdefault(keys[0].agreement, []).append((keys[0], parts))
        elif amount < 0:
            self._take_back(sorted(keys), -amount, {member: -part for member, part in parts.items()})
        return amount > 0

    def _take_back(self, keys: Sequence[Key], amount: Decimal, parts: Parts) -> None:
        held = [(d, key) for d in self.ledger.documents for key in keys if d.amounts.get(key)]
        carriers = [Carrier(d.number, key.charged, d.amounts[key], d.left) for d, key in held]
        taken = take_back(amount, parts, carriers)
        assert sum((one.amount for one in taken), ZERO) == amount
        for one in taken:
            assert sum(one.parts.values(), ZERO) == one.amount
            document = next(d for d in self.ledger.documents if d.number == one.carrier.number)
            charged = one.carrier.charged
            key = Key(charged.agreement, charged.price_book, charged.period)
            document.amounts[key] -= one.amount
            assert document.amounts[key] >= 0
            self.ledger.add(key, {member: -part for member, part in one.parts.items()})
            self.ledger.notes.append(one.amount)

    def _document(self, agreement: str, lines: list[tuple[Key, Parts]], now: datetime) -> None:
        """Issue an invoice; it carries what waited."""
        known = self._directory(now)
        body = known.agreement(agreement)
        payer = payer_of(known, body, now.date()) if body else None
        assert payer is not None, agreement
        number = f"K{len(self.ledger.documents) + 1:05}"
        document = Document(number, agreement, payer.business_id, now.date(), {})
        for key, parts in [*lines, *self.open.pop(agreement, [])]:
            document.amounts[key] = document.amounts.get(key, ZERO) + sum(parts.values(), ZERO)
            self.ledger.add(key, parts)
        self.ledger.documents.append(document)

    def _paid(self, keys: Sequence[Key]) -> Parts:
        paid: Parts = {}
        for key in keys:
            for member, amount in self.ledger.parts.get(key, {}).items():
                paid[member] = paid.get(member, ZERO) + amount
        return paid

    def _used(self, month: Month, now: datetime) -> dict[str, MonthUsage]:
        counts: dict[str, Counter[tuple[str, str]]] = {}
        workers: dict[str, set[str]] = {}
        for event, use in self.uses.get(month, []):
            if event.arrives > now or self.past.reversals.get(event.number, NEVER) <= now:
                continue
            counts.setdefault(event.agreement, Counter())[event.member, use.product] += 1
            if use.worker:
                workers.setdefault(event.agreement, set()).add(use.worker)
        return {one: self._month(found, workers.get(one, set())) for one, found in sorted(counts.items())}

    def _month(self, found: Counter[tuple[str, str]], workers: set[str]) -> MonthUsage:
        lookups: Counter[str] = Counter()
        for (member, product), quantity in found.items():
            if product in self.products.active_products:
                lookups[member] += quantity
        counts = tuple(Count(member, product, quantity) for (member, product), quantity in sorted(found.items()))
        return MonthUsage(counts, len(workers), lookups)

    def _fee(self, agreement: AgreementChanged, now: datetime) -> tuple[PriceBook, YearFee]:
        book = self.books.at(date(2017, 1, 1), now)
        assert book.population is not None
        year_end = 2017 - book.population.reference_years_back
        return book, year_fee(book, 2017, memberships(self._directory(now), agreement, 2017, year_end))

    def _agreements(self) -> list[str]:
        return sorted({one.id for one in self.past.agreements})

    def _directory(self, now: datetime) -> Directory:
        known = [one for one in self.past.agreements if one.published <= now]
        if len(known) not in self.directories:
            facts = [*organisations(), *populations(self.past), *map(agreement_of, known)]
            self.directories[len(known)] = Directory(facts)
        return self.directories[len(known)]


NOTHING = MonthUsage((), 0, {})


def due_instants(dues: Sequence[str]) -> list[datetime]:
    """When the instalments are issued."""
    return [at_helsinki(date.fromisoformat(f"2017-{due}") - timedelta(days=30)) + timedelta(hours=9) for due in dues]


def _by_member(portions: Iterable[Portion]) -> Parts:
    parts: Parts = {}
    for portion in portions:
        parts[portion.member] = parts.get(portion.member, ZERO) + portion.amount
    return parts
