"""The register and Kela's own claims into the books: open, keep what is needed, share out, tell.

| topic | what is kept |
|---|---|
| register.persons | the day of death |
| register.decisions | to whom it is paid, what was granted |
| register.payments | days, net, to whom it is paid; every client's, for a claim may come later |
| claims.kela | Kela's claims by ToTuL 23 § |

Records of one client are taken in their order, under the locks of everybody whom they concern: of a benefit that is
paid to somebody else than the record's client (a child's benefit to a parent), the payee's too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar

from pydantic import ValidationError

from services.claims.allocating import Bookkeeper, next_day
from services.claims.domain.sharing import REASONS, Fault, period_fault, record_fault
from services.claims.intake import Intake, Replica, Row
from services.claims.store import register
from services.claims.store.claims import lock_clients, written_advances
from services.claims.store.register import DecisionRow, KelaRow, PaymentRow, PersonRow
from shared.bus.messages import Delivered, Outgoing
from shared.bus.sealing import KeyRing, Unsealable
from shared.bus.transaction import Refuse, Tx
from shared.clock.civil import CivilTimeError, Month, helsinki_date
from shared.contracts.base import Contract
from shared.contracts.claims import KelaAdvances, KelaClaim
from shared.contracts.register import Decision, Payment, Person, RegisterRecord

C = TypeVar("C", bound=Contract)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One record, opened: the row that it makes, and when the register sent it."""

    row: Row
    at: datetime


