"""A clerk takes back a use that was wrong: by its event, with a reason, told to the log. Nothing is deleted.

The tallies carry the reversal at once; a month that was invoiced before is corrected by the next run.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.domain.usage import Reversal
from services.billing.store import reversals
from services.billing.store.reversals import Used
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.topics import BILLING_EVENTS
from shared.contracts.billing import UsageReversed
from shared.finnish.identity_code import contains_identity_code
from shared.ids import event_id

SOURCE: Final = "billing"
SHORTEST: Final = 3
LONGEST: Final = 300


class ReversalRefusedError(Exception):
    """The use cannot be reversed so.

    Attributes:
        code: Stable machine code.
        reason: Why, in plain words.
        advice: What to do next.
    """

    def __init__(self, code: str, reason: str, advice: str) -> None:
        super().__init__(f"{reason} {advice}")
        self.code = code
        self.reason = reason
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Reversed:
    """A use that is reversed, and whether that happened now or before."""

    use: Used
    now: bool


async def reverse_use(engine: AsyncEngine, event: UUID, reason: str, now: datetime) -> Reversed:
    """Reverse the use of an event, once.

    Raises:
        ReversalRefusedError: ``reverse.reason`` for a reason that is missing or names a person, ``reverse.unknown``
            when no use of this event is stored.
    """
    _check(reason)
    async with engine.begin() as conn:
        await reversals.hold(conn, reversing=True)
        use = await reversals.find_use(conn, event)
        if use is None:
            raise ReversalRefusedError(
                "reverse.unknown",
                f"Billing knows no use of event {event}.",
                "Look it up with `kelmu billing explain`, and see `kelmu billing quarantine list`: it may wait there.",
            )
        id_ = event_id("usage-reversed", str(event))
        row = Reversal(id_, event, use.agreement, use.member, use.time, use.day, reason, "clerk", SOURCE)
        await reversals.add_reversals(conn, [row])
        done = await reversals.apply_reversals(conn, [event], [use.day], recount=True)
        if done:
            await outbox.write(conn, [_told(row, use, now)])
    return Reversed(use, now=bool(done))


def _told(row: Reversal, use: Used, now: datetime) -> Outgoing:
    body = UsageReversed(
        of=row.of,
        agreement=use.agreement,
        member=use.member,
        product=use.product,
        used=use.time,
        time=now,
        reason=row.reason,
    )
    return Outgoing.of(BILLING_EVENTS, use.agreement or "", row.event, body, source=SOURCE, time=now)


def _check(reason: str) -> None:
    if not SHORTEST <= len(reason.strip()) <= LONGEST:
        raise ReversalRefusedError(
            "reverse.reason", "A reversal needs its reason.", f"Write {SHORTEST} to {LONGEST} characters."
        )
    if contains_identity_code(reason.encode()):
        raise ReversalRefusedError(
            "reverse.reason", "The reason holds an identity code.", "Name the event; billing holds nothing personal."
        )
