"""A batch of records in memory: which versions are new, whose payment each is, and the entries that they give."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeVar

from services.claims.allocating import Known
from services.claims.domain.booking import Entry
from services.claims.store.register import DecisionRow, KelaRow, PaymentRow, PersonRow
from shared.bus.transaction import Refuse

Row = PersonRow | DecisionRow | PaymentRow | KelaRow
R = TypeVar("R", PersonRow, DecisionRow, PaymentRow, KelaRow)


class Table(Generic[R]):
    """The newest version of each record of one kind, and which of them a batch has changed."""

    def __init__(self, rows: Mapping[str, R]) -> None:
        self.rows: dict[str, R] = dict(rows)
        self._changed: set[str] = set()

    @property
    def changed(self) -> list[R]:
        """The rows to be written."""
        return [self.rows[id_] for id_ in sorted(self._changed)]

    def is_new(self, row: R) -> bool:
        """Whether the version is above the known one."""
        known = self.rows.get(str(row.id))
        return known is None or row.version > known.version

    def keep(self, row: R) -> None:
        """Take the row as the newest."""
        self.rows[str(row.id)] = row
        self._changed.add(str(row.id))


class Replica:
    """What is known of the records of a batch and of what they refer to."""

    def __init__(
        self,
        persons: Mapping[str, PersonRow],
        decisions: Mapping[str, DecisionRow],
        payments: Mapping[str, PaymentRow],
        kela: Mapping[str, KelaRow],
    ) -> None:
        self.persons = Table(persons)
        self.decisions = Table(decisions)
        self.payments = Table(payments)
        self.kela = Table(kela)

    def clients(self) -> set[str]:
        """Everybody whom what is known concerns."""
        payees = {row.payee for row in self.decisions.rows.values()}
        return payees | {name for row in self.payments.rows.values() for name in (row.client, row.payee)}


class Intake:
    """Takes records one after the other.

    Attributes:
        entries: The entries that they gave, each with its client, in order.
    """

    def __init__(self, replica: Replica, known: Known) -> None:
        self.entries: list[tuple[str, Entry]] = []
        self._replica = replica
        self._known = known
        self._of_decision: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for row in replica.payments.rows.values():
            self._of_decision[row.decision][row.id] = None

    def take(self, row: Row, at: datetime) -> None:
        """Give effect to one record; a version that is not above the known one has none.

        Raises:
            Refuse: a claim of Kela's came to name another client: what it took of the first would be taken twice.
        """
        match row:
            case PersonRow():
                self._person(row, at)
            case DecisionRow():
                self._decision(row, at)
            case PaymentRow():
                self._payment(row, at)
            case KelaRow():
                self._kela(row, at)

    def _person(self, row: PersonRow, at: datetime) -> None:
        if not self._replica.persons.is_new(row):
            return
        self._replica.persons.keep(row)
        books = self._known.books.get(row.client)
        if books is not None:
            self._add(row.client, books.die(None if row.withdrawn else row.died, at))

    def _decision(self, row: DecisionRow, at: datetime) -> None:
        """A decision says to whom its payments are paid; those that it gives to somebody else move."""
        if not self._replica.decisions.is_new(row):
            return
        self._replica.decisions.keep(row)
        for id_ in sorted(self._of_decision[row.id]):
            known = self._replica.payments.rows[id_]
            payee = self._payee(known)
            if payee != known.payee:
                moved = replace(known, payee=payee)
                self._replica.payments.keep(moved)
                self._move(known, moved, at)

    def _payment(self, row: PaymentRow, at: datetime) -> None:
        payments = self._replica.payments
        if not payments.is_new(row):
            return
        known, arrived = payments.rows.get(row.id), replace(row, payee=self._payee(row))
        payments.keep(arrived)
        if known is not None:
            self._of_decision[known.decision].pop(known.id, None)
        self._of_decision[row.decision][row.id] = None
        if known is not None and known.payee != arrived.payee:
            self._move(known, arrived, at)
        elif (books := self._known.books.get(arrived.payee)) is not None:
            self._add(arrived.payee, books.pay(arrived.payment(), at))

    def _kela(self, row: KelaRow, at: datetime) -> None:
        table = self._replica.kela
        if not table.is_new(row):
            return
        known = table.rows.get(str(row.id))
        if known is not None and known.client != row.client:
            raise Refuse("other_client", "a claim of Kela's names another client than before: end it and make another")
        if known is not None and known.stops_from is not None and row.stops_from is not None:
            row = replace(row, stops_from=min(known.stops_from, row.stops_from))
        table.keep(row)
        self._known.kela[row.client] = row
        self._add(row.client, self._known.books[row.client].claim(row.claimed(), "claim", at))

    def _move(self, known: PaymentRow, moved: PaymentRow, at: datetime) -> None:
        loser, winner = self._known.books.get(known.payee), self._known.books.get(moved.payee)
        if loser is not None:
            self._add(known.payee, loser.lose(moved.payment(), at))
        if winner is not None:
            self._add(moved.payee, winner.pay(moved.payment(), at, "decision"))

    def _payee(self, row: PaymentRow) -> str:
        decision = self._replica.decisions.rows.get(row.decision)
        return row.client if decision is None or decision.withdrawn else decision.payee

    def _add(self, client: str, entries: Iterable[Entry]) -> None:
        self.entries.extend((client, entry) for entry in entries)
