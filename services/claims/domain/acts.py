"""What an act does to a claim: the next version, or why it is not done. The table of states is `lifecycle.py`.

A claim is never edited over what was paid by it: of paid instalments a change or an end says nothing new, and what
was paid too much goes the way of a correction (V16).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from services.claims.domain import act_refusals as refusals
from services.claims.domain.allocation import NOTHING, CareFee
from services.claims.domain.facts import ExistingClaim
from services.claims.domain.lifecycle import Act, Party, move
from services.claims.domain.payday import timing
from services.claims.domain.registration import Claim
from services.claims.domain.rules import v07_advance_months
from shared.clock.civil import Month, helsinki_date
from shared.contracts.asking import ClaimCommand
from shared.contracts.base import Refusal
from shared.contracts.claims import ClaimState, Ground
from shared.money import MoneyError, parse_amount

SHORTEST_HEARING: Final = timedelta(days=7)
LONGEST_HEARING: Final = timedelta(days=90)
"""L 434/2003 33 §: a reasonable time; its bounds in days are assumed."""
LEAST_REASONS: Final = 10
"""L 434/2003 45 §: a decision gives its reasons; that many characters is assumed to be the least that says anything."""


@dataclass(frozen=True, slots=True)
class Took:
    """What the claim took of one payment for one month: `last` is the last day of the month that was paid for."""

    payday: date
    month: Month
    last: date
    amount: Decimal
    held: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """What comes with an act."""

    last: date | None = None
    deadline: date | None = None
    reason: str = ""
    advances: Mapping[Month, Decimal] = field(default_factory=dict)
    care: tuple[Month, CareFee] | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What an act is judged by besides the claim.

    Attributes:
        by: Who acts.
        day: Helsinki day of the act.
        took: What the claim has taken, as the books stand.
        stops_from: Payday of the next unpaid instalment (`booking.next_unpaid`).
        others: Open claims of the same body on the same benefit and ground, this one left out.
    """

    by: Party
    day: date
    took: Sequence[Took] = ()
    stops_from: date | None = None
    others: Sequence[ExistingClaim] = ()

    @property
    def paid(self) -> list[Took]:
        """What has gone out to the claimant."""
        return [one for one in self.took if not one.held and one.payday <= self.day]


def stated_in(command: ClaimCommand, ground: Ground) -> Stated | Refusal:
    """What a command states, its amounts read; a refusal when one of them cannot be money or belongs to no month."""
    try:
        advances = {Month.parse(one.month): parse_amount(one.amount) for one in command.advances}
        care = None
        if command.care is not None:
            if command.care.first is None:
                return refusals.CARE
            fee = CareFee(
                *(parse_amount(text) for text in (command.care.fee, command.care.income, command.care.others))
            )
            care = (Month.of(command.care.first), fee)
    except MoneyError:
        return refusals.AMOUNT
    if any(amount <= 0 for amount in advances.values()):
        return refusals.AMOUNT
    if care is not None and (care[1].fee <= 0 or care[1].income <= 0 or care[1].others < 0):
        return refusals.AMOUNT
    if (advances and ground is not Ground.TOTUL_23) or (care is not None and ground is not Ground.AML_14):
        return refusals.OTHER_GROUND
    return Stated(command.last, command.deadline, command.reason.strip(), advances, care)


def act(claim: Claim, what: Act, stated: Stated, at: Situation) -> Claim | Refusal:
    """The claim after an act, one version on; or why it is not done."""
    state = move(claim.state, what, at.by)
    if isinstance(state, Refusal):
        return state
    changed = _changed(claim, what, stated, at)
    return changed if isinstance(changed, Refusal) else replace(changed, state=state, version=claim.version + 1)


Effect = Callable[[Claim, Stated, Situation], Claim | Refusal]


def _changed(claim: Claim, what: Act, stated: Stated, at: Situation) -> Claim | Refusal:
    """What the act changes besides state and version; an act without a row changes nothing else."""
    effect = _EFFECTS.get(what)
    return claim if effect is None else effect(claim, stated, at)


