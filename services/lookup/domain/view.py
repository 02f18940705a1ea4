"""What of a client's records is shown: trimmed by agreement and role, newest first, what is left out counted.

Nobody may take absence for "there is none": every record that is known but not shown is counted with its reason.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from services.lookup.domain import rows as row_of
from services.lookup.domain.found import Found, Recorded
from services.lookup.domain.income import LONGEST_MONTHS, month_count
from services.lookup.domain.scope import Filter, Scope, Why
from shared.contracts.answers import (
    ClaimRow,
    DecisionRow,
    InsuranceRow,
    InterruptionRow,
    MedicineRow,
    PaymentRow,
    Pending,
    RecoveryRow,
    Trimmed,
)
from shared.contracts.base import Contract, DataGroup
from shared.contracts.register import Application, Decision, Kind, Payment

LARGEST_VIEW: Final = 360_000
"""Bytes of JSON: sealed and in base64 the reply stays below 512 kB."""
_INCOME_BYTES: Final = 200
"""What one month of one payment adds to the income summary, at most."""
_COMING_BYTES: Final = 100
"""What one coming payment takes, at most; a decision has at most three, a payment itself one."""

_WITHDRAWN: Final[dict[Kind, DataGroup]] = {
    "application": DataGroup.PENDING,
    "decision": DataGroup.DECISIONS,
    "payment": DataGroup.PAYMENTS,
    "insurance": DataGroup.INSURANCE,
    "recovery": DataGroup.RECOVERY,
    "medicine": DataGroup.MEDICINE,
}
INTERRUPTIONS: Final = "interruptions"
"""Interruptions stand within decisions and have no data group of their own; left out, they are counted by this."""

R = TypeVar("R", bound=Contract)
C = TypeVar("C", bound=Contract)
LeftOut = Counter[tuple[str, Why]]


@dataclass(frozen=True, slots=True)
class _Line(Generic[C]):
    group: DataGroup
    record: Recorded[C]
    row: Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of the person page and what stands behind them."""

    pending: tuple[Pending, ...]
    decisions: tuple[DecisionRow, ...]
    payments: tuple[PaymentRow, ...]
    claims: tuple[ClaimRow, ...]
    insurance: tuple[InsuranceRow, ...]
    recovery: tuple[RecoveryRow, ...]
    medicine: tuple[MedicineRow, ...]
    interruptions: tuple[InterruptionRow, ...]
    trimmed: tuple[Trimmed, ...]
    shown: dict[DataGroup, int]
    """Records shown, for every group that is open, zeros too."""
    records: tuple[str, ...]
    """Ids of the records shown."""
    decided: tuple[Recorded[Decision], ...]
    """The decisions that are shown, for what follows from them."""
    paid: tuple[Payment, ...]
    """The payments that are shown."""
    chosen: Filter
    """What the worker asked for."""


def arrange(found: Found, scope: Scope, *, largest: int = LARGEST_VIEW) -> Rows:
    """Choose, order and count what is shown.

    Args:
        found: Everything known of the client.
        scope: How much of it may be seen.
        largest: Bytes of JSON that the view may take; the oldest payments go first, then the groups before them.
    """
    left_out: LeftOut = Counter(
        {
            (_WITHDRAWN[kind].value, "withdrawn"): count
            for kind, count in found.withdrawn.items()
            if kind in _WITHDRAWN and _WITHDRAWN[kind] in scope.groups and count
        }
    )
    lines = _fit(_chosen(found, scope, left_out), largest, left_out)
    decided = tuple(Recorded(line.record.id, body) for line in lines if isinstance(body := line.record.body, Decision))
    interruptions = _interruptions(decided, scope, left_out)
    return Rows(
        pending=_rows(lines, Pending),
        decisions=_rows(lines, DecisionRow),
        payments=_rows(lines, PaymentRow),
        claims=_rows(lines, ClaimRow),
        insurance=_rows(lines, InsuranceRow),
        recovery=_rows(lines, RecoveryRow),
        medicine=_rows(lines, MedicineRow),
        interruptions=interruptions,
        trimmed=tuple(
            Trimmed(group=group, count=count, why=why) for (group, why), count in sorted(left_out.items()) if count
        ),
        shown={group: sum(line.group is group for line in lines) for group in DataGroup if group in scope.groups},
        records=tuple(f"{line.group.value}:{line.record.id}" for line in lines),
        decided=decided,
        paid=tuple(body for line in lines if isinstance(body := line.record.body, Payment)),
        chosen=scope.chosen,
    )


