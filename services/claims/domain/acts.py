"""What an act does to a claim: the next version, or why it is not done. The table of states is `lifecycle.py`.

A claim is never edited over what was paid by it: of paid instalments a change or an end says nothing new, and what
was paid too much goes the way of a correction (V16).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from services.claims.domain import act_refusals as refusals
from services.claims.domain import confirming, returning, widening, work_refusals
from services.claims.domain.allocation import CareFee
from services.claims.domain.changing import change
from services.claims.domain.lifecycle import Act, Party, move
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Situation, Stated, Took
from shared.clock.civil import Month
from shared.contracts.asking import ClaimCommand
from shared.contracts.base import Refusal
from shared.contracts.claims import ClaimState, Ground
from shared.money import MoneyError, parse_amount

__all__ = ["Situation", "Stated", "Took", "act", "stated_in"]
SHORTEST_HEARING: Final = timedelta(days=7)
LONGEST_HEARING: Final = timedelta(days=90)
"""L 434/2003 33 §: a reasonable time; its bounds in days are assumed."""
_DAY: Final = timedelta(days=1)
LEAST_REASONS: Final = 10
"""L 434/2003 45 §: a decision gives its reasons; that many characters is assumed to be the least that says anything."""


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
    bad_fee = care is not None and (care[1].fee <= 0 or care[1].income <= 0 or care[1].others < 0)
    if bad_fee or any(amount <= 0 for amount in advances.values()):
        return refusals.AMOUNT
    if (advances and ground is not Ground.TOTUL_23) or (care is not None and ground is not Ground.AML_14):
        return refusals.OTHER_GROUND
    returned = None if command.returned is None else returning.read(command.returned)
    if isinstance(returned, Refusal):
        return returned
    care_last = None if command.care is None else command.care.last
    return Stated(command.last, command.deadline, command.reason.strip(), advances, care, care_last, returned)


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
    if widening.lacking(claim):
        return work_refusals.WIDENING_NONE
    if stated.deadline is None or not SHORTEST_HEARING <= stated.deadline - at.day <= LONGEST_HEARING:
        return refusals.DEADLINE
    more = None if claim.widening is None else replace(claim.widening, heard=True)
    return replace(claim, hearing_deadline=stated.deadline, widening=more)


def _answer(claim: Claim, _: Stated, __: Situation) -> Claim | Refusal:
    if claim.state is ClaimState.ACTIVE and claim.hearing_deadline is None:
        return work_refusals.WIDENING_NONE
    return replace(claim, hearing_deadline=None)


def _in_time(claim: Claim, _: Stated, __: Situation) -> Claim | Refusal:
    return refusals.IN_TIME_ALREADY if claim.in_time else replace(claim, in_time=True)


def _withdraw(claim: Claim, _: Stated, at: Situation) -> Claim:
    """What was paid stays paid (V16), and its months stay claimed: nobody is paid twice for them."""
    withdrawn = replace(claim, end_reason="withdrawn", hearing_deadline=None)
    if not at.paid:
        return withdrawn
    stops = max(one.payday for one in at.paid) + _DAY
    return replace(withdrawn, stops_from=stops, last=max(one.last for one in at.paid))


def _expire(claim: Claim, _: Stated, at: Situation) -> Claim:
    """What was awaited will not come: the client died, or was refused the benefit."""
    reason = "death" if at.died is not None and at.died < at.day else "benefit_refused"
    return replace(claim, end_reason=reason, hearing_deadline=None)


def _accept(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """V15: what takes of the client's benefit waits for the answer or the deadline of the hearing."""
    if claim.hearing_deadline is not None and at.day <= claim.hearing_deadline:
        return refusals.NOT_HEARD
    decided = _decide(claim, stated)
    if isinstance(decided, Refusal) or claim.state is not ClaimState.ACTIVE:
        return decided
    return widening.accept(claim, at)


def _reject(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """What was proposed is gone, and the claim goes on as it was decided; before that, the claim itself is over."""
    decided = _decide(claim, stated)
    if isinstance(decided, Refusal) or claim.state is not ClaimState.ACTIVE:
        return decided
    return widening.drop(claim, stated, at)


def _decide(claim: Claim, stated: Stated) -> Claim | Refusal:
    if len(stated.reason) < LEAST_REASONS:
        return refusals.REASONS
    return replace(claim, hearing_deadline=None)


def _end(claim: Claim, stated: Stated, at: Situation) -> Claim | Refusal:
    """V16: an end that has come stops from the next unpaid instalment; one to come lets the claim run until then."""
    claim = widening.without(claim)
    if at.by is Party.SYSTEM:
        return _ended_by_time(claim, at)
    if stated.last is None:
        last = at.last_reached(claim) if claim.last is None else claim.last
        return replace(claim, last=last, stops_from=at.stops_from, end_reason="end_notice")
    if stated.last < claim.first or (claim.last is not None and stated.last > claim.last):
        return refusals.OUTSIDE
    if at.pays_beyond(stated.last):
        return refusals.PAID
    stops = at.stops_from if stated.last <= at.day else claim.stops_from
    return replace(claim, last=stated.last, stops_from=stops, end_reason="end_notice")


def _ended_by_time(claim: Claim, at: Situation) -> Claim:
    """Nothing comes of what was suspended any more; what comes late of a paying claim's days still follows it."""
    stops = at.day + _DAY if claim.state is ClaimState.SUSPENDED else claim.stops_from
    by_death = at.died is not None and (claim.last is None or at.died < claim.last)
    return replace(claim, stops_from=stops, end_reason="death" if by_death else "last_day")


def _hand_over(claim: Claim, stated: Stated, _: Situation) -> Claim | Refusal:
    """Only whose claim it is changes: arrival, number and everything that is claimed stay."""
    if not stated.reason:
        return work_refusals.HAND_OVER_REASON
    return work_refusals.HAND_OVER_TAKER if stated.holder is None else replace(claim, worker=stated.holder)


_EFFECTS: Final[Mapping[Act, Effect]] = {
    Act.CHANGE: change,
    Act.EXPIRE: _expire,
    Act.HEAR: _hear,
    Act.ANSWER: _answer,
    Act.ACCEPT: _accept,
    Act.REJECT: _reject,
    Act.END: _end,
    Act.IN_TIME: _in_time,
    Act.ASK_AMOUNTS: confirming.ask,
    Act.CONFIRM: confirming.confirm,
    Act.WIDEN: widening.propose,
    Act.DROP: widening.drop,
    Act.RETURN: returning.give_back,
    Act.REFUND: returning.refund,
    Act.HAND_OVER: _hand_over,
    Act.WITHDRAW: _withdraw,
}
