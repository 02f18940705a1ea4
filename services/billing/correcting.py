"""Corrects closed periods: a credit note at once, a line on the next invoice, or only a record of 0.00.

The next invoice is that of the agreement that pays now: use of a municipality merged away is charged to its successor
(golden G9). Where no invoice will come, or on request, a document of corrections alone is issued.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData
from services.billing.differing import Own, differences
from services.billing.domain.books import NoPriceBookError
from services.billing.domain.composing import CORRECTION, ExtraLine, Heading, extra_invoice, month_heading
from services.billing.domain.corrections import Difference, Key, line_text, take_back
from services.billing.domain.invoice import Charged
from services.billing.domain.texts import LINES
from services.billing.facts import name_of, paying_agreement
from services.billing.issuing import Desk, credit, desk, issue, numbering, payer_or_parked, publish
from services.billing.runs import Correction, Run
from services.billing.store import charges, invoices, ratings
from services.billing.store.ratings import Rating
from shared.clock.civil import Month
from shared.contracts.base import Text
from shared.contracts.billing import CorrectionRecorded
from shared.money import ZERO


@dataclass(slots=True)
class Waiting:
    """What is still to be charged for closed periods, by the agreement whose next invoice carries it."""

    at: Desk
    by_agreement: dict[str, list[Difference]] = field(default_factory=dict)

    def lines(self, agreement: str) -> list[ExtraLine]:
        """The lines that an agreement's invoice is to carry."""
        return [charge_line(self.at, found) for found in self.by_agreement.get(agreement, [])]

    async def carried(self, agreement: str, document: str) -> None:
        """Record that an invoice carried its agreement's lines."""
        for found in self.by_agreement.pop(agreement, []):
            await record(self.at, found, "invoiced", document)

    def leave(self) -> None:
        """Say what still waits at the end of a run."""
        for found in (one for many in self.by_agreement.values() for one in many):
            self.at.run.corrections.append(_told(found, found.charged, "waits", None))


async def correct(conn: AsyncConnection, prices: PriceData, now: datetime, *, issue_now: bool) -> Run:
    """Correct every closed period without closing one.

    Args:
        conn: A closing transaction.
        prices: Books and products.
        now: The business clock.
        issue_now: Charge at once, on documents of their own, what would wait for the next invoices.
    """
    at = await desk(conn, prices, Run("", "corrections"), now)
    waiting = await correct_closed(at, None)
    if issue_now:
        for agreement in sorted(waiting.by_agreement):
            await _issue_alone(at, agreement, waiting)
    waiting.leave()
    return at.run


async def correct_closed(at: Desk, own: Own | None) -> Waiting:
    """Rate all closed periods again; give back and record at once, and gather what the next invoices carry."""
    waiting = Waiting(at)
    alone: set[str] = set()
    async for found in differences(at, own):
        if found.amount < 0:
            await give_back(at, found)
        elif not found.amount:
            await record(at, found, "recorded", None)
        else:
            payer = _payer_of(at, found)
            waiting.by_agreement.setdefault(payer or found.key.agreement, []).append(found)
            if payer is None:
                alone.add(found.key.agreement)
    for agreement in sorted(alone):
        await _issue_alone(at, agreement, waiting)
    return waiting


async def give_back(at: Desk, found: Difference) -> None:
    """Issue credit notes against the documents that charged for a period; they never exceed what these said."""
    parts = {code: -part for code, part in found.parts.items()}
    taken = take_back(-found.amount, parts, await charges.carriers(at.conn, found.keys))
    step = found
    for one in taken:
        invoice = await invoices.find(at.conn, one.carrier.number)
        if invoice is None:
            raise RuntimeError(f"{one.carrier.number} has vanished.")
        book = at.book(found.key.book)
        line = replace(
            charge_line(at, found),
            charged=one.carrier.charged,
            calculation=f"{_calculation(found)}; {invoice.number}: {-one.amount}",
            amount=-one.amount,
            parts={code: -part for code, part in one.parts.items()},
        )
        note = await credit(at, invoice, [line], book, "correction")
        await record(at, step, "credited", note.number)
        step = replace(step, charged=step.charged - one.amount)
    if step.amount:
        # Decisions on rectification have given back so much that the documents cannot be credited further.
        await record(at, step, "recorded", None, given_back=-step.amount)


