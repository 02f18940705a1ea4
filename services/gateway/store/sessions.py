"""Sessions. One statement a call, each its own transaction."""

from dataclasses import dataclass, field
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class StoredForm:
    """What somebody had typed when their form was refused for its session or its behalf."""

    key_hash: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    """Whose it is and what was typed, sealed with the gateway's own key."""
    ends: datetime
    """System clock: deleted then, used or not."""


_FIND = "select sealed, created, seen, expires, organisation, member from session where id_hash = $1"
_ADD = text(
    "insert into session (id_hash, sealed, created, seen, expires, organisation, member)"
    " values (:id_hash, :sealed, :created, :seen, :expires, :organisation, :member)"
)
_CHOOSE = text("update session set organisation = :organisation, member = :member where id_hash = :id_hash")
_TOUCH = text("update session set seen = greatest(seen, :seen) where id_hash = :id_hash")
_REMOVE = text("delete from session where id_hash = :id_hash")
_PURGE = text("delete from session where expires <= :before")
_SET_ASIDE = text("insert into typed_form (key_hash, sealed, ends) values (:key_hash, :sealed, :ends)")
_ASIDE = "select sealed from typed_form where key_hash = $1 and ends > $2"
_FORGET = text("delete from typed_form where key_hash = :key_hash")
_PURGE_FORMS = text("delete from typed_form where ends <= :now")


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

    async def purge(self, before: datetime) -> int:
        """Delete sessions whose absolute limit lies before; returns how many.

        One that ended by disuse stays until then: it opens nothing, and says whose a form is that comes late.
        """
        return await self._run(_PURGE, before=before)

    async def set_aside(self, form: StoredForm) -> None:
        """Keep what was typed."""
        await self._run(_SET_ASIDE, key_hash=form.key_hash, sealed=form.sealed, ends=form.ends)

    async def aside(self, key_hash: bytes, now: datetime) -> bytes | None:
        """What was typed, still sealed, unless its time is over."""
        async with driver(self._engine) as connection:
            found = await connection.fetchval(_ASIDE, key_hash, now)
        return None if found is None else bytes(found)

    async def forget(self, key_hash: bytes) -> None:
        """Delete what was typed; nothing happens if it has gone."""
        await self._run(_FORGET, key_hash=key_hash)

    async def purge_forms(self, now: datetime) -> int:
        """Delete what was typed and not asked for in time; returns how many."""
        return await self._run(_PURGE_FORMS, now=now)

    async def _run(self, statement: TextClause, **values: object) -> int:
        async with self._engine.connect() as connection:
            return (await connection.execute(statement, values)).rowcount
