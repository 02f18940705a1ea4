"""What of a client's records is shown: trimmed by agreement and role, newest first, what is left out counted.

Nobody may take absence for "there is none": every record that is known but not shown is counted with its reason.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, Literal, TypeVar

from services.lookup.domain.found import Found, Recorded
from shared.clock.civil import Month
from shared.contracts.answers import ClaimRow, DecisionRow, PaymentRow, Pending, Trimmed
from shared.contracts.base import Contract, DataGroup
from shared.contracts.register import Application, Decision, Payment

LARGEST_VIEW: Final = 360_000
"""Bytes of JSON: sealed and in base64 the reply stays below 512 kB."""

Why = Literal["window", "benefit", "group", "size"]
R = TypeVar("R", bound=Contract)
C = TypeVar("C", bound=Contract)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """How much may be seen.

    Attributes:
        groups: Data groups open to both the worker's roles and the agreement.
        benefits: Benefit codes that the agreement covers; None for all.
        since: First day of the agreement's window: older decisions and payments are not shown.
    """

    groups: frozenset[DataGroup]
    benefits: frozenset[str] | None
    since: date


@dataclass(frozen=True, slots=True)
class _Line:
    group: DataGroup
    id: str
    row: Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of the person page and what stands behind them."""

    pending: tuple[Pending, ...]
    decisions: tuple[DecisionRow, ...]
    payments: tuple[PaymentRow, ...]
    claims: tuple[ClaimRow, ...]
    trimmed: tuple[Trimmed, ...]
    shown: dict[DataGroup, int]
    """Records shown, for every group that is open, zeros too."""
    records: tuple[str, ...]
    """Ids of the records shown."""


def window_start(day: date, months: int) -> date:
    """The first day of the window that looks back so many months: the same day of the month, or its last."""
    month = Month.of(day).plus(-months)
    return date(month.year, month.month, min(day.day, month.length))


def arrange(found: Found, scope: Scope, *, largest: int = LARGEST_VIEW) -> Rows:
    """Choose, order and count what is shown.

    Args:
        found: Everything known of the client.
        scope: How much of it may be seen.
        largest: Bytes of JSON that the rows may take; the oldest payments go first, then decisions.
    """
    left_out: list[tuple[DataGroup, Why]] = []
    decided = {decision.body.application for decision in found.decisions}
    waiting = [a for a in found.applications if a.body.stage != "decided" and a.id not in decided]
    kept = [
        *_keep(DataGroup.PENDING, waiting, _pending, scope, left_out, key=lambda a: a.received),
        *_keep(DataGroup.DECISIONS, found.decisions, _decision, scope, left_out, key=lambda d: d.decided),
        *_keep(DataGroup.CLAIMS, found.claims, lambda claim: claim, scope, left_out, key=lambda c: c.first),
        *_keep(DataGroup.PAYMENTS, found.payments, _payment, scope, left_out, key=lambda p: p.payday),
    ]
    lines = _fit(kept, largest, left_out)
    shown = {group: sum(line.group is group for line in lines) for group in DataGroup if group in scope.groups}
    return Rows(
        pending=_rows(lines, Pending),
        decisions=_rows(lines, DecisionRow),
        payments=_rows(lines, PaymentRow),
        claims=_rows(lines, ClaimRow),
        trimmed=_count(left_out),
        shown=shown,
        records=tuple(f"{line.group.value}:{line.id}" for line in lines),
    )


def _keep(
    group: DataGroup,
    records: Iterable[Recorded[C]],
    row_of: Callable[[C], Contract],
    scope: Scope,
    left_out: list[tuple[DataGroup, Why]],
    *,
    key: Callable[[C], date],
) -> list[_Line]:
    kept: list[_Line] = []
    for record in sorted(records, key=lambda record: (key(record.body), record.id), reverse=True):
        why = _why_not(group, record.body, scope)
        if why is None:
            kept.append(_Line(group, record.id, row_of(record.body)))
        else:
            left_out.append((group, why))
    return kept


def _why_not(group: DataGroup, body: Contract, scope: Scope) -> Why | None:
    if group not in scope.groups:
        return "group"
    match body:
        case Application() | Decision() | Payment() if (
            scope.benefits is not None and body.benefit not in scope.benefits
        ):
            return "benefit"
        case Decision() if not _reaches(body, scope.since):
            return "window"
        case Payment() if body.payday < scope.since:
            return "window"
        case _:
            return None


def _reaches(decision: Decision, since: date) -> bool:
    """Whether a decision was made within the window, or is in force in it: an old one may still pay today."""
    if decision.decided >= since:
        return True
    return decision.result == "granted" and (decision.last is None or decision.last >= since)


def _fit(lines: Sequence[_Line], largest: int, left_out: list[tuple[DataGroup, Why]]) -> list[_Line]:
    """The lines that fit, in order; groups stand in the order in which they are worth keeping."""
    fitting: list[_Line] = []
    size = 0
    for line in lines:
        size += len(line.row.model_dump_json().encode()) + 1
        if size <= largest:
            fitting.append(line)
        else:
            left_out.append((line.group, "size"))
    return fitting


def _rows(lines: Iterable[_Line], kind: type[R]) -> tuple[R, ...]:
    return tuple(line.row for line in lines if isinstance(line.row, kind))


def _count(left_out: Iterable[tuple[DataGroup, Why]]) -> tuple[Trimmed, ...]:
    return tuple(
        Trimmed(group=group.value, count=len(list(same)), why=why) for (group, why), same in groupby(sorted(left_out))
    )


def _pending(application: Application) -> Pending:
    return Pending(
        benefit=application.benefit,
        received=application.received,
        stage=application.stage,
        estimated_decision=application.estimated_decision,
    )


def _decision(decision: Decision) -> DecisionRow:
    return DecisionRow(
        benefit=decision.benefit,
        result=decision.result,
        first=decision.first,
        last=decision.last,
        amount=None if decision.amount is None else format(decision.amount, "f"),
        decided=decision.decided,
    )


def _payment(payment: Payment) -> PaymentRow:
    return PaymentRow(
        benefit=payment.benefit,
        payday=payment.payday,
        first=payment.first,
        last=payment.last,
        gross=format(payment.gross, "f"),
        withheld=format(payment.withheld, "f"),
        net=format(payment.net, "f"),
        paid_to=payment.paid_to,
    )
