"""Palautus: a municipality that was paid too much gives money back to Kela (V16: paid instalments are not rewritten).

The books say what was paid of each payment and keep saying it; what was given back stands beside them. So no more can
be given back than was paid and is still there, on its own day and on every later one.

A correction that comes after a return may leave the claim less than was given back. It is never paid below nothing:
the rest is owed to the municipality, stands as a task with Kela's handler until Kela has paid it back (hyvitys), and is
less by whatever the claim comes to be paid meanwhile. A refund is a return with its sign turned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.claims.domain import reference, work_refusals
from services.claims.domain.act_refusals import AMOUNT
from services.claims.domain.allocation import NOTHING
from services.claims.domain.lifecycle import GIVING_BACK, Act
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Returned, Situation, Stated, Took
from shared.contracts.asking import ReturnStated
from shared.contracts.base import Refusal
from shared.finnish.errors import FormatError
from shared.money import MoneyError, parse_amount


def read(stated: ReturnStated) -> Returned | Refusal:
    """What was typed of a return, or what of it cannot be."""
    try:
        amount = parse_amount(stated.amount)
    except MoneyError:
        return AMOUNT
    if amount <= 0:
        return AMOUNT
    if stated.day is None:
        return work_refusals.RETURN_DAY
    try:
        return Returned(amount, stated.day, reference.parse(stated.reference))
    except FormatError:
        return work_refusals.RETURN_REFERENCE


@dataclass(frozen=True, slots=True)
class Balance:
    """What a claim was paid and has still; `owed` is what its municipality gave back beyond that."""

    paid: Decimal
    owed: Decimal


def balance(paid: Decimal, returned: Decimal) -> Balance:
    """What is left of what was paid, less what was given back; never below zero on either side."""
    return Balance(max(paid - returned, NOTHING), max(returned - paid, NOTHING))


def give_back(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """The claim as it was, for what was paid stays paid; a refusal when the return cannot be."""
    if stated.returned is None:
        return work_refusals.RETURN_MISSING
    if not stated.reason:
        return work_refusals.RETURN_REASON
    if stated.returned.day > at.day:
        return work_refusals.RETURN_DAY
    if stated.returned.amount > still_there(at.paid, at.returned, stated.returned.day):
        return work_refusals.RETURN_TOO_MUCH
    return claim


def refund(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """The claim as it was, for nothing but the balance changes; a refusal when Kela owes no such sum."""
    if stated.returned is None:
        return work_refusals.REFUND_MISSING
    if not stated.reason:
        return work_refusals.RETURN_REASON
    if stated.returned.day > at.day:
        return work_refusals.RETURN_DAY
    # One that was paid back on an earlier day than the last return would be owed before it was given.
    last = max((one.day for one in at.returned), default=None)
    owed = -still_there(at.paid, at.returned, at.day)
    if stated.returned.amount > owed or last is None or stated.returned.day < last:
        return work_refusals.REFUND_TOO_MUCH
    return claim


def noted(what: Act, stated: Returned | None) -> Returned | None:
    """What an act adds to what was given back: a return, or with its sign turned a refund."""
    if stated is None or what not in GIVING_BACK:
        return None
    return replace(stated, amount=-stated.amount) if what is Act.REFUND else stated


def still_there(paid: Sequence[Took], returned: Sequence[Returned], day: date) -> Decimal:
    """How much can be given back on a day, so that neither then nor later more was given back than had been paid."""
    days = {day, *(one.day for one in returned if one.day > day)}
    return min(_paid_by(paid, until) - _returned_by(returned, until) for until in days)


def _paid_by(paid: Sequence[Took], day: date) -> Decimal:
    return sum((one.amount for one in paid if one.payday <= day), NOTHING)


def _returned_by(returned: Sequence[Returned], day: date) -> Decimal:
    return sum((one.amount for one in returned if one.day <= day), NOTHING)
