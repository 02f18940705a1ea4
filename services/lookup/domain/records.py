"""What a register record must fulfil beyond its schema before it enters the read model.

A record is judged by itself: what it refers to may still be on its way (design 7). A fault never quotes what stands
in the record: it names the field and says what is wrong with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Final, cast

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
    return next(
        chain(_benefit(content), _negative(content), _order(content), _length(content), _when(content, sent)), None
    )


# Tuples and not unions: a union is made anew at each call, and every record of the register passes here.
OF_A_BENEFIT: Final = (Application, Decision, Payment, Recovery)
FOR_DAYS: Final = (Decision, Payment)


def _benefit(content: Content) -> Iterator[Fault]:
    if not isinstance(content, OF_A_BENEFIT):
        return
    known = benefits().get(content.benefit)
    if known is None:
        yield Fault("benefit", "the record names a benefit that this release does not know")
        return
    # An application may come before the benefit begins: basic assistance of 2017 was applied for in 2016.
    days = (content.first, content.last) if isinstance(content, FOR_DAYS) else ()
    if any(day is not None and not known.exists_on(day) for day in days):
        yield Fault("benefit_days", "Kela does not have the benefit on the days that the record is for")


AMOUNTS: Final[Mapping[type[Contract], tuple[str, ...]]] = {
    Decision: ("amount",),
    Payment: ("gross", "withheld", "net"),
    Recovery: ("total", "remaining"),
    Medicine: ("ceiling", "used"),
}
"""Fields in euros; none may be negative: what is taken back is a recovery, not a payment."""


def _negative(content: Content) -> Iterator[Fault]:
    for name in AMOUNTS.get(type(content), ()):
        amount = getattr(content, name)
        if isinstance(amount, Decimal) and amount < 0:
            yield Fault("negative", f"the amount at {name} is negative")
    if isinstance(content, Recovery) and content.remaining > content.total:
        yield Fault("sums", "more is left to recover than there was")


Period = tuple[date | None, date | None, str]


def _periods(content: Content) -> Iterator[Period]:
    """What must not be reversed: the earlier day, the later day, and the fault in words."""
    match content:
        case Application():
            yield content.received, content.estimated_decision, "the decision is expected before the application came"
            yield content.received, content.stage_since, "the stage began before the application came"
        case Decision():
            yield content.first, content.last, "the decision's period ends before it begins"
            for pause in content.interruptions:
                yield pause.first, pause.last, "an interruption ends before it begins"
        case Payment():
            yield content.first, content.last, "the payment's period ends before it begins"
        case Insurance():
            yield content.first, content.last, "the insurance ends before it begins"
        case Notice():
            yield content.decided, helsinki_date(content.created), "the notice was made before its decision"
        case _:
            return


def _order(content: Content) -> Iterator[Fault]:
    for first, last, reason in _periods(content):
        if first is not None and last is not None and last < first:
            yield Fault("reversed", reason)


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


def _length(content: Content) -> Iterator[Fault]:
    if isinstance(content, Payment) and content.last - content.first > LONGEST:
        yield Fault("period", "the payment is for a period of more than ten years")


def _when(content: Content, sent: date) -> Iterator[Fault]:
    for name in HAPPENED.get(type(content), ()):
        happened = cast("date | datetime | None", getattr(content, name))
        day = helsinki_date(happened) if isinstance(happened, datetime) else happened
        if day is not None and day > sent + FARTHEST:
            yield Fault("future", f"the day at {name} lies more than {FARTHEST.days} days ahead")
        if day is not None and day < EARLIEST:
            yield Fault("past", f"the day at {name} lies before {EARLIEST.year}")
