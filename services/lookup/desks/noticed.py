"""What the desks of notices share: whose notices a worker sees, the row of one, and the rules about its client."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.asking import Asking, Passed
from services.lookup.domain import refusals
from services.lookup.domain.access import Attempt
from services.lookup.domain.client import client_of
from services.lookup.domain.due import is_overdue
from services.lookup.domain.notices import Standing, codes_of
from services.lookup.store import register
from services.lookup.store.notices import Whose
from shared.contracts.answers import NoticeRow
from shared.contracts.base import DataGroup, Refusal
from shared.contracts.register import Person
from shared.finnish.identity_code import contains_identity_code
from shared.gate.facts import Facts
from shared.gate.order import CLIENT, decide
from shared.gate.tables import visible_groups


def whose(facts: Facts) -> Whose:
    """The municipality for which the worker acts, with those that have merged into it.

    Raises:
        RuntimeError: the gate let pass what it must refuse.
    """
    passed = Passed.of(facts)
    return Whose(codes_of(passed.member.code, passed.day), passed.time, passed.day)


def subject_of(notice: str) -> str | None:
    """What the log is told of a notice that was asked for, there or not; nothing where an identity code was typed."""
    return None if contains_identity_code(notice) else notice


def group_of(standing: Standing) -> DataGroup:
    """Tietoryhmä that a notice belongs to: an application (it alone has a due date) is pending, others are decided."""
    return DataGroup.DECISIONS if standing.due is None else DataGroup.PENDING


def hand_of(attempt: Attempt) -> str:
    """Who acts: the worker's pseudonym, or the municipality's own system where that answers for its users.

    Raises:
        RuntimeError: the gate let pass what it must refuse.
    """
    if attempt.worker is not None:
        return attempt.worker
    if attempt.actor is None or attempt.actor.system is None:
        raise RuntimeError("the gate let pass what it must refuse")
    return f"system:{attempt.actor.system}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """The client of a notice, as the gate and the log know them.

    Attributes:
        standing: The notice.
        known: The client in the register; None when it has not told of them yet.
        attempt: The attempt, with the client and the notice in it.
        refusal: Why this worker may not open or change it.
    """

    standing: Standing
    known: Person | None
    attempt: Attempt
    refusal: Refusal | None

    @property
    def person(self) -> Person:
        """The client, where nothing was refused."""
        if self.known is None:
            raise RuntimeError("a notice is shown whose client is not known")
        return self.known


async def read_noticed(
    engine: AsyncEngine, asking: Asking, standing: Standing, facts: Facts, attempt: Attempt
) -> Noticed:
    """Read who the client of a notice is and ask the gate's rules about them.

    That the notice is with the worker's municipality makes the client relation, wherever it was sent first.
    """
    passed, own_notices = Passed.of(facts), whose(facts)
    own = attempt.actor.identity_code if attempt.actor else None
    worker = None if own is None else asking.client(own)
    found = await register.read_client(
        engine,
        standing.client,
        passed.organisation.business_id,
        municipalities=own_notices.municipalities,
        worker=worker,
        now=own_notices.now,
    )
    attempt = replace(attempt, subject=standing.notice)
    if found.person is None:
        return Noticed(standing=standing, known=None, attempt=attempt, refusal=refusals.CLIENT_UNKNOWN)
    code = found.person.identity_code
    client = client_of(replace(found, notice=True), code, passed.day, own=worker == standing.client)
    refusal = decide(replace(facts, client=client), CLIENT)
    if refusal is None and group_of(standing) not in visible_groups(facts):
        refusal = refusals.NOT_COVERED
    return Noticed(
        standing=standing,
        known=found.person,
        attempt=replace(attempt, client=code, pseudonym=standing.client),
        refusal=refusal,
    )


def row_of(standing: Standing, day: date, *, hand: str, moved: bool = False) -> NoticeRow:
    """A notice's row: nothing in it names the client.

    Args:
        standing: The notice.
        day: What is overdue is overdue on it.
        hand: Who asks: whether it is in his own hands. No pseudonym leaves the service.
        moved: It is shown to a municipality that gave it away: what the receiver does with it is not told.
    """
    done = standing.state == "done"
    return NoticeRow(
        notice=standing.notice,
        version=standing.version,
        type=standing.type,
        visible=standing.visible,
        due=standing.due,
        state="moved" if moved else standing.state,
        urgent=standing.urgent,
        overdue=not moved and is_overdue(standing.due, day, done=done),
        taken_by=None if moved else _taken_by(standing, hand),
    )


def _taken_by(standing: Standing, hand: str) -> Literal["me", "colleague"] | None:
    if standing.taken_by is None:
        return None
    return "me" if standing.taken_by == hand else "colleague"
