"""What a register record must fulfil beyond its schema before it enters the read model.

A record is judged by itself: what it refers to may still be on its way (design 7). A fault never quotes what stands
in the record: it names the field and says what is wrong with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from pydantic import ValidationError

from shared.clock.civil import helsinki_date
from shared.contracts.base import Contract
from shared.contracts.register import (
    Application,
    Decision,
    Insurance,
    Kind,
    Medicine,
    Notice,
    Payment,
    Person,
    Recovery,
)
from shared.finnish.benefits import benefits
from shared.money import MoneyError

if TYPE_CHECKING:
    from decimal import Decimal

Content = Person | Application | Decision | Payment | Insurance | Recovery | Medicine | Notice

CONTENT: Final[Mapping[Kind, type[Content]]] = {
    "person": Person,
    "application": Application,
    "decision": Decision,
    "payment": Payment,
    "insurance": Insurance,
    "recovery": Recovery,
    "medicine": Medicine,
    "notice": Notice,
}
"""What stands inside a record of each kind."""

FARTHEST: Final = timedelta(days=400)
"""How far after the record was sent a day may lie on which something happens (assumed): a year's paydays are known
ahead, a later day is a slip of the year."""

EARLIEST: Final = date(1900, 1, 1)
"""No day on which something happens lies before it (assumed): nobody of whom Kela holds a record lived then."""

LONGEST: Final = timedelta(days=10 * 366)
"""The longest period that one payment may be for (assumed): arrears of several years are paid at once, of more than ten
they are a slip of the year."""

OWN_FAULTS: Final = frozenset({"sums", "recovered", "reversed"})
"""Faults that a contract's own rules name (`shared.contracts.register`)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record cannot be taken in: a code of the quarantine and the reason in plain words."""

    code: str
    reason: str


def fault_of(error: ValidationError) -> Fault:
    """What is wrong with a record that its contract refused; nothing of its content is told."""
    faults = error.errors(include_input=False, include_url=False)
    for fault in faults:
        where = ".".join(map(str, fault["loc"])) or "body"
        if fault["type"] in OWN_FAULTS:
            return Fault(fault["type"], fault["msg"])
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, MoneyError) and cause.code == "money.decimals":
            return Fault("decimals", f"more than two decimals at: {where}")
    fields = sorted({".".join(map(str, fault["loc"])) or "body" for fault in faults})
    return Fault("schema", f"the sealed record breaks its schema at: {', '.join(fields)[:400]}")


def check(content: Content, sent: date) -> Fault | None:
    """Judge a record that its contract has read.

    Args:
        content: What stood inside.
        sent: Helsinki day on which the register sent it: "in the future" is measured from there, so that reading the
            topic again years later judges the same.

    Returns:
        The first fault, or None.
    """
    for judge in JUDGES:
        fault = judge(content, sent)
        if fault is not None:
            return fault
    return None


# Tuples and not unions: a union is made anew at each call, and every record of the register passes here.
OF_A_BENEFIT: Final = (Application, Decision, Payment, Recovery)
FOR_DAYS: Final = (Decision, Payment)


def _benefit(content: Content, _: date) -> Fault | None:
    if not isinstance(content, OF_A_BENEFIT):
        return None
    # An application may come before the benefit begins: basic assistance of 2017 was applied for in 2016.
    first, last = (content.first, content.last) if isinstance(content, FOR_DAYS) else (None, None)
    return _exists(content.benefit, first, last)


@lru_cache(maxsize=50_000)
def _exists(benefit: str, first: date | None, last: date | None) -> Fault | None:
    known = benefits().get(benefit)
    if known is None:
        return Fault("benefit", "the record names a benefit that this release does not know")
    if any(day is not None and not known.exists_on(day) for day in (first, last)):
        return Fault("benefit_days", "Kela does not have the benefit on the days that the record is for")
    return None


AMOUNTS: Final[Mapping[type[Contract], tuple[str, ...]]] = {
    Decision: ("amount",),
    Payment: ("gross", "withheld", "net"),
    Recovery: ("total", "remaining"),
    Medicine: ("ceiling", "used"),
}
"""Fields in euros; none may be negative: what is taken back is a recovery, not a payment."""


def _negative(content: Content, _: date) -> Fault | None:
    for name in AMOUNTS.get(type(content), ()):
        amount = cast("Decimal | None", getattr(content, name))
        if amount is not None and amount < 0:
            return Fault("negative", f"the amount at {name} is negative")
    if isinstance(content, Recovery) and content.remaining > content.total:
        return Fault("sums", "more is left to recover than there was")
    return None


PERIODS: Final[Mapping[type[Contract], tuple[tuple[str, str, str], ...]]] = {
    Application: (
        ("received", "estimated_decision", "the decision is expected before the application came"),
        ("received", "stage_since", "the stage began before the application came"),
    ),
    Decision: (("first", "last", "the decision's period ends before it begins"),),
    Payment: (("first", "last", "the payment's period ends before it begins"),),
    Insurance: (("first", "last", "the insurance ends before it begins"),),
}
"""What must not be reversed: the field of the earlier day, that of the later one, and the fault in words."""


def _order(content: Content, _: date) -> Fault | None:
    for earlier, later, reason in PERIODS.get(type(content), ()):
        if _reversed(getattr(content, earlier), getattr(content, later)):
            return Fault("reversed", reason)
    if isinstance(content, Decision) and any(_reversed(pause.first, pause.last) for pause in content.interruptions):
        return Fault("reversed", "an interruption ends before it begins")
    if isinstance(content, Notice) and _reversed(content.decided, helsinki_date(content.created)):
        return Fault("reversed", "the notice was made before its decision")
    return None


def _reversed(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and last < first


HAPPENED: Final[Mapping[type[Contract], tuple[str, ...]]] = {
    Person: ("died",),
    Application: ("received", "stage_since"),
    Decision: ("decided",),
    Payment: ("payday",),
    Recovery: ("decided",),
    Medicine: ("reached",),
    Notice: ("created", "decided"),
}
"""Days on which something happens, by kind; the ends of periods may lie as far ahead as they like."""


def _length(content: Content, _: date) -> Fault | None:
    if isinstance(content, Payment) and content.last - content.first > LONGEST:
        return Fault("period", "the payment is for a period of more than ten years")
    return None


def _when(content: Content, sent: date) -> Fault | None:
    for name in HAPPENED.get(type(content), ()):
        happened = cast("date | datetime | None", getattr(content, name))
        day = helsinki_date(happened) if isinstance(happened, datetime) else happened
        if day is not None and day > sent + FARTHEST:
            return Fault("future", f"the day at {name} lies more than {FARTHEST.days} days ahead")
        if day is not None and day < EARLIEST:
            return Fault("past", f"the day at {name} lies before {EARLIEST.year}")
    return None


JUDGES: Final[tuple[Callable[[Content, date], Fault | None], ...]] = (_benefit, _negative, _order, _length, _when)
"""In the order in which a fault is told."""
