"""SQL of reminders: which are due and were not given yet, giving one, and since when those given stand."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.domain.lists import LONG, RUNNING, SOON
from services.claims.domain.registration import Claim
from services.claims.domain.reminders import Reminder, reminder
from services.claims.store.steps import Candidate, Page
from shared.clock.civil import at_helsinki

_RUNNING: Final = ", ".join(f"'{state}'" for state in sorted(RUNNING))
_HEARD: Final = """
    (
        select cast(max(at) at time zone 'Europe/Helsinki' as date) from claim_step
        where claim_step.claim = claim.id and act = 'answer'
    )
    """
_DUE: Final = text(
    f"""
    select id, client from (
        select id, client, 'long' as kind, cast(arrived at time zone 'Europe/Helsinki' as date) + {LONG.days + 1} as due
        from claim where state in ('registered', 'waiting_for_decision') and arrived < :long
        union all
        select id, client, 'hearing_over', {_HEARD} from claim
        where state = 'in_hearing' and hearing_deadline is null
        union all
        select id, client, 'ends', last - {SOON.days} from claim
        where state in ({_RUNNING}) and last between :day and :soon
    ) as found
    where due <= :day and not exists (
        select from claim_reminder as given
        where given.claim = found.id and given.kind = found.kind and given.due = found.due
    ) and (cast(:after as uuid) is null or id > :after) order by id limit :limit
    """
)
_HEARD_OF: Final = text(f"select id, {_HEARD} as day from claim where id = any(:claims)")
_GIVE: Final = text(
    """
    insert into claim_reminder (claim, kind, due, event, told) values (:claim, :kind, :due, :event, :told)
    on conflict (claim, kind, due) do nothing
    """
)
_GIVEN: Final = text("select claim, kind, due from claim_reminder where claim = any(:claims)")


async def due(conn: AsyncConnection, day: date, page: Page) -> list[Candidate]:
    """Claims of which somebody is to be reminded by the day and was not yet."""
    times = {"day": day, "soon": day + SOON, "long": at_helsinki(day - LONG)}
    return [Candidate(*row) for row in await conn.execute(_DUE, {**times, **page.values()})]


async def heard(conn: AsyncConnection, claims: Sequence[UUID]) -> dict[UUID, date | None]:
    """The Helsinki day on which each claim's hearing ended."""
    return {row.id: row.day for row in await conn.execute(_HEARD_OF, {"claims": list(claims)})}


async def give(conn: AsyncConnection, claim: UUID, reminder: Reminder, event: UUID, told: datetime) -> bool:
    """Note that a reminder was given, unless it was before."""
    values = {"claim": claim, "kind": reminder.kind, "due": reminder.due, "event": event, "told": told}
    return (await conn.execute(_GIVE, values)).rowcount == 1


async def standing(conn: AsyncConnection, claims: Sequence[Claim], day: date) -> dict[UUID, date]:
    """Since which day a reminder of each claim stands: it was given, and what it reminds of is not done yet."""
    ids = [claim.id for claim in claims]
    ended = await heard(conn, ids)
    given = {(row.claim, row.kind, row.due) for row in await conn.execute(_GIVEN, {"claims": ids})}
    causes = ((claim.id, reminder(claim, day, ended.get(claim.id))) for claim in claims)
    return {id_: one.due for id_, one in causes if one is not None and (id_, one.kind, one.due) in given}