async def record(
    at: Desk,
    found: Difference,
    outcome: Literal["invoiced", "credited", "recorded"],
    document: str | None,
    *,
    given_back: Decimal = ZERO,
) -> None:
    """Store a correction and announce it, also one of 0.00."""
    key = found.key
    rating = Rating(key, True, found.basis, found.rated, found.charged, given_back, document, at.known_until)  # noqa: FBT003 - a row
    ordinal = await ratings.add_rating(at.conn, rating, at.now)
    event = CorrectionRecorded(
        agreement=key.agreement,
        price_book=key.book,
        period=key.period,
        time=at.now,
        rated=found.rated,
        charged=found.charged,
        document=document,
    )
    await publish(at, key.agreement, ("correction-recorded", *key, str(ordinal)), event)
    at.run.corrections.append(_told(found, found.charged, outcome, document))


async def first_rating(at: Desk, key: Key, basis: str, rated: Decimal, document: str) -> None:
    """Store what a period's own invoice was rated by: a later change of use is then seen even if it costs nothing."""
    row = Rating(key, False, basis, rated, ZERO, ZERO, document, at.known_until)  # noqa: FBT003 - a row
    await ratings.add_rating(at.conn, row, at.now)


def charge_line(at: Desk, found: Difference) -> ExtraLine:
    """A correction as a line of a document."""
    agreement = at.directory.agreement(found.key.agreement)
    name = name_of(at.directory, agreement) if agreement else Text(fi="", sv="", en="")
    return ExtraLine(
        charged=found.key.charged,
        why="correction",
        text=line_text(name, found.key.period, LINES[CORRECTION]),
        calculation=_calculation(found),
        amount=found.amount,
        parts=found.parts,
        book=at.book(found.key.book),
    )


async def _issue_alone(at: Desk, agreement_id: str, waiting: Waiting) -> None:
    agreement = at.directory.agreement(agreement_id)
    payer = payer_or_parked(at, agreement, agreement_id)
    lines = waiting.lines(agreement_id)
    if payer is None:
        return
    last = max(lines, key=lambda line: line.charged.period)
    days = [_days(line.charged) for line in lines]
    number = await numbering(at, "correction")
    base = month_heading(number, payer, agreement_id, last.book, Month.of(at.today), at.now)
    heading: Heading = replace(
        base,
        period=last.charged.period,
        first_day=min(first for first, _ in days),
        last_day=max(last_day for _, last_day in days),
    )
    await issue(at, extra_invoice(heading, lines))
    await waiting.carried(agreement_id, number.number)


def _payer_of(at: Desk, found: Difference) -> str | None:
    """The agreement whose next invoice carries it; None when no invoice will come."""
    agreement = at.directory.agreement(found.key.agreement)
    paying = paying_agreement(at.directory, agreement, at.today) if agreement else None
    try:
        charges_nothing = at.prices.books.at(at.today, at.now).charges == "nothing"
    except NoPriceBookError:
        charges_nothing = True
    return None if paying is None or charges_nothing else paying.id


def _days(charged: Charged) -> tuple[date, date]:
    year, instalments, _ = charged.period.partition("/")
    if instalments:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    month = Month.parse(charged.period)
    return month.first, month.last


def _calculation(found: Difference) -> str:
    return f"{found.rated} - {found.charged} = {found.amount}"


def _told(
    found: Difference,
    charged: Decimal,
    outcome: Literal["waits", "invoiced", "credited", "recorded"],
    document: str | None,
) -> Correction:
    key = found.key
    return Correction(key.agreement, key.book, key.period, charged, found.rated, outcome, document)