def waiting(found: Found) -> list[Recorded[Application]]:
    """The applications that no decision answers yet."""
    answered = {decision.body.application for decision in found.decisions}
    return [a for a in found.applications if a.body.stage != "decided" and a.id not in answered]


def _chosen(found: Found, scope: Scope, left_out: LeftOut) -> list[_Line[Contract]]:
    """The lines that scope lets pass, each group newest first, the groups in the order of what is worth keeping."""
    kept: list[_Line[Contract]] = []

    def keep(
        group: DataGroup, records: Iterable[Recorded[C]], row: Callable[[C], Contract], key: Callable[[C], date | int]
    ) -> None:
        for record in sorted(records, key=lambda record: (key(record.body), record.id), reverse=True):
            why = scope.why_not(group, record.body)
            if why is None:
                kept.append(_Line(group, Recorded(record.id, record.body), row(record.body)))
            else:
                left_out[group.value, why] += 1

    keep(DataGroup.PENDING, waiting(found), row_of.pending, lambda a: a.received)
    keep(DataGroup.DECISIONS, found.decisions, row_of.decision, lambda d: d.decided)
    keep(DataGroup.CLAIMS, found.claims, row_of.claim, lambda c: c.first)
    keep(DataGroup.RECOVERY, found.recoveries, row_of.recovery, lambda r: r.decided)
    keep(DataGroup.INSURANCE, found.insurance, row_of.insurance, lambda i: i.first)
    keep(DataGroup.MEDICINE, found.medicine, row_of.medicine, lambda m: m.year)
    keep(DataGroup.PAYMENTS, found.payments, row_of.payment, lambda p: p.payday)
    return kept


def _fit(lines: Sequence[_Line[Contract]], largest: int, left_out: LeftOut) -> list[_Line[Contract]]:
    """The lines that fit, in order."""
    fitting: list[_Line[Contract]] = []
    size = 0
    for line in lines:
        size += _size(line)
        if size <= largest:
            fitting.append(line)
        else:
            left_out[line.group.value, "size"] += 1
    return fitting


def _size(line: _Line[Contract]) -> int:
    """Bytes of a row and, at most, of what is told because it is shown: income, coming payments, interruptions."""
    size, body = len(line.row.model_dump_json().encode()) + 1, line.record.body
    match body:
        case Payment():
            return size + _COMING_BYTES + _INCOME_BYTES * min(month_count(body), LONGEST_MONTHS)
        case Decision():
            told = (row_of.interruption(body.benefit, i).model_dump_json() for i in body.interruptions)
            return size + 3 * _COMING_BYTES + sum(len(row.encode()) + 1 for row in told)
        case _:
            return size


def _interruptions(
    decided: Iterable[Recorded[Decision]], scope: Scope, left_out: LeftOut
) -> tuple[InterruptionRow, ...]:
    """Interruptions of the decisions that are shown, newest first."""
    rows: list[InterruptionRow] = []
    for decision in decided:
        for interruption in decision.body.interruptions:
            why = scope.why_not_interruption(decision.body.benefit, interruption)
            if why is None:
                rows.append(row_of.interruption(decision.body.benefit, interruption))
            else:
                left_out[INTERRUPTIONS, why] += 1
    return tuple(sorted(rows, key=lambda row: (row.first, row.benefit), reverse=True))


def _rows(lines: Iterable[_Line[Contract]], kind: type[R]) -> tuple[R, ...]:
    return tuple(line.row for line in lines if isinstance(line.row, kind))
