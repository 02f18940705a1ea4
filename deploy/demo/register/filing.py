"""One client's file: numbering its records, and what an application leads to.

A few records are errors that were mended later: a decision's amount corrected in a second version, a payment entered
twice of which one is withdrawn.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from deploy.demo.register.payments import Instalment, instalments
from deploy.demo.register.people import Resident
from deploy.demo.register.spells import Spell, Window
from deploy.demo.register.tables import Terms, remarks
from shared.clock.civil import Month
from shared.contracts.register import (
    Application,
    Decision,
    Insurance,
    Interruption,
    Kind,
    Medicine,
    Notice,
    Payment,
    Person,
    Recovery,
)
from shared.finnish.identity_code import IdentityCode
from shared.money import cents

Body = Person | Application | Decision | Payment | Insurance | Recovery | Medicine | Notice
_ID_LETTERS: Final[dict[Kind, str]] = {
    "person": "P",
    "application": "H",
    "decision": "R",
    "payment": "M",
    "insurance": "V",
    "recovery": "T",
    "medicine": "L",
    "notice": "E",
}
_STAGES: Final = ("received", "in_process", "waiting_attachments")
_HAS_TERMS, _INTERRUPTED, _RECOVERED, _CORRECTED, _TWICE = 0.4, 0.15, 0.04, 0.02, 0.004
_LEAST_INSTALMENTS: Final = 5
"""A benefit with fewer payments is neither interrupted nor recovered from."""
_RECOVERED_SHARE: Final = Decimal("0.15")


@dataclass(frozen=True, slots=True)
class Record:
    """One version of one record of the register; ``kind`` names the topic, ``body`` is what gets sealed."""

    kind: Kind
    id: str
    body: Body
    version: int = 1
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """All records of one client: the person first, then each application with its decision and payments."""

    client: str
    identity: IdentityCode
    records: tuple[Record, ...]

    def current(self) -> tuple[Record, ...]:
        """The newest version of each record, without the withdrawn ones."""
        newest = {record.id: record for record in self.records}
        return tuple(record for record in newest.values() if not record.withdrawn)


@dataclass(frozen=True, slots=True)
class Matter:
    """A spell, the terms it runs by, and the child it is for, if the child is the one entitled."""

    spell: Spell
    terms: Terms
    child: int | None


class File:
    """Collects one client's records and numbers them."""

    def __init__(self, rng: Random, number: int, client: str, window: Window) -> None:
        self.rng = rng
        self.client = client
        self.window = window
        self.records: list[Record] = []
        self._number = number

    def add(self, kind: Kind, body: Body) -> str:
        """File a new record; its id."""
        record = Record(kind, f"{_ID_LETTERS[kind]}{self._number:07d}-{len(self.records):04d}", body)
        self.records.append(record)
        return record.id

    def add_matter(self, matter: Matter, payee: Resident) -> None:
        """File an application of the payee's, its decision and its payments."""
        spell = matter.spell
        paid = list(instalments(spell, matter.terms, payee.last_name, self.window, payee.died)) if spell.granted else []
        paused, paid = self._interrupt(spell.benefit, paid)
        decision = self._add_decision(spell, payee.died, self.client, paused)
        if decision is None:
            return
        for part, recovered in self._recover(spell.benefit, paid):
            self._add_payment(decision, spell, part, recovered)

    def add_entitlement(self, matter: Matter, payee: str) -> None:
        """File the decision also under the child entitled, so that the child's file shows who is paid."""
        self._add_decision(matter.spell, None, payee, ())

    def _interrupt(self, benefit: str, paid: list[Instalment]) -> tuple[tuple[Interruption, ...], list[Instalment]]:
        """Leave one payment out, now and then: the benefit was interrupted in its days."""
        reasons = remarks().interrupted.get(benefit)
        if reasons is None or len(paid) < _LEAST_INSTALMENTS or self.rng.random() >= _INTERRUPTED:
            return (), paid
        left_out = paid[self.rng.randint(1, len(paid) - 1)]
        paused = Interruption(first=left_out.first, last=left_out.last, reason=self.rng.choice(reasons))
        return (paused,), [part for part in paid if part is not left_out]

    def _recover(self, benefit: str, paid: list[Instalment]) -> list[tuple[Instalment, Decimal]]:
        """Kela takes back, now and then, what was paid without ground: a part of each later payment."""
        if len(paid) < _LEAST_INSTALMENTS or self.rng.random() >= _RECOVERED:
            return [(part, Decimal("0.00")) for part in paid]
        since = self.rng.randint(1, len(paid) - 2)
        total = left = cents(paid[0].gross * self.rng.randint(1, 3))
        parts: list[tuple[Instalment, Decimal]] = []
        for index, part in enumerate(paid):
            taken = min(left, cents(part.net * _RECOVERED_SHARE)) if index > since else Decimal("0.00")
            left -= taken
            parts.append((part, taken))
        self.add("recovery", Recovery(benefit=benefit, decided=paid[since].payday, total=total, remaining=left))
        return parts

    def _add_payment(self, decision: str, spell: Spell, part: Instalment, recovered: Decimal) -> None:
        payment = Payment(
            decision=decision,
            benefit=spell.benefit,
            payday=part.payday,
            first=part.first,
            last=part.last,
            gross=part.gross,
            withheld=part.withheld + recovered,
            net=part.net - recovered,
            paid_to=spell.paid_to,
            recovered=recovered,
        )
        self.add("payment", payment)
        if self.rng.random() < _TWICE:
            self.add("payment", payment)
            self.records.append(replace(self.records[-1], version=2, withdrawn=True))

    def _add_decision(
        self, spell: Spell, died: date | None, payee: str, paused: tuple[Interruption, ...]
    ) -> str | None:
        application = self.add("application", self._application(spell))
        if spell.granted is None:
            return None
        ends = spell.last
        if died is not None:  # a benefit is paid to the end of the month of death
            ends = min(spell.last or date.max, Month.of(died).last)
        granted = spell.granted
        decision = Decision(
            application=application,
            benefit=spell.benefit,
            decided=spell.decided,
            result="granted" if granted else "refused",
            first=spell.first if granted else None,
            last=ends if granted else None,
            amount=spell.amount if granted else None,
            payee=payee,
            terms=self._words(remarks().terms, spell.benefit) if granted and self.rng.random() < _HAS_TERMS else None,
            interruptions=paused,
        )
        if not granted or self.rng.random() >= _CORRECTED:
            return self.add("decision", decision)
        mistyped = decision.model_copy(update={"amount": cents(spell.amount * 10)})
        id_ = self.add("decision", mistyped)
        self.records.append(replace(self.records[-1], body=decision, version=2))
        return id_

    def _application(self, spell: Spell) -> Application:
        if spell.granted is not None:
            return Application(
                benefit=spell.benefit, received=spell.received, stage="decided", stage_since=spell.decided
            )
        stage = self.rng.choice(_STAGES)
        waited = (self.window.last - spell.received).days
        since = spell.received if stage == "received" else spell.received + timedelta(self.rng.randint(0, waited))
        missing = (self._words(remarks().missing, spell.benefit),) if stage == "waiting_attachments" else ()
        return Application(
            benefit=spell.benefit,
            received=spell.received,
            stage=stage,
            estimated_decision=spell.decided,
            stage_since=since,
            missing=missing,
        )

    def _words(self, table: dict[str, tuple[str, ...]], benefit: str) -> str:
        return self.rng.choice(table.get(benefit, table["any"]))