def _hear(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    if stated.deadline is None or not SHORTEST_HEARING <= stated.deadline - at.day <= LONGEST_HEARING:
        return refusals.DEADLINE
    return replace(claim, hearing_deadline=stated.deadline)


def _answer(claim: Claim, _: Stated, __: Situation) -> Claim:
    return replace(claim, hearing_deadline=None)


def _in_time(claim: Claim, _: Stated, __: Situation) -> Claim | Refusal:
    return refusals.IN_TIME_ALREADY if claim.in_time else replace(claim, in_time=True)


def _withdraw(claim: Claim, _: Stated, __: Situation) -> Claim:
    return replace(claim, end_reason="withdrawn", hearing_deadline=None)


def _accept(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """V15: what takes of the client's benefit waits for the answer or the deadline of the hearing."""
    if claim.hearing_deadline is not None and at.day <= claim.hearing_deadline:
        return refusals.NOT_HEARD
    return _decide(claim, stated, at)


def _decide(claim: Claim, stated: Stated, _: Situation) -> Claim | Refusal:
    if len(stated.reason) < LEAST_REASONS:
        return refusals.REASONS
    return replace(claim, hearing_deadline=None)


def _end(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """V16: an end that has come stops from the next unpaid instalment; one to come lets the claim run until then."""
    if at.by is Party.SYSTEM:
        return replace(claim, end_reason="last_day")
    if stated.last is None:
        return replace(claim, stops_from=at.stops_from, end_reason="end_notice")
    if stated.last < claim.first or (claim.last is not None and stated.last > claim.last):
        return refusals.OUTSIDE
    if _pays_beyond(stated.last, at):
        return refusals.PAID
    stops = at.stops_from if stated.last <= at.day else claim.stops_from
    return replace(claim, last=stated.last, stops_from=stops, end_reason="end_notice")


def _change(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    if stated.last is None and not stated.advances and stated.care is None:
        return refusals.NOTHING_CHANGED
    changed = claim
    if stated.last is not None:
        if stated.last < claim.first:
            return refusals.OUTSIDE
        if _pays_beyond(stated.last, at):
            return refusals.PAID
        if any(other.overlaps(claim.first, stated.last) for other in at.others):
            return refusals.OVERLAPS
        when = timing(claim.benefit, helsinki_date(claim.arrived), claim.first, stated.last)
        changed = replace(changed, last=stated.last, timing=when)
    refused = _rests_on(changed, stated, at)
    if refused is not None:
        return refused
    care = dict(claim.care) if stated.care is None else {**claim.care, stated.care[0]: stated.care[1]}
    changed = replace(changed, advances={**claim.advances, **stated.advances}, care=care)
    return v07_advance_months.OUTSIDE if _without_advance(changed) else changed


def _without_advance(claim: Claim) -> bool:
    """V7: whether a month of the period has no advance stated."""
    if claim.ground is not Ground.TOTUL_23 or claim.last is None:
        return False
    within = [month for month in claim.advances if claim.first <= month.last and month.first <= claim.last]
    months = (claim.last.year - claim.first.year) * 12 + claim.last.month - claim.first.month + 1
    return months > len(within)


def _rests_on(claim: Claim, stated: Stated, at: Situation) -> Refusal | None:
    """Months lie within the period, and none comes to state less than was paid for it."""
    paid: dict[Month, Decimal] = {}
    for one in at.paid:
        paid[one.month] = paid.get(one.month, NOTHING) + one.amount
    months = [*stated.advances, *([stated.care[0]] if stated.care else [])]
    if any(claim.last is not None and month.first > claim.last for month in months):
        return refusals.OUTSIDE
    if any(month.last < claim.first for month in stated.advances):
        return refusals.OUTSIDE
    lowered = any(amount < paid.get(month, NOTHING) for month, amount in stated.advances.items())
    return refusals.PAID if lowered or (stated.care is not None and _below_paid(claim, *stated.care, paid)) else None


def _below_paid(claim: Claim, begins: Month, care: CareFee, paid: Mapping[Month, Decimal]) -> bool:
    """Whether a fee that holds from a month on is below what was paid for one of its months."""
    until = min((month for month in claim.care if month > begins), default=None)
    held = (amount for month, amount in paid.items() if month >= begins and (until is None or month < until))
    return any(care.fee - care.others < amount for amount in held)


def _pays_beyond(last: date, at: Situation) -> bool:
    return any(one.last > last for one in at.paid)


def due(claim: Claim, day: date, *, holds: bool) -> Act | None:
    """What time alone does to a claim on a day; None when nothing is due.

    Args:
        claim: As it stands.
        day: Helsinki day of the business clock.
        holds: Whether a part of some payment is still held for it.
    """
    over = claim.last is not None and claim.last < day
    if claim.state is ClaimState.IN_HEARING and claim.hearing_deadline is not None and claim.hearing_deadline < day:
        return Act.ANSWER
    if claim.state is ClaimState.ACTIVE and over and not holds:
        return Act.END
    stopped = claim.stops_from is not None and claim.stops_from <= day
    return Act.FINISH if claim.state is ClaimState.ENDING and (over or stopped) and not holds else None


_EFFECTS: Final[Mapping[Act, Effect]] = {
    Act.CHANGE: _change,
    Act.HEAR: _hear,
    Act.ANSWER: _answer,
    Act.ACCEPT: _accept,
    Act.REJECT: _decide,
    Act.END: _end,
    Act.IN_TIME: _in_time,
    Act.WITHDRAW: _withdraw,
}
