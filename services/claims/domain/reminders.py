"""Reminders (muistutus): a claim on which something waits for long, or that ends soon, is brought up once.

What a claim is reminded of, and since which day, follows from where it stands. So a reminder stands on the lists for as
long as its cause does, and is done with by doing what it asks for; a new cause, or the same on a new day, is a new one.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from services.claims.domain.lists import LONG, RUNNING, SOON
from services.claims.domain.registration import Claim
from shared.clock.civil import helsinki_date
from shared.contracts.claims import ClaimState

Kind = Literal["hearing_over", "long", "ends"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """Of what, and the Helsinki day on which it became due."""

    kind: Kind
    due: date


def reminder(claim: Claim, day: date, heard: date | None) -> Reminder | None:
    """What a claim is reminded of on a day; None: of nothing.

    Args:
        claim: As it stands.
        day: Helsinki day of the business clock.
        heard: The day on which its hearing ended, by an answer or without one.
    """
    found = _cause(claim, day, heard)
    return found if found is not None and found.due <= day else None


def _cause(claim: Claim, day: date, heard: date | None) -> Reminder | None:
    if claim.state in {ClaimState.REGISTERED, ClaimState.WAITING}:
        return Reminder("long", helsinki_date(claim.arrived) + LONG + _DAY)
    if claim.state is ClaimState.IN_HEARING and claim.hearing_deadline is None and heard is not None:
        return Reminder("hearing_over", heard)
    if claim.state in RUNNING and claim.last is not None and day <= claim.last:
        return Reminder("ends", claim.last - SOON)
    return None
