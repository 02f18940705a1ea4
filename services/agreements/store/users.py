"""Workers' accounts: how they stand, and on which day each was last used."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.agreements import UserChanged


async def account(conn: AsyncConnection, organisation: str, worker: str) -> UserChanged | None:
    """Return the worker's account with the organisation as it stands, or None."""
    body: str | None = await conn.scalar(
        text(
            """
            select body::text from record_version
            where kind = 'user' and id = :id order by version desc limit 1
            """
        ),
        {"id": f"{organisation}/{worker}"},
    )
    return None if body is None else UserChanged.model_validate_json(body)


async def last_seen(conn: AsyncConnection, organisation: str, worker: str) -> date | None:
    """Return the last day on which the worker signed in for the organisation, or None."""
    found: date | None = await conn.scalar(
        text("select last from user_seen where organisation = :organisation and worker = :worker"),
        {"organisation": organisation, "worker": worker},
    )
    return found


async def note_seen(conn: AsyncConnection, organisation: str, worker: str, day: date) -> None:
    """Note a day on which the worker signed in; a late message never takes a later day back."""
    await conn.execute(
        text(
            """
            insert into user_seen (organisation, worker, last) values (:organisation, :worker, :day)
            on conflict (organisation, worker) do update set last = greatest(user_seen.last, excluded.last)
            """
        ),
        {"organisation": organisation, "worker": worker, "day": day},
    )


async def idle_candidates(conn: AsyncConnection, before: date) -> list[tuple[UserChanged, date | None]]:
    """Return active accounts neither opened nor used on `before` or later, with the last day of use, by id."""
    rows = await conn.execute(
        text(
            """
            select current.body::text as body, seen.last
            from (
                select distinct on (id) body from record_version where kind = 'user' order by id, version desc
            ) as current
            left join user_seen as seen
                on seen.organisation = current.body->>'organisation' and seen.worker = current.body->>'worker'
            where current.body->>'status' = 'active'
                and greatest(cast(current.body->>'since' as date), seen.last) < :before
            order by current.body->>'id'
            """
        ),
        {"before": before},
    )
    return [(UserChanged.model_validate_json(row.body), row.last) for row in rows]
