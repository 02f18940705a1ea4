"""What time, or the register, does to a claim by itself, and on which day it became due."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.claims.domain.lifecycle import Act
from services.claims.domain.registration import Claim
from shared.contracts.claims import ClaimState, Ground

_DAY: Final = timedelta(days=1)
_UNDECIDED: Final = frozenset({ClaimState.REGISTERED, ClaimState.WAITING, ClaimState.IN_HEARING})
_HEARD_IN: Final = frozenset({ClaimState.IN_HEARING, ClaimState.ACTIVE})
"""A hearing of the claim, and one of a widening."""
_DECIDED: Final = frozenset({ClaimState.ACCEPTED, ClaimState.ACTIVE, ClaimState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Fate:
    """What the register tells that takes a claim its object.

    Attributes:
        died: The client's day of death.
        refused: Whether the benefit was refused since the claim arrived, and is granted for none of its days.
        granted: Since when it is granted to the client for some of its days.
        asked: Whether the worker was asked to confirm the amounts before.
    """

    died: date | None = None
    refused: bool = False
    granted: date | None = None
    asked: bool = False


def due(claim: Claim, day: date, *, holds: bool, fate: Fate | None = None) -> Act | None:
    """What time alone does to a claim on a day; None when nothing is due.

    Args:
        claim: As it stands.
        day: Helsinki day of the business clock.
        holds: Whether a part of some payment is still held for it: then it does not end yet.
        fate: What the register tells.
    """
    fate = fate or Fate()
    dead = fate.died is not None and fate.died < day
    if claim.state in _UNDECIDED and (dead or (fate.refused and claim.state is ClaimState.WAITING)):
        return Act.EXPIRE
    if claim.state in _HEARD_IN and claim.hearing_deadline is not None and claim.hearing_deadline < day:
        return Act.ANSWER
    if _to_be_asked(claim, day, fate):
        return Act.ASK_AMOUNTS
    over = dead or (claim.last is not None and claim.last < day)
    if holds:
        return None
    if claim.state in _DECIDED and over:
        return Act.END
    stopped = claim.stops_from is not None and claim.stops_from <= day
    return Act.FINISH if claim.state is ClaimState.ENDING and (over or stopped) else None


def _to_be_asked(claim: Claim, day: date, fate: Fate) -> bool:
    """Golden R6: an awaited benefit was granted, and nobody has asked for the amounts of the advances yet."""
    awaited = claim.state is ClaimState.WAITING and claim.ground is Ground.TOTUL_23 and not fate.asked
    return awaited and fate.granted is not None and fate.granted <= day


def due_on(claim: Claim, what: Act, day: date, fate: Fate) -> date:
    """The day on which what is due on a day became due; that day itself where no earlier one is known."""
    if what is Act.ANSWER and claim.hearing_deadline is not None:
        return claim.hearing_deadline + _DAY
    if what is Act.ASK_AMOUNTS and fate.granted is not None:
        return fate.granted
    passed = [one + _DAY for one in (claim.last, fate.died) if one is not None and one < day]
    if what is Act.EXPIRE:
        passed = [one + _DAY for one in (fate.died,) if one is not None and one < day]
    stopped = [claim.stops_from] if claim.stops_from is not None and what is Act.FINISH else []
    return min([day, *passed, *stopped])
