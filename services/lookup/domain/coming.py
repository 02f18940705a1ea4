"""Coming payments: what the paydays ahead bring by the granted decisions, as far as anybody can know today."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.lookup.domain.found import Recorded
from services.lookup.domain.scope import Filter
from shared.clock.civil import Month
from shared.contracts.answers import ComingPayment
from shared.contracts.register import Decision, Payment
from shared.finnish.benefits import benefit
from shared.finnish.errors import FormatError
from shared.finnish.paydays import Payday, has_fixed_payday, paydays_between

AHEAD_MONTHS: Final = 2
"""How far ahead paydays are shown (assumed): further ahead decisions are too likely to change."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Outlook:
    day: date
    surname: str | None

    @property
    def until(self) -> date:
        month = Month.of(self.day).plus(AHEAD_MONTHS)
        return date(month.year, month.month, min(self.day.day, month.length))


def coming(
    decisions: Iterable[Recorded[Decision]],
    payments: Sequence[Payment],
    day: date,
    *,
    surname: str | None = None,
    chosen: Filter | None = None,
) -> tuple[ComingPayment, ...]:
    """The payments to come within two months, soonest first, those without a fixed payday last.

    Args:
        decisions: The decisions that are shown.
        payments: The payments that are shown: one with a payday ahead comes as it stands in the register, and what
            a payment has paid or will pay already is not told a second time by its decision.
        day: Today.
        surname: The client's, on which the payday of some benefits depends; those paid to others have none here.
        chosen: The period that the worker asked for.
    """
    outlook = _Outlook(day, surname)
    rows = [
        ComingPayment(benefit=payment.benefit, payday=payment.payday, amount=format(payment.gross, "f"))
        for payment in payments
        if payment.payday > day
    ]
    paid: dict[str, list[Payment]] = {}
    for payment in payments:
        paid.setdefault(payment.decision, []).append(payment)
    for decision in decisions:
        rows += _of(decision.body, paid.get(decision.id, ()), outlook)
    asked = [row for row in rows if row.payday is None or chosen is None or chosen.touches(row.payday, row.payday)]
    return tuple(sorted(asked, key=lambda row: (row.payday is None, row.payday or day, row.benefit)))


def _of(decision: Decision, paid: Sequence[Payment], outlook: _Outlook) -> Iterator[ComingPayment]:
    if decision.result != "granted":
        return
    first = decision.first or decision.decided
    try:
        fixed = has_fixed_payday(decision.benefit, Month.of(outlook.day))
        paydays = list(paydays_between(decision.benefit, outlook.day + _DAY, outlook.until, outlook.surname))
    except FormatError:  # the payday depends on a surname that is not known
        fixed, paydays = False, []
    if not fixed and not paydays:
        if _runs(decision, first, outlook.day) and not _settled(decision, paid, outlook.day):
            yield ComingPayment(benefit=decision.benefit, payday=None, amount=None)
        return
    for payday in paydays:
        if not any(payday.overlaps(payment.first, payment.last) for payment in paid):
            row = _on(decision, first, payday)
            if row is not None:
                yield row


def _on(decision: Decision, first: date, payday: Payday) -> ComingPayment | None:
    """What a payday brings: the decision's amount for a whole month, an amount not known yet for a part of one."""
    begins, ends = max(first, payday.first), payday.last if decision.last is None else min(decision.last, payday.last)
    if ends < begins:
        return None
    if any(i.first <= begins and (i.last is None or i.last >= ends) for i in decision.interruptions):
        return None
    whole = (begins, ends) == (payday.first, payday.last)
    whole = whole and not any(payday.overlaps(i.first, i.last) for i in decision.interruptions)
    monthly = benefit(decision.benefit).rhythm == "monthly"
    amount = format(decision.amount, "f") if whole and monthly and decision.amount is not None else None
    return ComingPayment(benefit=decision.benefit, payday=payday.day, amount=amount)


def _runs(decision: Decision, first: date, day: date) -> bool:
    """Whether the decision is in force on the day and not interrupted."""
    if day < first or (decision.last is not None and day > decision.last):
        return False
    return not any(i.first <= day and (i.last is None or day <= i.last) for i in decision.interruptions)


def _settled(decision: Decision, paid: Sequence[Payment], day: date) -> bool:
    """Whether nothing but known payments is to be expected: one is ahead, or what is paid for once was paid."""
    ahead = any(payment.payday > day for payment in paid)
    return ahead or (bool(paid) and benefit(decision.benefit).rhythm == "once")
