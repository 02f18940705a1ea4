"""Sessions. One statement a call, each its own transaction."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import driver
from shared.database.errors import classify


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as the database keeps it. Times are the system clock."""

    id_hash: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    """Who the person is, sealed with the gateway's own key."""
    created: datetime
    seen: datetime
    expires: datetime
    organisation: str | None = None
    member: str | None = None


_FIND = "select sealed, created, seen, expires, organisation, member from session where id_hash = $1"
_ADD = text(
    "insert into session (id_hash, sealed, created, seen, expires, organisation, member)"
    " values (:id_hash, :sealed, :created, :seen, :expires, :organisation, :member)"
)
_CHOOSE = text("update session set organisation = :organisation, member = :member where id_hash = :id_hash")
_TOUCH = text("update session set seen = greatest(seen, :seen) where id_hash = :id_hash")
_REMOVE = text("delete from session where id_hash = :id_hash")
_PURGE = text("delete from session where expires <= :now or seen <= :idle_since")


class SessionStore:
    """Sessions in the gateway's own PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        # A single statement needs no BEGIN and COMMIT around it: two round trips saved on every request.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def find(self, id_hash: bytes) -> StoredSession | None:
        """The session with this hash, alive or not.

        A connection that died while it stood in the pool (PostgreSQL was restarted) costs one more attempt; the
        pool has thrown away all its connections by then.
        """
        try:
            return await self._find(id_hash)
        except Exception as error:
            if classify(error) != "transient":
                raise
            return await self._find(id_hash)

    async def _find(self, id_hash: bytes) -> StoredSession | None:
        async with driver(self._engine) as connection:
            row = await connection.fetchrow(_FIND, id_hash)
        return None if row is None else StoredSession(id_hash, *row)

    async def add(self, session: StoredSession) -> None:
        """Keep a new session."""
        await self._run(
            _ADD,
            id_hash=session.id_hash,
            sealed=session.sealed,
            created=session.created,
            seen=session.seen,
            expires=session.expires,
            organisation=session.organisation,
            member=session.member,
        )

    async def choose(self, id_hash: bytes, organisation: str, member: str) -> None:
        """Note on whose behalf the person acts from now on."""
        await self._run(_CHOOSE, id_hash=id_hash, organisation=organisation, member=member)

    async def touch(self, id_hash: bytes, seen: datetime) -> None:
        """Note that the session was used."""
        await self._run(_TOUCH, id_hash=id_hash, seen=seen)

    async def remove(self, id_hash: bytes) -> None:
        """End a session; nothing happens if it has gone."""
        await self._run(_REMOVE, id_hash=id_hash)

    async def purge(self, now: datetime, idle: timedelta) -> int:
        """Delete sessions that have ended by age or disuse; returns how many."""
        return await self._run(_PURGE, now=now, idle_since=now - idle)

    async def _run(self, statement: TextClause, **values: object) -> int:
        async with self._engine.connect() as connection:
            return (await connection.execute(statement, values)).rowcount