class Feed:
    """Everything that `register.*` and `claims.kela` bring.

    Args:
        ring: The sealing keys.
        keeper: Keeps the books.
    """

    def __init__(self, ring: KeyRing, keeper: Bookkeeper) -> None:
        self._ring = ring
        self._keeper = keeper

    async def on_records(self, tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        """Take records in, in their order, in one transaction.

        Who bears a municipality is asked of the Helsinki day on which each was sent: however they are batched, the
        books are the same.

        Raises:
            Refuse: a record does not open, breaks its schema, or cannot be shared out.
        """
        arrived = [self._opened(message) for message in batch]
        for day, same in groupby(arrived, key=lambda one: helsinki_date(one.at)):
            for event in await self.take(tx, list(same), day):
                tx.publish(event)

    async def take(self, tx: Tx, arrived: Sequence[Arrived], day: date) -> list[Outgoing]:
        """Take opened records in that were sent on one Helsinki day; the events that tell of what they changed."""
        rows = [one.row for one in arrived]
        replica = await _locked(tx, rows)
        known = await self._keeper.load(
            tx,
            sorted(replica.clients() | _named(rows)),
            day,
            set(replica.payments.rows) | {row.id for row in rows if isinstance(row, PaymentRow)},
            arriving={row.client for row in rows if isinstance(row, KelaRow)},
        )
        intake = Intake(replica, known)
        for one in arrived:
            intake.take(one.row, one.at)
        connection = await tx.raw()
        await register.upsert(connection, PersonRow, replica.persons.changed)
        await register.upsert(connection, DecisionRow, replica.decisions.changed)
        await register.upsert(connection, PaymentRow, replica.payments.changed)
        await register.upsert(connection, KelaRow, replica.kela.changed)
        return await self._keeper.write(tx, known, intake.entries)

    def _opened(self, message: Delivered[Contract]) -> Arrived:
        match message.body:
            case RegisterRecord() as record:
                return Arrived(self._record(message, record), message.time)
            case KelaClaim() as claim:
                return Arrived(self._kela(message, claim), message.time)
            case _:
                raise Refuse("unknown_type", f"{message.type} does not belong on this topic")

    def _record(self, message: Delivered[Contract], record: RegisterRecord) -> Row:
        match record.kind:
            case "person":
                person = self._unsealed(Person, record.sealed, message)
                return PersonRow(record.id, record.version, record.client, person.died, record.withdrawn)
            case "decision":
                return _decision(record, self._unsealed(Decision, record.sealed, message))
            case "payment":
                return _payment(record, self._unsealed(Payment, record.sealed, message))
            case _:
                raise Refuse("unknown_type", f"a record of the kind {record.kind} does not belong on this topic")

    def _kela(self, message: Delivered[Contract], claim: KelaClaim) -> KelaRow:
        _check(period_fault(claim.benefit, claim.first, claim.last, claim.decided))
        stated = self._unsealed(KelaAdvances, claim.sealed, message)
        return KelaRow(
            id=claim.id,
            version=claim.version,
            client=claim.client,
            benefit=claim.benefit,
            decided=claim.decided,
            arrived=claim.arrived,
            first=claim.first,
            last=claim.last,
            stops_from=next_day(message.time) if claim.ended else None,
            advances=written_advances({_month(claim, month): euros for month, euros in stated.advances.items()}),
            personal=self._keeper.kela_row(claim.id, stated.client),
        )

    def _unsealed(self, contract: type[C], sealed: str, message: Delivered[Contract]) -> C:
        try:
            return contract.model_validate_json(self._ring.open(sealed, id=message.id, type=message.type))
        except Unsealable as error:
            raise Refuse("unsealable", str(error)) from error
        except ValidationError as error:
            fields = {".".join(map(str, fault["loc"])) or "body" for fault in error.errors(include_input=False)}
            reason = f"the sealed part breaks its schema at: {', '.join(sorted(fields))[:400]}"
            raise Refuse("schema", reason) from None


def _check(fault: Fault | None) -> None:
    if fault is not None:
        raise Refuse(fault, REASONS[fault])


def _month(claim: KelaClaim, text: str) -> Month:
    try:
        month = Month.parse(text)
    except CivilTimeError:
        raise Refuse("implausible", "an advance is for a month that never was") from None
    _check(record_fault(claim.benefit, month.first, month.last))
    return month


def _decision(record: RegisterRecord, decision: Decision) -> DecisionRow:
    if not record.withdrawn:
        _check(record_fault(decision.benefit, decision.first, decision.last, decision.decided))
    return DecisionRow(
        id=record.id,
        version=record.version,
        client=record.client,
        benefit=decision.benefit,
        decided=decision.decided,
        granted=decision.result == "granted",
        first=decision.first,
        last=decision.last,
        payee=decision.payee,
        withdrawn=record.withdrawn,
    )


def _payment(record: RegisterRecord, payment: Payment) -> PaymentRow:
    # A withdrawn one is never refused for its content: the error that it withdraws would stay in the books.
    if not record.withdrawn:
        if payment.net < 0:
            raise Refuse("negative", "the net payment is negative: a reversal is a version with a smaller net")
        _check(period_fault(payment.benefit, payment.first, payment.last, payment.payday))
    return PaymentRow(
        id=record.id,
        version=record.version,
        client=record.client,
        payee=record.client,
        decision=payment.decision,
        benefit=payment.benefit,
        payday=payment.payday,
        first=payment.first,
        last=payment.last,
        net=payment.net,
        paid_to=payment.paid_to,
        withdrawn=record.withdrawn,
        gross=payment.gross,
        withheld=payment.withheld,
    )


def _named(rows: Sequence[Row]) -> set[str]:
    """Whom the records themselves name: their clients, and the payees of decisions."""
    return {row.client for row in rows} | {row.payee for row in rows if isinstance(row, DecisionRow)}


async def _locked(tx: Tx, rows: Sequence[Row]) -> Replica:
    """What is known of the records, once everybody whom they concern is locked.

    Nearly always the records name everybody. Whoever else turns up is locked after them; should that meet another
    transaction in a circle, the database ends one of the two, and its batch is tried again.
    """
    locked = _named(rows)
    await lock_clients(tx.conn, sorted(locked))
    replica = await _read(tx, rows)
    while missing := replica.clients() - locked:
        await lock_clients(tx.conn, sorted(missing))
        locked |= missing
        replica = await _read(tx, rows)
    return replica


async def _read(tx: Tx, rows: Sequence[Row]) -> Replica:
    connection = await tx.raw()
    decided = {row.id for row in rows if isinstance(row, DecisionRow)}
    payments = [row for row in rows if isinstance(row, PaymentRow)]
    known = await register.by_id(connection, PaymentRow, {row.id for row in payments})
    for row in await register.of_decisions(connection, decided):
        known[row.id] = row
    return Replica(
        await register.by_id(connection, PersonRow, {row.id for row in rows if isinstance(row, PersonRow)}),
        await register.by_id(connection, DecisionRow, decided | {row.decision for row in payments}),
        known,
        await register.by_id(connection, KelaRow, {row.id for row in rows if isinstance(row, KelaRow)}),
    )
